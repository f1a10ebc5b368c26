"""全文検索. Answers folded to one spelling, and found by pairs of characters: two are enough in Japanese.

`name_key` is the fold: kana, width, 異体字, spaces and punctuation do not matter. A pair of characters is one integer, so
that one index over integers finds every row that holds all pairs of a word; the folded text then decides.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from madoguchi.common.kana import fold_width
from madoguchi.common.names import name_key
from madoguchi.common.text import strip_controls
from madoguchi.ledgers.office.entering import enter_rows
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.answer_words import Plan, Told, told_answers, told_texts
from madoguchi.services.applications.models import Application, SearchText
from madoguchi.services.applications.search_rule import SEARCHED
from madoguchi.services.applications.states import Audience

SHORTEST = 2
"""Characters of the shortest word that can be looked for by itself."""
MOST_FOUND = 8000
"""Cases taken from the index at once; a word in more of them is looked for along the order of the list instead.

In a million cases a page is then found among the first 12,500 of the list at most, on the average; both ways take about as long."""
SNIPPET = 12
"""Characters shown before and behind what was found."""

FIND = """
SELECT application_id FROM applications_searchtext
WHERE audience = ANY(%s) AND {words} LIMIT %s
"""


@dataclass(frozen=True)
class Snippet:
    """Where a word was found: the field, and the text around it."""

    label: str
    before: str
    found: str
    after: str


def words_of(text: str) -> list[str]:
    """The folded words of what somebody typed; separators alone fold to nothing."""
    folded = (name_key(word) for word in fold_width(strip_controls(text)).split())
    return list(dict.fromkeys(word for word in folded if word))


def can_be_found(words: Sequence[str]) -> bool:
    """Whether at least one word is long enough for the index."""
    return any(len(word) >= SHORTEST for word in words)


def pairs(text: str) -> set[int]:
    """Each two characters in a row as one integer; lines are apart."""
    return {_pair(first, second) for line in text.split("\n") for first, second in pairwise(line)}


def _pair(first: str, second: str) -> int:
    if ord(first) < 0x10000 and ord(second) < 0x10000:
        packed = ord(first) << 16 | ord(second)
    else:
        # Two characters of which one lies outside the basic plane share a number with others: the text decides.
        packed = int.from_bytes(hashlib.blake2s(f"{first}{second}".encode(), digest_size=4).digest(), "big")
    return packed - 0x1_0000_0000 if packed >= 0x8000_0000 else packed


def search_texts(package: Any, application: Application) -> dict[Audience, str]:
    """What each audience can find of a case: number, names and answers in words, folded, a line each."""
    plain = [application.number, application.person_name, application.person_kana, application.applicant_name]
    told = list(told_answers(package, application.answers))
    everything = folded_lines([*plain, *(each.text for each in told)])
    if not any(each.sensitive for each in told):
        return {Audience.BOTH: everything}
    shown = folded_lines([*plain, *(each.text for each in told if not each.sensitive)])
    return {Audience.OPEN: shown, Audience.FULL: everything}


def folded_lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(line for text in texts if (line := name_key(text))))


@transaction.atomic
def keep_search_texts(applications: Sequence[Application]) -> None:
    """Enter what can be found of these cases anew, in the transaction that changes their answers."""
    SearchText.objects.filter(application__in=[each.pk for each in applications]).delete()
    enter_search_texts(applications)


def enter_search_texts(applications: Sequence[Application]) -> None:
    """Enter what can be found of new cases, in the transaction that receives them."""
    packages = {each.version_id: package_of(each.version_id).package for each in applications}
    enter_rows(
        SearchText,
        (
            {"application_id": each.pk, "audience": audience, "text": text, "grams": sorted(pairs(text))}
            for each in applications
            for audience, text in search_texts(packages[each.version_id], each).items()
        ),
    )


@transaction.atomic
def index_missing(limit: int = 500) -> int:
    """Enter search texts of cases that have none, from before there was a search; says how many."""
    missing = list(without_search_text().order_by("pk")[:limit])
    keep_search_texts(missing)
    return len(missing)


def without_search_text() -> QuerySet[Application]:
    """The cases that cannot be found by their answers yet."""
    return Application.objects.filter(~Exists(SearchText.objects.filter(application=OuterRef("pk"))))


def found_ids(words: Sequence[str], readers: Sequence[str], limit: int = MOST_FOUND) -> list[int] | None:
    """The cases that hold every word, or None when there are more than `limit`."""
    looked_for = {pair for word in words for pair in pairs(word)}
    holds = " AND ".join(["strpos(text, %s) > 0"] * len(words))
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        _look_for(cursor, "{" + ",".join(map(str, sorted(looked_for))) + "}")
        cursor.execute(FIND.format(words=holds), [list(readers), *words, limit + 1])
        ids = [row[0] for row in cursor.fetchall()]
        _look_for(cursor, "")
    return None if len(ids) > limit else ids


def _look_for(cursor: Any, pairs_of_words: str) -> None:
    cursor.execute(f"SELECT set_config('{SEARCHED}', %s, true)", [pairs_of_words])


def snippets(
    plan: Plan, answers: Mapping[str, Any], words: Sequence[str], powers: Iterable[Power], most: int = 2
) -> list[Snippet]:
    """Where the words stand in the answers that somebody with these powers may read."""
    withheld = frozenset() if Power.SEE_SENSITIVE in powers else plan.hidden
    found: dict[str, Snippet] = {}
    for place, text in told_texts(plan, answers):
        folded = _folded(text)
        word = next((word for word in words if word in folded), None)
        if word is None or (one := place.told(text, withheld)).sensitive:
            continue
        found.setdefault(one.label, _snippet(one, word))
        if len(found) == most:
            break
    return list(found.values())


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    return name_key(text)


def _snippet(told: Told, word: str) -> Snippet:
    places = [(at, folded) for at, char in enumerate(told.text) for folded in _folded(char)]
    start = "".join(folded for _, folded in places).find(word)
    if start < 0:
        return Snippet(told.label, "", told.text[: SNIPPET * 2], "")
    first, last = places[start][0], places[start + len(word) - 1][0] + 1
    return Snippet(
        told.label,
        told.text[max(0, first - SNIPPET) : first],
        told.text[first:last],
        told.text[last : last + SNIPPET],
    )
