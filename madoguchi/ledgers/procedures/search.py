"""Finding a procedure by what people say: kana or kanji, romaji, other words, small slips. Pure, no framework.

`synonyms.csv` turns spoken words into official ones. Everything is compared in one folded form (hiragana, half width,
small letters, long sounds and okurigana of a few words levelled). What is found is ranked; a slip costs rank.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from madoguchi.common.kana import fold_width, to_hiragana
from madoguchi.common.romaji import kana_of

SYNONYMS = Path(__file__).parent / "synonyms.csv"
LONGEST_QUERY = 100
WEAK = 0.35
"""Below this share of the best score a hit is noise, and below this share of its letter pairs a word is not found."""

SURE = 1.0
"""A whole word found. Below it the parts of what was said are tried one by one."""
_PARTICLES = re.compile("[をがにはのとでへもや]")
_LEVELLED = (
    ("引っ越し", "引越"), ("引っ越す", "引越"), ("引越し", "引越"), ("引越す", "引越"), ("子供", "子ども"), ("こども", "子ども"),
    ("届け出", "届"), ("届出", "届"), ("届け", "届"), ("手続き", "手続"), ("申し込み", "申込"), ("申込み", "申込"), ("受け付け", "受付"),
    ("障がい", "障害"), ("ゔぁ", "ば"), ("ヶ", "か"),
)  # fmt: skip
_ENDINGS = re.compile(
    r"(?:の)?(?:手続|申請|申込|方法|やり方|仕方|しかた|てつづき)(?:を|は|が)?(?:し?たい.*|する.*|ください|教えて.*)?$"
    r"|(?:について|に関する|のこと|のため|の書類)$"
    r"|(?:を|が|は|に|へ|の|で|も)?(?:したい|ほしい|欲しい|もらいたい|知りたい|教えて|ください|どうする|どうしたらいい|どこ|いつ)[?？。!]*$"
)
_NOISE = re.compile(r"[\s、。・「」『』（）()!?！？,.:：/／~〜\-]+")
_LATIN = re.compile(r"[a-z' -]+")


@dataclass(frozen=True, order=True)
class Entry:
    """One procedure as it can be found. `names` may hold its reading and its names in other languages."""

    key: str
    names: tuple[str, ...]
    words: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True)
class Hit:
    key: str
    score: float


@dataclass(frozen=True)
class _Text:
    folded: str
    pairs: frozenset[str]
    weight: float


@dataclass(frozen=True)
class Index:
    """Made once for a set of procedures; `find` answers in well under a millisecond for a hundred of them."""

    texts: Mapping[str, tuple[_Text, ...]]
    rare: Mapping[str, float]
    spoken: Mapping[str, tuple[str, ...]]
    by_pair: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unheard: float = 1.0

    def find(self, query: str, limit: int = 20) -> list[Hit]:
        """The best first; nothing at all when nothing is near."""
        said = phrases(query)
        scores = self._scored(said)
        if max(scores.values(), default=0.0) < SURE:
            for key, score in self._scored(parts_of(said)).items():
                scores[key] += 0.8 * score
        return _ranked(scores, limit)

    def _scored(self, said: Sequence[str]) -> dict[str, float]:
        scores: dict[str, float] = defaultdict(float)
        meant = self.meant(said)
        asked = [(phrase, self._rarity_of(pairs_of(phrase))) for phrase in said]
        for key, texts in self.texts.items():
            scores[key] += sum(
                weight * max(_held(official, text) for text in texts) for official, weight in meant.items()
            )
            scores[key] += sum(
                max(likeness(phrase, typed, text) for text in texts) for phrase, typed in asked
            )
        return scores

    def _rarity_of(self, pairs: Iterable[str]) -> dict[str, float]:
        return {pair: self.rare.get(pair, self.unheard) for pair in pairs}

    def meant(self, said: Sequence[str]) -> dict[str, float]:
        """Official words behind the spoken ones. Of overlapping spoken words only the longest counts."""
        meant: dict[str, float] = defaultdict(float)
        for phrase in said:
            for spoken, sureness in self._heard(phrase).items():
                for place, official in enumerate(self.spoken[spoken]):
                    meant[official] = max(meant[official], sureness * (1 - 0.06 * place))
        return meant

    def _heard(self, phrase: str) -> dict[str, float]:
        inside = [spoken for spoken in self._near(phrase) if spoken in phrase and _whole(spoken, phrase)]
        longest = [each for each in inside if not any(each != more and each in more for more in inside)]
        heard = {each: 1.0 + len(each) / max(len(phrase), 1) for each in longest}
        return heard or self._misheard(phrase)

    def _misheard(self, phrase: str) -> dict[str, float]:
        """Spoken words within a slip or two, only when nothing was said exactly."""
        found = {}
        for spoken in self._near(phrase):
            slips = slips_allowed(min(len(spoken), len(phrase)))
            if slips and (distance := bounded_distance(spoken, phrase, slips)) <= slips:
                found[spoken] = 1.4 - 0.3 * distance
            elif len(phrase) > 2 and spoken.startswith(phrase):
                found[spoken] = 0.9 * len(phrase) / len(spoken)
        best = max(found.values(), default=0)
        return {spoken: sure for spoken, sure in found.items() if sure >= best - 0.1}

    def _near(self, phrase: str) -> set[str]:
        near: set[str] = set()
        for pair in pairs_of(phrase):
            near |= self.by_pair.get(pair, frozenset())
        return near


def likeness(phrase: str, typed: Mapping[str, float], text: _Text) -> float:
    """How much of the phrase stands in the text, by rare letter pairs; whole words count more."""
    common = typed.keys() & text.pairs
    if not common:
        return 0.0
    whole = _held(phrase, text)
    if whole:
        return 1.2 * whole
    share = sum(typed[pair] for pair in common) / sum(typed.values())
    return text.weight * share if share >= WEAK else 0.0


def _held(phrase: str, text: _Text) -> float:
    """1 and more when the whole phrase stands in the text; more when it is most of it."""
    if len(phrase) > 1 and phrase in text.folded:
        early = 0.1 if text.folded.startswith(phrase) else 0.0
        return text.weight * (1.0 + early + 0.5 * len(phrase) / len(text.folded))
    return 0.0


def _whole(spoken: str, phrase: str) -> bool:
    """Latin letters count as whole words only: tax is not in taxi."""
    if not _LATIN.fullmatch(spoken):
        return True
    return re.search(rf"(?<![a-z]){re.escape(spoken)}(?![a-z])", phrase) is not None


def _ranked(scores: Mapping[str, float], limit: int) -> list[Hit]:
    best = max(scores.values(), default=0.0)
    hits = [Hit(key, score) for key, score in scores.items() if score > 0.3 and score >= WEAK * best]
    return sorted(hits, key=lambda hit: (-hit.score, hit.key))[:limit]


def index_of(entries: Iterable[Entry], synonyms: Mapping[str, tuple[str, ...]] | None = None) -> Index:
    """An index over any number of procedures, with the shipped synonyms unless others are given."""
    spoken = shipped_synonyms() if synonyms is None else synonyms
    texts = {entry.key: tuple(_texts_of(entry)) for entry in entries}
    seen = Counter(
        pair for each in texts.values() for pair in frozenset().union(*(text.pairs for text in each))
    )
    by_pair: dict[str, set[str]] = defaultdict(set)
    for word in spoken:
        for pair in pairs_of(word):
            by_pair[pair].add(word)
    rare = {pair: _rarity(len(texts), count) for pair, count in seen.items()}
    return Index(
        texts,
        rare,
        spoken,
        {pair: frozenset(words) for pair, words in by_pair.items()},
        _rarity(len(texts), 0),
    )


def _rarity(of: int, count: int) -> float:
    return math.log(1 + of / (1 + count)) + 0.2


def _texts_of(entry: Entry) -> Iterable[_Text]:
    mixed = frozenset().union(*(pairs_of(fold(name)) for name in entry.names))
    yield _Text("\n", mixed, 0.9)
    for weight, parts in ((1.0, entry.names), (1.0, entry.words), (0.5, (entry.summary,))):
        for part in parts:
            folded = fold(part)
            if folded:
                yield _Text(folded, frozenset(pairs_of(folded)), weight)


@lru_cache(maxsize=1)
def shipped_synonyms() -> Mapping[str, tuple[str, ...]]:
    """What people say, folded, to the official words, folded."""
    with SYNONYMS.open(encoding="utf-8", newline="") as file:
        return read_synonyms(csv.DictReader(file))


def read_synonyms(rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """Rows `spoken,official`, each with | between alternatives; a word in several rows means all of them."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        officials = [fold(official) for official in row["official"].split("|")]
        for spoken in row["spoken"].split("|"):
            found[fold(spoken)] |= dict.fromkeys(officials)
    return {spoken: tuple(officials) for spoken, officials in found.items() if spoken}


def fold(text: str) -> str:
    """One spelling for many: ガクドウ, がくどう and ｶﾞｸﾄﾞｳ; 引っ越し and 引越し; no spaces, no marks."""
    folded = to_hiragana(fold_width(text)).casefold()
    for written, level in _LEVELLED:
        folded = folded.replace(to_hiragana(written), level)
    if _LATIN.fullmatch(folded.strip()):
        return " ".join(folded.split())
    return _NOISE.sub("", folded)


def phrases(query: str) -> list[str]:
    """What was asked, folded: the whole, its words, and romaji also as kana; without 〜したい and the like."""
    text = fold_width(query[:LONGEST_QUERY]).strip()
    parts = [text, *(text.split() if len(text.split()) > 1 else [])]
    found: dict[str, None] = {}
    for part in parts:
        folded = without_endings(fold(part))
        if folded:
            found[folded] = None
            if _LATIN.fullmatch(folded):
                found |= dict.fromkeys([fold(kana)] if (kana := kana_of(folded)) else [])
    return list(found)


def without_endings(folded: str) -> str:
    """引越の手続をしたい is 引越; a question that is nothing but endings stays as it is."""
    before = ""
    text = folded
    while text != before and text:
        before, text = text, _ENDINGS.sub("", text)
    return text or folded


def parts_of(said: Sequence[str]) -> list[str]:
    """What stands between the particles: 犬を飼い始めた is 犬 and 飼い始めた."""
    parts = [part for phrase in said for part in _PARTICLES.split(phrase)]
    return list(dict.fromkeys(part for part in parts if part and not re.fullmatch("[ぁ-ん]", part)))


def pairs_of(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


def slips_allowed(length: int) -> int:
    return 0 if length < 4 else 1 if length < 8 else 2


def bounded_distance(one: str, other: str, most: int) -> int:
    """Edit distance with neighbours swapped as one slip; `most` + 1 as soon as it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != against))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against
            now.append(min(cost, before[column - 2] + 1) if swapped else cost)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return last[-1]
