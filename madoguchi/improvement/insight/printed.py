"""What the joint report of four Tama cities printed on the after-school clubs (003-3), beside our measures.

The figures are as printed; `computed` is what the printed counts give where they say more. Verdicts are worked
out here from value and target. Nothing of this is ever added to a measured figure.
"""

from dataclasses import dataclass
from decimal import Decimal

from madoguchi.improvement.insight.rules import Judged, Target, Unit, judge, rounded, share
from madoguchi.improvement.insight.states import Verdict


@dataclass(frozen=True)
class PrintedFigure:
    """One figure of the report; `base` is the count printed with it, in the words of the report."""

    value: Decimal
    unit: Unit
    target: Target | None = None
    base: str = ""
    computed: Decimal | None = None
    computed_from: str = ""

    @property
    def judged(self) -> Judged | None:
        return judge(self.value, self.target) if self.target else None

    @property
    def verdict(self) -> Verdict:
        return self.judged.verdict if self.judged else Verdict.NO_TARGET


@dataclass(frozen=True)
class PrintedCity:
    """One city's column."""

    name: str
    satisfaction: PrintedFigure
    online_share: PrintedFigure
    work_cut: PrintedFigure
    hours_saved: PrintedFigure
    note: str = ""


SATISFACTION_TARGET = Target(Decimal(70), "%")
ONLINE_TARGETS = (
    Target(Decimal(30), "%", whose="八王子市"),
    Target(Decimal(20), "%", whose="昭島市・福生市・羽村市"),
)


def _percent(
    value: int, target: int | None = None, base: str = "", computed: tuple[int, int] | None = None
) -> PrintedFigure:
    exact = rounded(share(*computed)) if computed else None
    told = f"{computed[0]:,}／{computed[1]:,}" if computed else ""
    line = Target(Decimal(target), "%") if target is not None else None
    return PrintedFigure(Decimal(value), "%", line, base, exact, told)


def _hours(value: str) -> PrintedFigure:
    return PrintedFigure(Decimal(value), "時間")


PRINTED: tuple[PrintedCity, ...] = (
    PrintedCity(
        "八王子市",
        _percent(91, 70, "n=131"),
        _percent(36, 30, "5,849件"),
        _percent(18, 20),
        _hours("107"),
        "5,849件は申請の総数とみられる。",
    ),
    PrintedCity(
        "昭島市",
        _percent(96, 70, "n=277"),
        _percent(31, 20, "1,343件のうち424件", (424, 1343)),
        _percent(25, 54, "277件中116件を再入力"),
        _hours("3.5"),
        "31%は切り捨てた値。",
    ),
    PrintedCity(
        "福生市",
        _percent(99, 70, "n=223"),
        _percent(37, 20, "229件"),
        _percent(30, 30),
        _hours("27.7"),
        "229件はネットの件数とみられる。",
    ),
    PrintedCity(
        "羽村市",
        _percent(95, 70, "n=224"),
        _percent(39, 20, "576件"),
        _percent(56, 40),
        _hours("27"),
        "576件は入力の総数。",
    ),
)

ROWS: tuple[tuple[str, str], ...] = (
    ("satisfaction", "満足度"),
    ("online_share", "オンライン率"),
    ("work_cut", "業務の削減率"),
    ("hours_saved", "減った時間"),
)


def printed_row(key: str) -> list[tuple[PrintedCity, PrintedFigure]]:
    """One row of the printed table, city by city."""
    return [(city, getattr(city, key)) for city in PRINTED]
