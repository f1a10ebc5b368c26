"""The section's figures as tables: each cell with the address of exactly its cases; the same tables go to CSV and XLSX."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from madoguchi.common.disclosure import THRESHOLD, CountTable, publish, shown
from madoguchi.improvement.insight.queries import STEPS
from madoguchi.improvement.insight.rules import rounded, share
from madoguchi.services.applications import section_figures as counted
from madoguchi.services.applications.ledger_filters import Filters
from madoguchi.services.applications.section_figures import Days, Totals
from madoguchi.services.applications.states import Channel, Outcome, Stage


@dataclass(frozen=True)
class Cell:
    """A figure as it is read. `count` are the cases behind it, `href` where they are; neither for a bare text."""

    text: str
    count: int | None = None
    href: str = ""


@dataclass(frozen=True)
class Figures:
    """One table: a title, what is counted, heads, rows."""

    key: str
    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Link = Callable[..., str]
COMPARED = (
    *("受け付けた", "ネットの割合", "決定・取下げの前", "期限を過ぎた", "補正した割合", "取下げ"),
    *("受付から決定まで（中央値）", "受付から決定まで（90%）"),
)


def linking(slug: str, filters: Filters) -> Link:
    """Addresses of the ledger within the conditions of a page; `asked` narrows further."""
    days = {"from": filters.received_from, "to": filters.received_to}
    always = {"view": "all", "period": filters.period} | {
        key: day.isoformat() for key, day in days.items() if day
    }

    def link(**asked: object) -> str:
        return f"{reverse('desk:ledger', args=[slug])}?{urlencode(always | asked)}"

    return link


def number(count: int, href: str) -> Cell:
    return Cell(f"{count:,}", count, href)


def percent(part: int, whole: int, href: str) -> Cell:
    value = rounded(share(part, whole))
    return Cell("—" if value is None else f"{value}%", part, href)


def days_cells(days: Days | None, href: str) -> tuple[Cell, ...]:
    """Median, 90 %, cases."""
    if days is None or not days.cases:
        return (Cell("—"), Cell("—"), Cell("0", 0, href))
    both = (days.median, days.p90)
    told = (Cell("—" if value is None else f"{value}日", days.cases, href) for value in both)
    return (*told, number(days.cases, href))


def all_figures(
    filters: Filters, former: Filters | None, package, unit: str, on: date, *, for_head: bool
) -> list[Figures]:
    """Every table of the page."""
    slug = package.slug
    link = linking(slug, filters)
    now = counted.totals(filters, on)
    tables = [
        compared(slug, now, filters, former, on),
        received(filters, unit, link),
        channels(filters, link),
        stages(filters, link),
        stage_days(filters, link),
        outcomes(filters, link),
        *corrections(filters, package, link),
        step_times(filters, link),
    ]
    return [*tables, workload(filters, on, link)] if for_head else tables


def compared(slug: str, now: Totals, filters: Filters, former: Filters | None, on: date) -> Figures:
    """This period beside the last one, each figure a link into its own period."""
    columns = [totals_column(now, linking(slug, filters))]
    if former:
        columns.append(totals_column(counted.totals(former, on), linking(slug, former)))
    rows = tuple((Cell(name), *(column[at] for column in columns)) for at, name in enumerate(COMPARED))
    head = ("", "今回", "前の受付期間") if former else ("", "今回")
    note = "受付期間どうしを並べています。日数は暦日で、受け付けた日は数えません。"
    return Figures("compared", "前の受付期間とくらべる", note, head, rows)


def totals_column(found: Totals, link: Link) -> list[Cell]:
    decided = days_cells(found.to_decision, link(stage="decided"))
    return [
        number(found.received, link()),
        percent(found.online, found.received, link(channel="online")),
        number(found.open, link(figure="open")),
        number(found.overdue, link(figure="overdue")),
        percent(found.corrected, found.received, link(corrected="1")),
        number(found.withdrawn, link(stage="withdrawn")),
        *decided[:2],
    ]


def received(filters: Filters, unit: str, link: Link) -> Figures:
    """Receipts by day, week or month and channel."""
    rows = []
    for bucket in counted.buckets(filters, unit):  # type: ignore[arg-type]
        days = within(filters, bucket.start, unit)
        cells = [number(bucket.by_channel.get(one, 0), link(**days, channel=one)) for one in Channel.values]
        rows.append((Cell(bucket_words(bucket.start, unit)), *cells, number(bucket.total, link(**days))))
    head = ("受付日", *(str(one.label) for one in Channel), "計")
    return Figures("received", "受付", "取り下げられた申請も数えます。週は月曜から。", head, tuple(rows))


def within(filters: Filters, start: date, unit: str) -> dict[str, str]:
    """The days of one bucket, cut to the conditions of the page."""
    last = last_day(start, unit)
    first = max(start, filters.received_from) if filters.received_from else start
    end = min(last, filters.received_to) if filters.received_to else last
    return {"from": first.isoformat(), "to": end.isoformat()}


def last_day(start: date, unit: str) -> date:
    if unit == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return start + timedelta(days=6 if unit == "week" else 0)


def bucket_words(start: date, unit: str) -> str:
    if unit == "month":
        return f"{start.year}年{start.month}月"
    return f"{start.month}/{start.day}" + ("の週" if unit == "week" else "")


def channels(filters: Filters, link: Link) -> Figures:
    found: dict[str, int] = {}
    for bucket in counted.buckets(filters, "month"):
        for channel, count in bucket.by_channel.items():
            found[channel] = found.get(channel, 0) + count
    total = sum(found.values())
    rows = tuple(
        (
            Cell(str(one.label)),
            number(found.get(one, 0), link(channel=one.value)),
            percent(found.get(one, 0), total, link(channel=one.value)),
        )
        for one in Channel
    )
    return Figures("channels", "経路", "受け付けた申請のうち。", ("経路", "件数", "割合"), rows)


def stages(filters: Filters, link: Link) -> Figures:
    found = counted.by_stage(filters)
    rows = tuple(
        (Cell(str(one.label)), number(found.get(one.value, 0), link(stage=one.value))) for one in Stage
    )
    return Figures("stages", "いまの状態", "いま、どこにあるか。", ("状態", "件数"), rows)


def stage_days(filters: Filters, link: Link) -> Figures:
    found = counted.stays(filters)
    rows = tuple(
        (Cell(str(one.label)), *days_cells(found.get(one.value), link(figure=f"left:{one.value}")))
        for one in Stage
        if one not in (Stage.DECIDED, Stage.WITHDRAWN)
    )
    note = "その状態を通り過ぎた申請で、入ってから出るまでの日数。補正の間も含みます。"
    return Figures("days", "状態ごとの日数", note, ("状態", "中央値", "90%", "件数"), rows)


def outcomes(filters: Filters, link: Link) -> Figures:
    found = counted.by_outcome(filters)
    total = sum(found.values())
    rows = tuple(
        (
            Cell(str(one.label)),
            number(found.get(one.value, 0), link(outcome=one.value)),
            percent(found.get(one.value, 0), total, link(outcome=one.value)),
        )
        for one in Outcome
    )
    return Figures("outcomes", "結果", "決定した申請のうち。", ("結果", "件数", "割合"), rows)


def corrections(filters: Filters, package, link: Link) -> list[Figures]:
    fields = package.form.fields
    by_field = tuple(
        (
            Cell(fields[one.key].label.ja if one.key in fields else one.key),
            number(one.cases, link(figure=f"field:{one.key}")),
        )
        for one in counted.corrected_fields(filters)
    )
    by_text = tuple(
        (Cell(one.text), number(one.cases, link(figure=f"text:{one.key}")))
        for one in counted.correction_texts(filters)
    )
    note = "多い順に10まで。1件で2回頼んでも1件と数えます。"
    return [
        Figures("fields", "補正した項目", note, ("項目", "件数"), by_field),
        Figures("texts", "補正のお願いの文", note, ("お願いの文", "件数"), by_text),
    ]


def step_times(filters: Filters, link: Link) -> Figures:
    rows = tuple(
        (
            Cell(STEPS.get(one.step, one.step)),
            Cell(minutes(one.seconds), one.cases, link(figure=f"step:{one.step}")),
            Cell(minutes(one.seconds / one.cases), one.cases, link(figure=f"step:{one.step}")),
            number(one.cases, link(figure=f"step:{one.step}")),
        )
        for one in counted.steps(filters)
    )
    note = "職員が画面を開いてから終えるまで（1回30分まで）。機械の時間は含みません。"
    return Figures("steps", "職員の時間", note, ("手順", "合計", "1件あたり", "件数"), rows)


def minutes(seconds: float) -> str:
    return f"{rounded(Decimal(str(seconds)) / 60)}分"


def workload(filters: Filters, on: date, link: Link) -> Figures:
    rows = []
    for one in counted.loads(filters, on):
        if one.staff_id is None:
            nobody = (number(one.open, link(figure="unassigned")), Cell("—"), Cell("—"))
            rows.append((Cell("担当なし"), *nobody))
            continue
        hrefs = (
            link(assigned=one.staff_id, figure="open"),
            link(assigned=one.staff_id, figure="overdue"),
            link(assigned=one.staff_id, stage="decided"),
        )
        counts = (one.open, one.overdue, one.decided)
        opened, late, decided = map(number, counts, hrefs)
        rows.append((Cell(one.name), opened, late, decided))
    note = "課長だけに見えます。人の評価ではなく、割り振りを直すための数です。"
    return Figures(
        "workload", "担当ごと", note, ("担当", "決定・取下げの前", "期限を過ぎた", "決定"), tuple(rows)
    )


def printed(key: str, title: str, table: CountTable) -> Figures:
    """A table for outside the section: small cells and what gives them away are hidden, figures lead nowhere.

    A total of few people is a small cell too. Then no total is printed: one would give the other.
    """
    found = publish(table)
    sums = [*map(sum, table.counts), *map(sum, zip(*table.counts, strict=True))]
    bare = any(0 < each < THRESHOLD for each in sums)
    rows = [
        (Cell(name), *map(hidden_or, counts), hidden_or(None if bare else total))
        for name, counts, total in zip(found.rows, found.counts, found.row_totals, strict=True)
    ]
    totals = [None if bare else total for total in (*found.column_totals, found.total)]
    last = (Cell("計"), *map(hidden_or, totals))
    return Figures(key, title, "", ("", *found.columns, "計"), (*rows, last))


def hidden_or(count: int | None) -> Cell:
    return Cell(shown(count))


def sheet_rows(tables: Iterable[Figures]) -> list[list[object]]:
    """One line a figure: table, row, column, value, cases – a form that another program can read."""
    return [
        [table.title, row[0].text, head, cell.text.replace(",", ""), cell.count]
        for table in tables
        for row in table.rows
        for head, cell in zip(table.head[1:], row[1:], strict=True)
    ]


def shifted(filters: Filters, period: str) -> Filters:
    """The same question in another period, without its days."""
    return replace(filters, period=period, received_from=None, received_to=None)
