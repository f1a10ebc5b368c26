"""The attacker: works out hidden figures from printed totals and rates. Shares no code with disclosure.py.

Every unknown starts between 0 and no limit; sums, differences of sums and rounded rates narrow it, and whole
numbers are rounded inwards, until nothing moves. A cell named by that is really known; it may miss one. For tables
small enough `known_exactly` misses none: it looks for a second table of whole numbers with the same printed figures.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

UNKNOWN = 10**9
HALF_A_STEP = Fraction(5, 1000)
ROUNDS = 200


@dataclass(frozen=True)
class Sum:
    """`whole` is the sum of `parts`."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Rate:
    """`part` is `percent` of `whole`, rounded half up to two places."""

    part: str
    whole: str
    percent: Decimal


@dataclass
class Puzzle:
    """What is printed, as unknowns with bounds and what holds between them."""

    low: dict[str, int] = field(default_factory=dict)
    high: dict[str, int] = field(default_factory=dict)
    holds: list[Sum | Rate] = field(default_factory=list)

    def quantity(self, name: str, value: int | None) -> None:
        self.low[name] = 0 if value is None else value
        self.high[name] = UNKNOWN if value is None else value

    def narrow(self, name: str, low: int, high: int) -> bool:
        """Take new bounds in; True when they say more than the old ones."""
        tighter = low > self.low[name] or high < self.high[name]
        self.low[name], self.high[name] = max(low, self.low[name]), min(high, self.high[name])
        return tighter

    def known(self) -> dict[str, int]:
        return {name: low for name, low in self.low.items() if low == self.high[name]}


def solve(puzzle: Puzzle) -> Puzzle:
    """Narrow all bounds until nothing moves."""
    for _ in range(ROUNDS):
        moved = [
            _narrow_sum(puzzle, each) if isinstance(each, Sum) else _narrow_rate(puzzle, each)
            for each in puzzle.holds
        ]
        if not any(moved):
            break
    return puzzle


def _narrow_sum(puzzle: Puzzle, told: Sum) -> bool:
    low = sum(puzzle.low[part] for part in told.parts)
    high = sum(puzzle.high[part] for part in told.parts)
    moved = puzzle.narrow(told.whole, low, high)
    whole_low, whole_high = puzzle.low[told.whole], puzzle.high[told.whole]
    for part in told.parts:
        least = whole_low - (high - puzzle.high[part])
        most = whole_high - (low - puzzle.low[part])
        former = puzzle.low[part], puzzle.high[part]
        if puzzle.narrow(part, least, most):
            moved = True
            low += puzzle.low[part] - former[0]
            high += puzzle.high[part] - former[1]
    return moved


def _narrow_rate(puzzle: Puzzle, told: Rate) -> bool:
    share = Fraction(told.percent)
    least, most = max(Fraction(0), share - HALF_A_STEP) / 100, (share + HALF_A_STEP) / 100
    part, whole = told.part, told.whole
    moved = puzzle.narrow(part, ceil(puzzle.low[whole] * least), floor(puzzle.high[whole] * most))
    if least > 0:
        moved |= puzzle.narrow(whole, ceil(puzzle.low[part] / most), floor(puzzle.high[part] / least))
    return moved


def read_printed(
    counts: Sequence[Sequence[int | None]],
    row_totals: Sequence[int | None],
    column_totals: Sequence[int | None],
    *,
    rates: Sequence[Sequence[Decimal | None]] = (),
    row_bases: Sequence[int | None] = (),
    column_rates: Sequence[Decimal | None] = (),
    total: int | None = None,
) -> Puzzle:
    """The puzzle of a table and, where there is one, of the table of rates printed beside it."""
    puzzle = Puzzle()
    puzzle.quantity("total", total)
    _enter_grid(puzzle, "count", counts, row_totals, column_totals)
    for kind, count in (("row", len(row_totals)), ("column", len(column_totals))):
        puzzle.holds.append(Sum("total", tuple(f"count {kind} {at}" for at in range(count))))
    if rates:
        unknown = [[None] * len(line) for line in counts]
        _enter_grid(puzzle, "base", unknown, row_bases, [None] * len(column_totals))
        for i, line in enumerate(rates):
            _enter_rates(puzzle, [(f"{i},{j}", percent) for j, percent in enumerate(line)])
        _enter_rates(puzzle, [(f"column {j}", percent) for j, percent in enumerate(column_rates)])
    return puzzle


def _enter_grid(
    puzzle: Puzzle,
    name: str,
    grid: Sequence[Sequence[int | None]],
    row_totals: Sequence[int | None],
    column_totals: Sequence[int | None],
) -> None:
    for i, line in enumerate(grid):
        for j, value in enumerate(line):
            puzzle.quantity(f"{name} {i},{j}", value)
    for i, total in enumerate(row_totals):
        puzzle.quantity(f"{name} row {i}", total)
        parts = tuple(f"{name} {i},{j}" for j in range(len(column_totals)))
        puzzle.holds.append(Sum(f"{name} row {i}", parts))
    for j, total in enumerate(column_totals):
        puzzle.quantity(f"{name} column {j}", total)
        parts = tuple(f"{name} {i},{j}" for i in range(len(row_totals)))
        puzzle.holds.append(Sum(f"{name} column {j}", parts))


def _enter_rates(puzzle: Puzzle, told: Iterable[tuple[str, Decimal | None]]) -> None:
    for place, percent in told:
        # A rate of 0 says that nobody has it, which the count says already.
        if percent is not None:
            puzzle.holds.append(Rate(f"count {place}", f"base {place}", percent))


def rebuilt(puzzle: Puzzle, places: Iterable[tuple[int, int]]) -> dict[str, int]:
    """Of the cells at these places, the counts and bases that can be worked out."""
    known = solve(puzzle).known()
    names = [f"{kind} {i},{j}" for i, j in places for kind in ("count", "base")]
    return {name: known[name] for name in names if name in known}


def small_bases_found(puzzle: Puzzle, k: int) -> Mapping[str, int]:
    """Groups of fewer than k people that the printed figures give away."""
    return {
        name: value
        for name, value in solve(puzzle).known().items()
        if name.startswith("base ") and "," in name and 0 < value < k
    }


class TooLarge(Exception):
    """More cases than `known_exactly` was allowed to look at."""


def known_exactly(puzzle: Puzzle, names: Iterable[str], *, most: int = 20_000) -> dict[str, int]:
    """Of these quantities, every one that has a single value in whole numbers. Raises TooLarge.

    One table is found; for each quantity another is looked for where it is smaller, then where it is larger.
    """
    budget = [most]
    first = _a_table(puzzle, budget)
    if first is None:
        return {}
    found = {}
    for name in names:
        value = first[name]
        below, above = _bounded(puzzle, name, high=value - 1), _bounded(puzzle, name, low=value + 1)
        if _a_table(below, budget) is None and _a_table(above, budget) is None:
            found[name] = value
    return found


def _bounded(puzzle: Puzzle, name: str, *, low: int = 0, high: int = UNKNOWN) -> Puzzle:
    copied = Puzzle(dict(puzzle.low), dict(puzzle.high), puzzle.holds)
    copied.narrow(name, low, high)
    return copied


def _a_table(puzzle: Puzzle, budget: list[int]) -> dict[str, int] | None:
    """Whole numbers that fulfil everything printed, or None when there are none."""
    budget[0] -= 1
    if budget[0] < 0:
        raise TooLarge
    tried = solve(_bounded(puzzle, next(iter(puzzle.low))))
    if any(tried.low[name] > tried.high[name] for name in tried.low):
        return None
    open_ones = [name for name in tried.low if tried.low[name] < tried.high[name]]
    if not open_ones:
        return dict(tried.low)
    name = min(open_ones, key=lambda each: tried.high[each] - tried.low[each])
    middle = (tried.low[name] + tried.high[name]) // 2
    if (lower := _a_table(_bounded(tried, name, high=middle), budget)) is not None:
        return lower
    return _a_table(_bounded(tried, name, low=middle + 1), budget)
