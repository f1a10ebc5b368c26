"""procedure.toml: what the procedure is, for whom, when, on what law, and which facts it uses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from .identity import Identity, read_identity
from .offers import Period
from .proxy import ProxyRules, read_proxy
from .retention import Retention, read_retention, retention_words
from .toml_source import Table
from .words import Words

CHANNELS = ("online", "counter", "paper", "proxy")
AUDIENCES = ("resident", "business", "staff")
VERSION_SHAPE = re.compile(r"\d{4}-\d{2}(\.\d{1,3})?")
SLUG_SHAPE = re.compile(r"[a-z][a-z0-9-]{1,49}")
FACT_TYPES = ("text", "number", "yes_no", "date", "list", "record")

SECOND = ("slug", "version", "section", "number_prefix", "audience", "channels", "standard_days")
WORDS = ("name", "summary", "contact", "result", "fee")


@dataclass(frozen=True)
class Law:
    """One legal basis of the procedure."""

    name: str
    article: str
    says: Words


@dataclass(frozen=True)
class Need:
    """Something to have at hand, told before the start button."""

    key: str
    label: Words
    when: Words
    later: bool


@dataclass(frozen=True)
class Fact:
    """A fact of the town's books which rules may read as facts.<key>; None when nobody supplied it.

    With `same` the fact is about the other cases of the procedure that agree in these answers (`household`: in
    applicant and address), received in the same fiscal year where `within` says so. A number counts them and this
    one, a list names the others.
    """

    key: str
    type: str
    label: Words
    source: str
    same: tuple[str, ...] = ()
    within: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Procedure:
    """procedure.toml as an object. standard_days is the 標準処理期間 in days (行政手続法6条)."""

    slug: str
    version: str
    section_code: str
    number_prefix: str
    audience: str
    names: Words
    summary: Words
    contact: Words
    result: Words
    fee: Words
    retention: Words
    channels: tuple[str, ...]
    standard_days: int
    law: tuple[Law, ...]
    periods: tuple[Period, ...]
    conditions: tuple[Words, ...]
    needs: tuple[Need, ...]
    minutes: int
    facts: tuple[Fact, ...]
    required_identity: Identity
    life_events: tuple[str, ...]
    search_words: tuple[str, ...]
    in_force_from: date
    in_force_to: date | None
    retention_rules: Retention
    proxy: ProxyRules | None = None
    proxy_line: int = field(default=0, compare=False)
    standard_days_unit: str = "open"
    """Which days the 標準処理期間 counts: open (office days) or calendar."""
    facilities_table: str = ""
    facilities_line: int = field(default=0, compare=False)
    several: bool = False
    """One person may apply more than once in a period: for each cat, each event."""
    template: bool = False
    """ひな形: to start another procedure from. It is checked and tested, never used itself."""


TOP = frozenset(
    {
        *SECOND,
        *WORDS,
        "law",
        "period",
        "need",
        "condition",
        "minutes",
        "fact",
        "identity",
        "life_events",
        "search_words",
        "standard_days_unit",
        "in_force_from",
        "in_force_to",
        "facilities",
        "proxy",
        "retention",
        "several",
        "template",
    }
)


def read_procedure(table: Table) -> Procedure:
    """procedure.toml; faults are noted in the table's source."""
    table.only(TOP)
    words = {key: table.words(key, must=key in ("name", "summary", "contact")) for key in WORDS}
    names = words.pop("name")
    return Procedure(
        slug=shaped(table, "slug", SLUG_SHAPE, "英小文字・数字・- で書いてください。"),
        version=shaped(table, "version", VERSION_SHAPE, "「2026-04」のように年と月で書いてください。"),
        section_code=table.text("section", must=True),
        number_prefix=shaped(
            table, "number_prefix", re.compile("[A-Z]{1,4}"), "英大文字4字までで書いてください。"
        ),
        audience=table.one_of("audience", AUDIENCES, "resident"),
        names=names,
        **words,
        retention=retention_words(table),
        retention_rules=read_retention(table.table("retention")),
        channels=read_channels(table),
        standard_days=table.integer("standard_days", 30, least=1, most=1000),
        standard_days_unit=table.one_of("standard_days_unit", ("open", "calendar"), "open"),
        law=tuple(read_law(law) for law in table.tables("law")),
        periods=read_periods(table),
        conditions=tuple(read_condition(condition) for condition in table.tables("condition")),
        minutes=table.integer("minutes", 0, most=600),
        needs=tuple(read_need(need) for need in table.tables("need")),
        facts=tuple(read_fact(fact) for fact in table.tables("fact")),
        required_identity=read_identity(table.table("identity")),
        life_events=table.texts("life_events"),
        search_words=table.texts("search_words"),
        in_force_from=read_day(table, "in_force_from", must=True) or date.min,
        in_force_to=read_day(table, "in_force_to"),
        proxy=read_proxy(table.table("proxy")),
        proxy_line=table.table("proxy").line,
        facilities_table=table.text("facilities"),
        facilities_line=table.line_of("facilities"),
        several=table.flag("several"),
        template=table.flag("template"),
    )


def shaped(table: Table, key: str, shape: re.Pattern[str], how: str) -> str:
    found = table.text(key, must=True)
    if found and not shape.fullmatch(found):
        table.blame(key, f"「{key}」の「{found}」は使えません。{how}")
    return found


def read_channels(table: Table) -> tuple[str, ...]:
    found = table.texts("channels") or CHANNELS
    for channel in found:
        if channel not in CHANNELS:
            table.blame(
                "channels", f"「{channel}」という窓口はありません。{'、'.join(CHANNELS)} から選んでください。"
            )
    return found


def read_law(table: Table) -> Law:
    table.only({"name", "article", "says"})
    return Law(table.text("name", must=True), table.text("article"), table.words("says"))


def read_condition(table: Table) -> Words:
    table.only({"label"})
    return table.words("label", must=True)


def read_need(table: Table) -> Need:
    table.only({"key", "label", "when", "later"})
    return Need(table.key(), table.words("label", must=True), table.words("when"), table.flag("later"))


def read_fact(table: Table) -> Fact:
    table.only({"key", "type", "label", "source", "same", "within"})
    same, kind = table.texts("same"), table.one_of("type", FACT_TYPES)
    if same and kind not in ("number", "list"):
        table.blame("same", "「same」のある事実は、件数の number か、受付番号の list にしてください。")
    return Fact(
        table.key(),
        kind,
        table.words("label", must=True),
        table.text("source"),
        same,
        table.one_of("within", {"", "fiscal_year"}, "") if "within" in table.data else "",
        table.line,
    )


HOUSEHOLD = "household"
"""In `same` of a fact: the applicant and the address, as the other rooms join cases of one family."""


def unknown_answers(facts: Iterable[Fact], known: Collection[str]) -> Iterator[tuple[int, str]]:
    """Line and sentence for every answer that a fact about other cases names and the form does not ask."""
    for fact in facts:
        for name in fact.same:
            if name != HOUSEHOLD and name not in known:
                yield fact.line, f"「same」の「{name}」という項目はフォームにありません。"


def read_periods(table: Table) -> tuple[Period, ...]:
    periods = tuple(period for period in map(read_period, table.tables("period")) if period)
    codes = [period.code for period in periods]
    for period in periods:
        if codes.count(period.code) > 1:
            table.source.blame(
                period.line, f"受付期間「{period.code}」が2回あります。別のコードにしてください。"
            )
    return periods


def read_period(table: Table) -> Period | None:
    table.only({"code", "label", "opens", "closes", "entry_on", "decision_on", "released_at"})
    opens, closes, entry = (read_day(table, key, must=True) for key in ("opens", "closes", "entry_on"))
    code, label = table.text("code", must=True), table.words("label", must=True)
    released = table.data.get("released_at")
    if released is not None and not (isinstance(released, datetime) and released.tzinfo):
        table.blame(
            "released_at", "「released_at」は 2027-01-29T10:00:00+09:00 のように時差まで書いてください。"
        )
        released = None
    if not (opens and closes and entry):
        return None
    if closes < opens:
        table.blame("closes", "締切（closes）が開始（opens）より前です。日付を直してください。")
    decision = read_day(table, "decision_on")
    return Period(code, label, opens, closes, entry, decision, released, table.line)


def read_day(table: Table, key: str, *, must: bool = False) -> date | None:
    found = table.data.get(key)
    if found is None and not must:
        return None
    if isinstance(found, datetime) or not isinstance(found, date):
        table.blame(key, f"「{key}」は 2026-04-01 のように、引用符なしの日付で書いてください。")
        return None
    return found
