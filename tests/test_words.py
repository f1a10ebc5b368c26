"""The dictionary and the list of settings say what the code says."""

import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = (ROOT / "docs/reference/glossary.md").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    table = [line for line in GLOSSARY.splitlines() if line.startswith("| ") and "---" not in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1:]]


def test_one_word_for_one_thing() -> None:
    for column in (0, 1):
        words = [row[column] for row in rows()]
        assert sorted(words) == sorted(set(words))


def test_every_table_is_explained() -> None:
    explained = set(re.findall(r"`(\w+)`", GLOSSARY))
    tables = {model.__name__ for model in apps.get_models() if model.__module__.startswith("madoguchi.")}
    assert tables - explained == set()


def test_every_setting_is_described() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    used = {
        name
        for folder in ("config", "madoguchi", "demo", "scenarios")
        for file in (ROOT / folder).rglob("*.py")
        for name in re.findall(
            r"""environ(?:\.get\(|\[)["'](MADOGUCHI_\w+|DATABASE_URL|PORT)""", file.read_text()
        )
    }
    assert {name for name in used if f"`{name}`" not in text} == set()
