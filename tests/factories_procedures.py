"""Small packages and their readings for tests of the 手続 room."""

from datetime import date
from pathlib import Path
from typing import Any

from madoguchi.ledgers.procedures.answers import Reading, read_all
from madoguchi.ledgers.procedures.context import Context
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.package import Package, read_files

GAKUDO = Path(__file__).parent.parent / "packages" / "gakudo-club" / "2026-04"
TODAY = date(2026, 11, 21)

PROCEDURE = """slug = "sample"
version = "2026-04"
section = "kodomo"
number_prefix = "SA"
in_force_from = 2026-04-01
facilities = "clubs"
name.ja = "見本の手続"
summary.ja = "見本です。"
contact.ja = "見本課"

[[period]]
code = "p"
label.ja = "一斉受付"
opens = 2026-11-02
closes = 2026-11-30
entry_on = 2027-04-01

[[fact]]
key = "arrears_months"
type = "number"
label.ja = "滞納の月数"
"""

CLUBS = """code,symbol,name,school_district,capacity,address,closes_at,extension
c1,A1,さくら台学童クラブ,さくら台小学校,60,サンプル市さくら台1番,18:00,no
c2,A2,みなみ学童クラブ,みなみ小学校,45,サンプル市みなみ町1番,19:00,yes
"""

FORM = """[[page]]
key = "first"
title.ja = "はじめ"

[[page.field]]
key = "who"
type = "text"
label.ja = "名前"
required = true
"""

FLOW = """[approval]
route = "K26"

[[check]]
key = "arrears"
label.ja = "滞納"
rule = "facts.arrears_months == 0"
pass.ja = "滞納はありません。"
look.ja = "{months}か月の滞納があります。"
with.months = "facts.arrears_months"
"""


def package_files(**changed: str) -> dict[str, bytes]:
    """The files of a small sound package; `form=` and so on replace one of them."""
    texts = {"procedure": PROCEDURE, "form": FORM, "flow": FLOW} | changed
    files = {f"{name}.toml": text.encode() for name, text in texts.items() if name != "clubs"}
    return files | {"tables/clubs.csv": changed.get("clubs", CLUBS).encode()}


def package_with(**changed: str) -> Package:
    return read_files(package_files(**changed))


def form_of(*fields: str) -> str:
    """A form of one page with these [[page.field]] tables, each given as its lines."""
    page = '[[page]]\nkey = "first"\ntitle.ja = "はじめ"\n'
    return page + "".join(f"\n[[page.field]]\n{field}\n" for field in fields)


def field(key: str, kind: str, *lines: str) -> str:
    return "\n".join([f'key = "{key}"', f'type = "{kind}"', f'label.ja = "{key}の欄"', *lines])


def read(form: str, raw: dict[str, Any], **context: Any) -> Reading:
    """Read answers of a form given as text."""
    package = package_with(form=form)
    texts = {name: value if isinstance(value, list) else [value] for name, value in raw.items()}
    return read_all(package.form, texts, context_for(package, **context))


def context_for(package: Package, **changed: Any) -> Context:
    given = {"period": package.periods[0], "facilities": package.facilities, "facts": {}} | changed
    return Context(TODAY, **given)


def faults_of(**changed: str) -> list[tuple[str, int, str]]:
    """The faults of a changed package as plain tuples; none for a sound one."""
    try:
        package_with(**changed)
    except PackageFaults as error:
        return [(fault.file, fault.line, fault.sentence) for fault in error.faults]
    return []


def errors_of(reading: Reading) -> dict[str, str]:
    return {error.name: error.sentence for error in reading.errors}
