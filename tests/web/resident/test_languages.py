"""Every sentence in three voices, easy Japanese that is easy, and a reading over every kanji of ours."""

import dataclasses
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from madoguchi.common.easy_japanese import faults_of
from madoguchi.common.errors import Refusal
from madoguchi.common.furigana import KANJI, uncovered
from madoguchi.ledgers.procedures.messages import MESSAGES
from madoguchi.ledgers.procedures.package import read_package
from madoguchi.ledgers.procedures.words import Words
from madoguchi.web.components import words
from madoguchi.web.components.texts import BOOK
from madoguchi.web.components.words import Reader
from madoguchi.web.resident.refusals import refused
from tests.web.resident.walking import answers, apply, begin

SUPERSEDED = {"gakudo-club/2026-04"}
"""Released before there were three voices; a released version never changes, and nobody can apply with it any more."""
PACKAGES = [
    file.parent
    for file in sorted((Path(__file__).parents[3] / "packages").glob("*/*/procedure.toml"))
    if f"{file.parent.parent.name}/{file.parent.name}" not in SUPERSEDED
]
FOR_STAFF = re.compile(
    r"\.(facts\[|flow\.checks|flow\.controls|controls|flow\.outcomes|flow\.approval|flow\.stages\[\d+\]\.label|tables|scoring)"
)
"""Words of a package that only the desk shows."""
assert apps.ready


def parts_of(thing: Any) -> Iterator[tuple[str, Any]]:
    if dataclasses.is_dataclass(thing):
        yield from ((f".{part.name}", getattr(thing, part.name)) for part in dataclasses.fields(thing))
    elif isinstance(thing, dict):
        yield from ((f".{key}", each) for key, each in thing.items())
    elif isinstance(thing, tuple | list):
        yield from ((f"[{at}]", each) for at, each in enumerate(thing))


def words_in(thing: Any, path: str, seen: set[int]) -> Iterator[tuple[str, Words]]:
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, Words):
        if thing.marked:
            yield path, thing
        return
    for name, part in parts_of(thing):
        yield from words_in(part, path + name, seen)


def package_words() -> Iterator[tuple[str, Words]]:
    for folder in PACKAGES:
        for path, found in words_in(read_package(folder), folder.parent.name, set()):
            if not FOR_STAFF.search(path):
                yield path, found


def voices() -> Iterator[tuple[str, str, str, str]]:
    """Where, Japanese, English, easy: everything a resident may be shown."""
    for key, text in BOOK.items():
        yield key, *text
    for code, message in MESSAGES.items():
        yield f"messages.{code}", message.marked, message.en, message.easy_marked
    for path, found in package_words():
        yield path, found.marked, found.en, found.easy_marked


ALL = list(voices())


def test_everything_is_said_in_three_voices() -> None:
    assert len(ALL) > 600
    assert [where for where, ja, en, easy in ALL if not (ja and en and easy)] == []


def test_easy_japanese_is_easy() -> None:
    assert {where: faults for where, _, _, easy in ALL if (faults := faults_of(easy))} == {}


def test_english_is_english() -> None:
    """No Japanese is left in English but names of places and the language switch."""
    allowed = {"aids.language"}
    left = [where for where, _, en, _ in ALL if KANJI.search(en) and where not in allowed]
    assert left == []


def test_the_three_voices_fill_in_the_same_places() -> None:
    """A figure that the Japanese names may be left out in another voice, but none is invented."""
    place = re.compile(r"\{(\w+)\}")
    invented = [
        where
        for where, ja, en, easy in ALL
        if (set(place.findall(en)) | set(place.findall(easy))) - set(place.findall(ja)) - {"grade"}
    ]
    assert invented == []


def test_every_kanji_of_ours_has_its_reading() -> None:
    """After a new text: `python tools/make_readings.py`, look at the difference, commit it."""
    table = words.readings()
    bare = {
        where: missing
        for where, ja, _, easy in ALL
        if (missing := [*uncovered(table.pieces(ja)), *uncovered(table.pieces(easy))])
    }
    assert bare == {}


def test_readings_are_kana() -> None:
    wrong = [
        marked
        for marked in words.readings().marked.values()
        if any(not re.fullmatch(r"[ぁ-んァ-ヶー]+", reading) for reading in re.findall("《(.+?)》", marked))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("あ" * 51 + "です。", "長い"),
        ("ここを 見る。", "です・ます"),
        ("行かなければ なりません。", "二重の打消し"),
        ("ご記入いただきます。", "難しい敬語"),
    ],
)
def test_the_judge_of_easy_japanese_can_say_no(text: str, fault: str) -> None:
    assert fault in faults_of(text)[0]


def test_a_refusal_is_said_in_the_readers_language() -> None:
    refusal = Refusal("だめです。", next_step="待ってください。", code="registry.wrong_code")
    assert refused(refusal, Reader()) == str(refusal)
    assert "6 digits" in refused(refusal, Reader(language="en"))
    assert "番号が ちがいます" in refused(refusal, Reader(easy=True))
    unknown = Refusal("だめです。", next_step="待ってください。", code="x.y")
    assert "could not be done" in refused(unknown, Reader(language="en"))


TYPED = re.compile(r"<(dd|option|textarea|blockquote)\b.*?</\1>|<[^>]*\bdata-typed\b[^>]*>.*?</", re.DOTALL)
HIDDEN = re.compile(
    r"<head>.*?</head>|<svg.*?</svg>|<script.*?</script>|<ruby>.*?</ruby>|<[^>]*\bhidden-words\b[^>]*>.*?</(?:span|label)>|<!--.*?-->",
    re.DOTALL,
)


def without_reading(page: str) -> list[str]:
    """Words with kanji that stand on the page without furigana, without what people typed."""
    visible = TYPED.sub("<", HIDDEN.sub("", page))
    texts = re.findall(r">([^<]+)<", visible)
    return sorted({html.unescape(text).strip() for text in texts if KANJI.search(text)})


OWN_NAMES = {"サンプル市", "日本語", "言語"}
"""The town is told by its name, a language by its own."""


def shown(client: Any, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return [each for each in without_reading(answer.content.decode()) if each not in OWN_NAMES]


@pytest.mark.django_db
def test_furigana_stands_over_every_page(hikari: Any, settings: Any) -> None:
    """Through the whole portal with furigana on: only names of people, places and files are without."""
    hikari.cookies["furigana"] = "on"
    paper = begin(hikari)
    pages = ["/", "/search?q=見本", "/calendar/", "/about/accessibility/", "/about/privacy/",
             "/procedures/mihon-club/", f"{paper}child/", f"{paper}all/", f"{paper}saved/", f"{paper}drop/"]  # fmt: skip
    bare = {page: left for page in pages if (left := shown(hikari, page))}
    number = apply(hikari)
    own = f"/applications/{number}/"
    for page in ("/my/", own, f"{own}receipt/", f"{own}messages/", f"{own}documents/", f"{own}withdraw/"):
        if left := shown(hikari, page):
            bare[page] = left
    wrong = hikari.post(f"{begin(hikari)}child/", answers("child", child_birth="きのう"))
    bare["errors"] = [each for each in without_reading(wrong.content.decode()) if each not in OWN_NAMES]
    people = ("見本", "「見本」", "hikari", "花子", "子ども若者課", "中央クラブ")
    bare = {page: [each for each in left if not each.startswith(people)] for page, left in bare.items()}
    left = {page: left for page, left in bare.items() if left}
    assert left == {}, left


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cookies", "language"), [({}, "ja"), ({"easy": "on"}, "ja"), ({"language": "en"}, "en")]
)
def test_the_page_says_its_language(client: Any, cookies: dict[str, str], language: str) -> None:
    client.cookies.load(cookies)
    page = client.get("/").content.decode()
    assert f'<html lang="{language}"' in page
    other = "en" if language == "ja" else "ja"
    assert f'lang="{other}"' in page
