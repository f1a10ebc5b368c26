"""A small procedure of its own, so that these tests do not move with the shipped packages."""

import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from madoguchi.ledgers.office.trace import SYSTEM, Actor
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.services.applications.actions import receive
from madoguchi.services.applications.states import Channel

PROCEDURE = """
slug = "mihon-club"
version = "2026-04"
section = "kodomo"
number_prefix = "MC"
standard_days = 30
name = { ja = "見本クラブ入所申請" }
summary = { ja = "見本クラブに入るための申請です。" }
contact = { ja = "子ども若者課" }
facilities = "places"
in_force_from = 2026-04-01

[[period]]
code = "r9"
label = { ja = "令和9年度 一斉受付" }
opens = 2026-11-02
closes = 2026-11-30
entry_on = 2027-04-01

[[fact]]
key = "out_of_city"
type = "yes_no"
label = { ja = "市外" }

[[fact]]
key = "duplicates"
type = "list"
label = { ja = "同じお子さんのほかの受付番号" }
"""

FORM = """
[[page]]
key = "child"
title = { ja = "お子さま" }

[[page.field]]
key = "child_name"
type = "name"
prefill = "child.name"
label = { ja = "お子さまの名前" }
required = true

[[page.field]]
key = "child_kana"
type = "kana"
prefill = "child.kana"
label = { ja = "フリガナ" }

[[page.field]]
key = "child_birth"
type = "date"
prefill = "child.birth"
label = { ja = "生年月日" }
required = true

[[page]]
key = "applicant"
title = { ja = "申請する方" }

[[page.field]]
key = "applicant"
type = "name"
prefill = "resident.name"
label = { ja = "申請する方の名前" }
required = true

[[page.field]]
key = "address"
type = "address"
prefill = "resident.address"
label = { ja = "住所" }

[[page.field]]
key = "email"
type = "email"
prefill = "resident.email"
label = { ja = "メール" }

[[page.field]]
key = "work_days"
type = "number"
label = { ja = "月の就労日数" }

[[page.field]]
key = "certificate"
type = "file"
label = { ja = "就労証明書" }

[[page]]
key = "wishes"
title = { ja = "希望" }

[[page.field]]
key = "clubs"
type = "ranked"
label = { ja = "希望するクラブ" }
required = true
options_from = "facilities"
"""

FLOW = """
correction_days = 14

[approval]
route = "section_head"
title = { ja = "見本クラブの決定" }

[[stage]]
key = "received"
label = { ja = "受付" }
who = "窓口担当"

[[check]]
key = "work_days"
label = { ja = "就労日数が書かれている" }
rule = "work_days > 0"
pass = { ja = "書かれています。" }
look = { ja = "就労日数を確かめてください。" }
about = "work_days"
correction = { ja = "就労日数を直してください。" }

[[check]]
key = "in_city"
label = { ja = "市内に住んでいる" }
rule = "!facts.out_of_city"
pass = { ja = "市内です。" }
look = { ja = "市外の方です。" }

[[control]]
key = "one_case"
label = { ja = "二重の申請を残さない" }
stage = "accepted"
rule = "size(facts.duplicates) == 0"
says = { ja = "同じお子さんの申請が2件あります。" }

[[outcome]]
key = "granted"
label = { ja = "承認" }
letter = "granted"
"""

PLACES = """code,symbol,name,school_district,capacity,address,closes_at,extension
A1,A1,中央クラブ,中央小学校,40,サンプル市中央一丁目,18:00,no
B1,B1,さくら台クラブ,さくら小学校,40,サンプル市さくら台二丁目,18:00,no
"""

FILES: dict[str, bytes] = {
    "procedure.toml": PROCEDURE.encode(),
    "form.toml": FORM.encode(),
    "flow.toml": FLOW.encode(),
    "tables/places.csv": PLACES.encode(),
    "letters/granted.typ": "承認します。".encode(),
}


def small_package(now: datetime) -> Any:
    return put_in_use(read_files(FILES), by=SYSTEM, at=now)


def typed(number: int = 1, **changed: str) -> dict[str, list[str]]:
    """What somebody typed for the child of that number; `changed` replaces inputs (- as __)."""
    raw = {
        "child_name-family": "見本",
        "child_name-given": f"そら{number}",
        "child_kana-family": "みほん",
        "child_kana-given": "そら",
        "child_birth": "令和2年6月14日",
        "applicant-family": "見本",
        "applicant-given": "花子",
        "address-postcode": "000-0001",
        "address-town": "サンプル市中央",
        "address-block": "一丁目２番３号",
        "work_days": "20",
        "clubs-1": "A1",
        "clubs-2": "B1",
    } | {name.replace("__", "-"): value for name, value in changed.items()}
    return {name: [value] for name, value in raw.items()}


def received(loaded: Any, now: datetime, number: int = 1, **known: Any) -> Any:
    """One received application of the small package."""
    order: dict[str, Any] = {
        "version_id": loaded.version_id,
        "period_code": "r9",
        "raw": typed(number),
        "channel": Channel.ONLINE,
        "by": SYSTEM,
        "at": now,
        "submission_key": uuid.uuid4(),
        "facts": {"out_of_city": False},
    }
    return receive(**(order | known))


def resident_actor(visitor_id: uuid.UUID) -> Actor:
    return Actor("resident", str(visitor_id), "見本　花子")


TRUTH = """
[[truth]]
kind = "household"
field = "child_name"

[[truth]]
kind = "duplicate"
field = "child_name"
check = "duplicates"

[[truth]]
kind = "birth"
field = "child_birth"

[[truth]]
kind = "address"
field = "address"

[[truth]]
kind = "holder"
field = "account_holder"
demand = "fix"
against = ["applicant", "applicant_kana"]

[[check]]
key = "duplicates"
label = { ja = "二重の申請" }
rule = "size(facts.duplicates) == 0"
pass = { ja = "ほかにありません。" }
look = { ja = "ほかにもあります。" }
"""
ACCOUNT = """
[[page.field]]
key = "applicant_kana"
type = "kana"
prefill = "resident.kana"
label = { ja = "フリガナ" }

[[page.field]]
key = "account_holder"
type = "text"
label = { ja = "口座の名義" }

[[page.field]]
key = "work_days"
"""
TRUE_FILES = FILES | {
    "form.toml": FORM.replace('\n[[page.field]]\nkey = "work_days"\n', ACCOUNT).encode(),
    "flow.toml": (FLOW + TRUTH).encode(),
}


def true_package(now: datetime) -> Any:
    """The small package with a bank account and every comparison of [[truth]]."""
    return put_in_use(read_files(TRUE_FILES), by=SYSTEM, at=now)


def proxy_files(letters_to: str = "applicant") -> dict[str, bytes]:
    """The small package in which one may apply for another; its page is that of the shipped clubs."""
    shipped = (Path(settings.PACKAGES_DIR) / "gakudo-club/2026-04.1/form.toml").read_text(encoding="utf-8")
    page = shipped[shipped.index('[[page]]\nkey = "proxy"') : shipped.index('[[page]]\nkey = "applicant"')]
    rules = f'\n[proxy]\nkinds = ["legal", "mandate"]\nletters_to = "{letters_to}"\nevidence.ja = "委任状"\n'
    return FILES | {"form.toml": (page + FORM).encode(), "procedure.toml": (PROCEDURE + rules).encode()}


FOR_ANOTHER = {
    "proxy_for": ["proxy"],
    "proxy_kind": ["mandate"],
    "proxy_name-family": ["例示"],
    "proxy_name-given": ["次郎"],
    "proxy_kana-family": ["れいじ"],
    "proxy_kana-given": ["じろう"],
    "proxy_phone": ["090-0000-1111"],
    "proxy_relationship": ["お子さんの母"],
    "proxy_scope": ["入所の申請と書類の提出"],
    "proxy_evidence": ["counter"],
}
