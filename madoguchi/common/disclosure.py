"""Small cells in statistics: which figures must not be printed so that nobody can be found in a table.

Primary suppression hides counts from 1 to k−1 (and, where rates are printed beside them, every cell whose
denominator is below k: a rate of 0 % of four people tells of all four). Complementary suppression then hides more
cells until the printed totals, and the rates with their totals, allow at least two values for every hidden cell.
What is printed can be handed to `disclosure_attack`, which shares no code with this module.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

THRESHOLD = 5
HIDDEN_MARK = "x"
EXPLANATION = (
    "「x」は非公表です。人数の少ない欄と、合計や割合から計算すればその欄が分かってしまう欄は出していません。"
)

Cell = tuple[int, int]


@dataclass(frozen=True)
class CountTable:
    """People by row and column; with `bases`, out of how many, printed as rates and as totals of the rows."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    bases: tuple[tuple[int, ...], ...] = ()

    def cells(self) -> Iterator[Cell]:
        return product(range(len(self.rows)), range(len(self.columns)))

    @property
    def layers(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """Every grid of numbers an attacker can add up."""
        return (self.counts, self.bases) if self.bases else (self.counts,)


@dataclass(frozen=True)
class PrintedTable:
    """A table as it may be published: None stands for a hidden figure."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None
    rates: tuple[tuple[Decimal | None, ...], ...] = ()
    row_bases: tuple[int | None, ...] = ()
    column_rates: tuple[Decimal | None, ...] = ()

    @property
    def hidden(self) -> frozenset[Cell]:
        return frozenset(
            (i, j) for i, line in enumerate(self.counts) for j, value in enumerate(line) if value is None
        )


def publish(table: CountTable, *, k: int = THRESHOLD) -> PrintedTable:
    """What may be printed of a table so that no hidden cell can be worked out."""
    hidden = primary(table, k)
    hidden |= complementary(table, hidden)
    open_lines = frozenset(hidden) - frozenset(safe_cells(table, hidden))
    return printed(table, hidden, hide_totals=bool(open_lines))


def publish_unprotected(table: CountTable) -> PrintedTable:
    """Everything, as somebody who does not think of small cells would print it; for the check only."""
    return printed(table, set())


def primary(table: CountTable, k: int) -> set[Cell]:
    """Cells too small to be printed by themselves."""
    small = {(i, j) for i, j in table.cells() if 0 < table.counts[i][j] < k}
    if table.bases:
        small |= {(i, j) for i, j in table.cells() if 0 < table.bases[i][j] < k}
    return small


def complementary(table: CountTable, hidden: set[Cell]) -> set[Cell]:
    """More cells to hide: the cheapest rectangle for each hidden cell that the totals would give away."""
    chosen = set(hidden)
    while unsafe := sorted(chosen - safe_cells(table, chosen)):
        corners = [found for cell in unsafe if (found := cheapest_rectangle(table, cell, chosen))]
        if not corners:
            break
        chosen |= corners[0]
    return chosen - hidden


def cheapest_rectangle(table: CountTable, cell: Cell, hidden: set[Cell]) -> set[Cell]:
    """Three cells that, hidden with this one, let one person be moved round without changing any total."""
    i, j = cell
    best: tuple[int, set[Cell]] = (0, set())
    for row, column in table.cells():
        corners = {(i, column), (row, j), (row, column)}
        if row == i or column == j or corners <= hidden or not may_turn(table, cell, (row, column)):
            continue
        cost = sum(table.counts[a][b] + 1 for a, b in corners - hidden)
        if not best[1] or cost < best[0]:
            best = (cost, corners)
    return best[1]


def may_turn(table: CountTable, cell: Cell, across: Cell) -> bool:
    """Whether in every layer one person can be taken from two opposite corners."""
    (i, j), (row, column) = cell, across
    return all(
        (layer[i][column] > 0 and layer[row][j] > 0) or (layer[i][j] > 0 and layer[row][column] > 0)
        for layer in table.layers
    )


def safe_cells(table: CountTable, hidden: set[Cell]) -> set[Cell]:
    """Hidden cells that have another value in some table with the same printed figures, in every layer.

    Exact for sums: two tables of counts with equal totals differ by turning people round along cycles of hidden
    cells (integral network flows), and a cell may change if and only if such a cycle runs through it.
    """
    return {cell for cell in hidden if all(on_a_cycle(layer, hidden, cell) for layer in table.layers)}


def on_a_cycle(layer: Sequence[Sequence[int]], hidden: set[Cell], cell: Cell) -> bool:
    """A way round through `cell`: one more here, one less there, and every line keeps its sum."""
    i, j = cell
    more = reaches(layer, hidden - {cell}, ("column", j), ("row", i))
    fewer = layer[i][j] > 0 and reaches(layer, hidden - {cell}, ("row", i), ("column", j))
    return more or fewer


def reaches(
    layer: Sequence[Sequence[int]], hidden: set[Cell], start: tuple[str, int], goal: tuple[str, int]
) -> bool:
    """From lines to lines: a row adds to a column through any hidden cell, a column takes only from one above 0."""
    seen, waiting = {start}, [start]
    while waiting:
        kind, at = waiting.pop()
        for i, j in hidden:
            forth = kind == "row" and i == at
            back = kind == "column" and j == at and layer[i][j] > 0
            to = ("column", j) if forth else ("row", i) if back else None
            if to is not None and to not in seen:
                seen.add(to)
                waiting.append(to)
    return goal in seen


def printed(table: CountTable, hidden: set[Cell], *, hide_totals: bool = False) -> PrintedTable:
    """The table without the hidden cells; the totals too where no cells could protect one another."""
    lines_hidden = {i for i, _ in hidden} if hide_totals else set()
    columns_hidden = {j for _, j in hidden} if hide_totals else set()
    columns = list(zip(*table.counts, strict=True))
    counts = tuple(
        tuple(None if (i, j) in hidden else table.counts[i][j] for j in range(len(table.columns)))
        for i in range(len(table.rows))
    )
    plain = PrintedTable(
        table.rows,
        table.columns,
        counts,
        tuple(None if i in lines_hidden else sum(line) for i, line in enumerate(table.counts)),
        tuple(None if j in columns_hidden else sum(line) for j, line in enumerate(columns)),
        # A sum of all with every other line would give the hidden line's sum back.
        None if lines_hidden else sum(map(sum, table.counts)),
    )
    return _with_rates(plain, table, hidden, lines_hidden, columns_hidden) if table.bases else plain


def _with_rates(
    plain: PrintedTable,
    table: CountTable,
    hidden: set[Cell],
    lines_hidden: set[int],
    columns_hidden: set[int],
) -> PrintedTable:
    rates = tuple(
        tuple(
            None if (i, j) in hidden else rate(table.counts[i][j], table.bases[i][j])
            for j in range(len(table.columns))
        )
        for i in range(len(table.rows))
    )
    pairs = zip(zip(*table.counts, strict=True), zip(*table.bases, strict=True), strict=True)
    return replace(
        plain,
        rates=rates,
        row_bases=tuple(None if i in lines_hidden else sum(line) for i, line in enumerate(table.bases)),
        column_rates=tuple(
            None if j in columns_hidden else rate(sum(part), sum(whole))
            for j, (part, whole) in enumerate(pairs)
        ),
    )


def rate(part: int, whole: int) -> Decimal | None:
    """Percent to two places, half up; None of nothing."""
    if whole == 0:
        return None
    return (Decimal(100) * part / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class PrintedList:
    """A list as it may be published; `total` is None where hiding lines alone protects nobody."""

    counts: dict[str, int | None]
    total: int | None

    @property
    def hidden(self) -> frozenset[str]:
        return frozenset(key for key, count in self.counts.items() if count is None)


def publish_list(counts: Mapping[str, int], *, k: int = THRESHOLD, also: Collection[str] = ()) -> PrintedList:
    """A list with its sum: small counts are hidden, and the next smallest until they hide one another.

    `also` are lines hidden for another reason, as when a second list with the same lines hides them.
    """
    hidden = {key for key, count in counts.items() if 0 < count < k} | {key for key in also if key in counts}
    while hidden and not _hide_each_other(counts, hidden, k):
        rest = sorted((count, key) for key, count in counts.items() if key not in hidden)
        if not rest:
            break
        hidden.add(next((key for count, key in rest if count), rest[0][1]))
    printed_counts = {key: None if key in hidden else count for key, count in counts.items()}
    safe = not hidden or _hide_each_other(counts, hidden, k)
    return PrintedList(printed_counts, sum(counts.values()) if safe else None)


def _hide_each_other(counts: Mapping[str, int], hidden: Collection[str], k: int) -> bool:
    """Whether the sum of the hidden lines, which anybody can work out, says nothing about one of them."""
    return len(hidden) > 1 and sum(counts[key] for key in hidden) >= k


def publish_lists(lists: Sequence[Mapping[str, int]], *, k: int = THRESHOLD) -> tuple[PrintedList, ...]:
    """Lists over the same lines, printed side by side: what one hides, all hide."""
    hidden: frozenset[str] = frozenset()
    while True:
        printed_lists = tuple(publish_list(counts, k=k, also=hidden) for counts in lists)
        more = frozenset().union(*(each.hidden for each in printed_lists))
        if more == hidden:
            return printed_lists
        hidden = more


def shown(count: int | None) -> str:
    """A figure as pages print it."""
    return HIDDEN_MARK if count is None else f"{count:,}"
