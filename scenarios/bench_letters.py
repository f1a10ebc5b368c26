"""How many letters a second are prepared, beside bare Typst setting the same letters."""

import json
from datetime import date

import typst

from madoguchi.clerical.notices import typesetting
from madoguchi.clerical.notices.actions import open_release, prepare_letters
from madoguchi.clerical.notices.orders import LetterOrder
from madoguchi.clerical.notices.queries import release
from madoguchi.clerical.notices.rules import Town, complete_facts
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.package import Package
from scenarios.bench_town import found, timed
from scenarios.gakudo_club.season import PLAN
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.whole_period.plan import at

LETTERS = {"small": 200, "full": 1000}
CHUNK = 200
LEAST_SHARE = 0.3
"""Checks, number, hash, storage and trace may take at most twice as long again as the typesetting."""

TOWN = Town("サンプル市", "例示　太郎", "子ども若者課 学童クラブ係　電話 000-0000-0123")


def play(stage: Stage) -> Report:
    """Prepare letters of the package with PDF, number and storage; then only set the same letters."""
    loaded, _, _ = found(10)
    orders = [_order(loaded.package, serial) for serial in range(1, LETTERS[stage.size] + 1)]
    release_id = open_release(
        title="測定",
        section_id=loaded.section_id,
        subject=Subject("bench.letters", "1"),
        expected=len(orders),
        by=None,
        at=at(PLAN.decision_day, 9),
    )
    chunks = [orders[first : first + CHUNK] for first in range(0, len(orders), CHUNK)]
    prepared, seconds = timed(
        lambda: sum(
            prepare_letters(release_id=release_id, orders=chunk, at=at(PLAN.decision_day, 9))
            for chunk in chunks
        )
    )
    compiler = _bare_compiler()
    bare, bare_seconds = timed(lambda: sum(_set(compiler, order) > 0 for order in orders))
    report = Report("letters")
    report.figures |= {
        "letters": prepared,
        "seconds": round(seconds, 2),
        "letters_per_second": round(prepared / seconds, 1),
        "bare_typst_per_second": round(bare / bare_seconds, 1),
        "share_of_yardstick": round(bare_seconds / seconds, 3),
    }
    report.check("every letter ordered was prepared", release(release_id).prepared == len(orders))
    report.check("the yardstick set the same letters", bare == len(orders), str(bare))
    share = report.figures["share_of_yardstick"]
    report.check("most of the time goes into typesetting", share > LEAST_SHARE, str(share))
    return report


def _order(package: Package, serial: int) -> LetterOrder:
    facts: dict[str, str | int | list[str]] = {
        "number": f"GK{serial:07d}",
        "child_name": "見本　そら",
        "child_birth": "令和元年8月3日",
        "received_on": "令和8年11月16日",
        "club_name": "みなみ第一学童クラブ",
        "wish_rank": "1",
        "entry_from": "令和9年4月1日",
        "entry_until": "令和10年3月31日",
        "monthly_fee": "6,000円",
        "score": "34",
        "cut_off": "36",
        "reason_lines": ["希望されたクラブの定員に空きがありません。", "指数の高い順に入所を決めました。"],
    }
    told = package.flow.outcomes["waitlisted" if serial % 2 else "granted"]
    return LetterOrder(
        kind="decision",
        subject=Subject("bench.letter", str(serial)),
        addressee=f"見本　ひかり{serial}",
        email="",
        title=f"{told.label.ja}通知書",
        facts=facts,
        dated_on=date(2027, 1, 29),
        template=package.letters[told.letter],
        text=package.files[f"letters/{told.letter}.txt"].decode(),
    )


def _bare_compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(typesetting.font_folder())],
    )
    return typst.Compiler(font_paths=fonts)


def _set(compiler: typst.Compiler, order: LetterOrder) -> int:
    """The size of one PDF, in bytes."""
    facts = complete_facts(order, f"サ子青第{order.subject.id}号", TOWN)
    made = compiler.compile(
        f"{typesetting.LIBRARY}\n{order.template}".encode(),
        format="pdf",
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        pdf_standards=[typesetting.STANDARD],
        timestamp=1_800_000_000,
    )
    assert isinstance(made, bytes)
    return len(made)
