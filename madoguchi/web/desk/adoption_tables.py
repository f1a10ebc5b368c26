"""The tables of 電子決裁の割合: each figure with the address of exactly its drafts; the same tables go to CSV."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from madoguchi.clerical.decisions.states import ApprovalMode, PaperReason
from madoguchi.common.ages import fiscal_year_end
from madoguchi.improvement.insight.adoption import LEAST_COMPARED, Shares
from madoguchi.improvement.insight.adoption_queries import Adoption
from madoguchi.improvement.insight.arithmetic import rounded
from madoguchi.web.desk.drawn import address
from madoguchi.web.desk.figures import Cell, Figures, Link, number

HEAD = ("電子決裁の割合", "電子", "併用", "紙", "計")
ELECTRONIC = ("electronic", "mixed")


def linking(year: int) -> Link:
    """Addresses of the list of drafts within one fiscal year; `asked` narrows further."""

    def link(**asked: object) -> str:
        return f"{address('desk:adoption-drafts')}?{urlencode({'year': year} | asked, doseq=True)}"

    return link


def percent(value: Decimal | None) -> str:
    told = rounded(value)
    return "—" if told is None else f"{told}%"


def shares_cells(shares: Shares, link: Link, **asked: object) -> tuple[Cell, ...]:
    """Rate, electronic, mixed, paper, all."""
    rate = Cell(percent(shares.rate), shares.decided_electronically, link(**asked, mode=ELECTRONIC))
    counts = (("electronic", shares.electronic), ("mixed", shares.mixed), ("paper", shares.paper))
    return (
        rate,
        *(number(count, link(**asked, mode=mode)) for mode, count in counts),
        number(shares.total, link(**asked)),
    )


def all_tables(found: Adoption, link: Link) -> list[Figures]:
    """Every table of the page."""
    return [
        by_month(found, link),
        by_office(found, link),
        by_section(found, link),
        *same_work(found, link),
        reasons(found, link),
        days(found, link),
        steps(found, link),
        waits(found, link),
    ]


def by_month(found: Adoption, link: Link) -> Figures:
    rows = tuple(
        (Cell(f"{month:%Y年%-m月}"), *shares_cells(shares, link, month=f"{month:%Y-%m}"))
        for month, shares in found.by_month.items()
    )
    return Figures("months", "月ごと", "決裁の日の月で数えます。", ("月", *HEAD), rows)


def by_office(found: Adoption, link: Link) -> Figures:
    rows = tuple(
        (Cell(office), *shares_cells(shares, link, office=office))
        for office, shares in sorted(found.by_office.items(), key=lambda row: lowest_first(row[1]))
    )
    note = "課の上にある部や事務所ごと。割合の低い順。"
    return Figures("offices", "所属ごと", note, ("所属", *HEAD), rows)


def by_section(found: Adoption, link: Link) -> Figures:
    rows = tuple(
        (Cell(found.places[section].name), *shares_cells(shares, link, section=section))
        for section, shares in sorted(found.by_section.items(), key=lambda row: lowest_first(row[1]))
    )
    return Figures("sections", "課ごと", "割合の低い順。", ("課", *HEAD), rows)


def lowest_first(shares: Shares) -> tuple[Decimal, int]:
    return shares.rate or Decimal(0), -shares.total


def same_work(found: Adoption, link: Link) -> Iterator[Figures]:
    """One table a kind: who decides the same matter how differently."""
    for work in found.same_work:
        name = found.kind_names.get(work.kind, work.kind)
        rows = tuple(
            (
                Cell(found.places[one.section].name),
                *shares_cells(one.shares, link, section=one.section, kind=work.kind),
                Cell(f"{rounded(one.behind)}ポイント"),
            )
            for one in work.sections
        )
        note = (
            f"同じ種類を決裁する課どうし（{LEAST_COMPARED}件以上の課）。"
            f"開きは{rounded(work.spread)}ポイント。割合の高い順。"
        )
        yield Figures(
            f"work-{work.kind}", f"同じ仕事の課：{name}", note, ("課", *HEAD, "最も高い課との差"), rows
        )


def reasons(found: Adoption, link: Link) -> Figures:
    rows = tuple(
        (
            Cell(PaperReason(one.reason).label if one.reason else "理由なし"),
            number(one.total, link(reason=one.reason, mode=("mixed", "paper"))),
            number(one.mixed, link(reason=one.reason, mode="mixed")),
            number(one.paper, link(reason=one.reason, mode="paper")),
        )
        for one in found.reasons
    )
    return Figures(
        "reasons", "紙の理由", "起案した人が選んだ理由。多い順。", ("理由", "計", "併用", "紙"), rows
    )


def days(found: Adoption, link: Link) -> Figures:
    rows = tuple(
        (
            Cell(mode.label),
            Cell(days_told(found.days[mode].median), found.days[mode].drafts, link(mode=mode.value)),
            number(found.days[mode].drafts, link(mode=mode.value)),
        )
        for mode in ApprovalMode
    )
    note = "最後に提出した日から決裁の日までの暦日数の中央値。紙は、記録した決裁の日まで。"
    return Figures("days", "決裁までの日数", note, ("方法", "中央値", "件数"), rows)


def days_told(value: Decimal | None) -> str:
    told = rounded(value)
    return "—" if told is None else f"{told}日"


def steps(found: Adoption, link: Link) -> Figures:
    rows = tuple(
        (
            Cell(one.kind.label),
            Cell(days_told(one.median), one.drafts, link(step=one.kind.value)),
            Cell(f"{one.steps:,}", one.drafts, link(step=one.kind.value)),
            Cell(f"{one.reminded:,}", one.reminded_drafts, link(step=one.kind.value, reminded=1)),
        )
        for one in found.steps
    )
    note = (
        "回ってきた時刻から、承認・差し戻し・確認などをした時刻まで（電子と併用）。"
        "段の数で、起案の数ではありません。押すと、その段のある起案が開きます。"
    )
    return Figures("steps", "段ごとの日数", note, ("段", "中央値", "段の数", "催促した段"), rows)


def waits(found: Adoption, link: Link) -> Figures:
    rows = tuple(
        (
            Cell(found.places[one.section_id].name),
            Cell(f"{one.steps:,}", one.drafts, link(waiting=1, section=one.section_id)),
            Cell(
                f"{(found.at.date() - one.oldest.astimezone(found.at.tzinfo).date()).days}日",
                one.drafts,
                link(waiting=1, section=one.section_id),
            ),
        )
        for one in found.long_waits
    )
    note = "いま、決められた日数を超えて待っている段。毎朝、待たせている人に知らせます。"
    return Figures("waits", "長く待っている決裁", note, ("起案した課", "段の数", "最も長い"), rows)


def days_of(year: int) -> tuple[date, date]:
    """The first and the last day of a fiscal year."""
    first = date(year, 4, 1)
    return first, fiscal_year_end(first)
