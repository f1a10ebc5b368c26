"""The page about the package format names everything a package may say."""

import re
from pathlib import Path

from madoguchi.ledgers.procedures import examples, procedure_file
from madoguchi.ledgers.procedures.cel_functions import FUNCTIONS, MACROS, NATIVE
from madoguchi.ledgers.procedures.fields import COMMON, EMPTY, OWN
from madoguchi.ledgers.procedures.flow import OUTCOMES, STAGES
from madoguchi.ledgers.procedures.offers import CLASS_COLUMNS, FACILITY_COLUMNS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/reference/package_format.md").read_text(encoding="utf-8")
SPOKEN = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
SAID = set(re.findall(r"[\w.]+", " ".join(re.findall(r"`([^`]+)`", SPOKEN))))
KEYS_READ = re.compile(r"\.only\(\s*\{([^}]*)\}")


def test_every_function__is_described() -> None:
    said = SAID | {word.lstrip(".") for word in SAID}
    assert {*FUNCTIONS, *NATIVE, *MACROS} - said == set()


def test_every_field_type_and_setting__is_described() -> None:
    settings = set(COMMON) | {key for own in OWN.values() for key in own}
    known = SAID | {"check"}
    assert (settings | set(EMPTY)) - known == set()


def test_every_key_of_every_file__is_described() -> None:
    rooms = ROOT / "madoguchi/ledgers/procedures"
    keys = {
        key
        for name in ("procedure_file", "form", "fields", "flow", "examples")
        for group in KEYS_READ.findall((rooms / f"{name}.py").read_text(encoding="utf-8"))
        for key in re.findall(r'"(\w+)"', group)
    }
    more = {*procedure_file.TOP, *examples.KEYS, *FACILITY_COLUMNS, *CLASS_COLUMNS, *STAGES, *OUTCOMES}
    headers = set(re.findall(r"\[\[?…?(\w+)\]\]?", PAGE)) | {"page", "field", "example", "expect"}
    assert (keys | more) - SAID - headers == set()
