"""Make the table of readings (furigana) from every Japanese text a resident may be shown.

    PYTHONPATH=. python tools/make_readings.py

Needs fugashi and unidic-lite (requirements-dev). The table is a file to be read and reviewed; what the analyser gets
wrong is put right in readings_by_hand.csv, which wins. Nothing of this runs in the product.
"""

import ast
import csv
import os
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import fugashi

sys.path.insert(0, ".")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
from madoguchi.common.furigana import AFTER_DIGIT, KANJI, MARK, Readings, with_marks
from madoguchi.common.kana import to_hiragana

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "madoguchi/web/components"
OUT, HAND = FOLDER / "readings.csv", FOLDER / "readings_by_hand.csv"
CODE = [
    *FOLDER.glob("*.py"),
    *(ROOT / "madoguchi/web/resident").rglob("*.py"),
    *(ROOT / "madoguchi").rglob("errors.py"),
    *(ROOT / "madoguchi/ledgers/procedures").glob("*.py"),
    *(ROOT / "madoguchi/ledgers/documents").glob("*.py"),
    *(ROOT / "madoguchi/services/allocation").glob("expl*.py"),
]
TAGGER = fugashi.Tagger()
DIGITS = frozenset("0123456789０１２３４５６７８９}")


def texts() -> Iterator[str]:
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from node.value.splitlines()
    for file in sorted((ROOT / "packages").rglob("*.toml")):
        if file.name != "examples.toml":
            yield from strings(tomllib.loads(file.read_text(encoding="utf-8")))
    for file in sorted((ROOT / "packages").rglob("*.csv")):
        yield from (cell for row in csv.reader(file.open(encoding="utf-8")) for cell in row)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.splitlines()
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def runs(text: str) -> list[tuple[str, str, str]]:
    """Runs of neighbouring words with kanji: (words, marked, what follows), and each word alone."""
    found: list[tuple[str, str, str]] = []
    tokens = [(word.surface, word.feature.kana or "", word.white_space) for word in TAGGER(text)]
    at = 0
    while at < len(tokens):
        end = at
        while (
            end < len(tokens)
            and KANJI.search(tokens[end][0])
            and tokens[end][1]
            and not (end > at and tokens[end][2])
        ):
            end += 1
        counts = at > 0 and tokens[at - 1][0][-1:] in DIGITS and not tokens[at][2]
        if end > at and counts:
            words = "".join(token[0] for token in tokens[at:end])
            found.append(
                (
                    AFTER_DIGIT + words,
                    "".join(with_marks(t[0], to_hiragana(t[1])) for t in tokens[at:end]),
                    "",
                )
            )
            found += [(t[0], with_marks(t[0], to_hiragana(t[1])), "") for t in tokens[at + 1 : end]]
        elif end > at:
            words = "".join(token[0] for token in tokens[at:end])
            marked = "".join(with_marks(token[0], to_hiragana(token[1])) for token in tokens[at:end])
            found.append((words, marked, tokens[end][0] if end < len(tokens) and not tokens[end][2] else ""))
            found += [(token[0], with_marks(token[0], to_hiragana(token[1])), "") for token in tokens[at:end]]
        at = max(end, at + 1)
    return found


def marked_by_hand(text: str) -> Iterator[tuple[str, str]]:
    """Words with their marks as somebody wrote them; a single kanji with the kana that tells how it is read."""
    for mark in MARK.finditer(text):
        word, after = mark[1] or mark[2], ""
        if len(word) == 1:
            after = re.match("[ぁ-ん]?", text[mark.end() :])[0]  # type: ignore[index]
        if len(word) > 1 or after:
            yield word + after, f"｜{word}《{mark[3]}》{after}"


def counted() -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for text in dict.fromkeys(texts()):
        for word, marked in marked_by_hand(text):
            written[word][marked] += 1
        plain = MARK.sub(lambda mark: mark[1] or mark[2], text)
        if not KANJI.search(plain):
            continue
        for word, marked, after in runs(plain):
            seen[word][marked] += 1
            if after and not KANJI.search(after) and len(after) < 4:
                seen[word + after][marked + after] += 1
    return seen, written


def made() -> dict[str, str]:
    """The commonest reading of each word; a longer key only where it reads otherwise than the shorter."""
    seen, written = counted()
    table = {word: marks.most_common(1)[0][0] for word, marks in seen.items()}
    table |= {word: marks.most_common(1)[0][0] for word, marks in written.items()}
    slim: dict[str, str] = {}
    for word in sorted(table, key=len):
        if word.startswith(AFTER_DIGIT) or (
            KANJI.match(word) and "".join(marks_of(Readings(slim.items()), word)) != flat(table[word])
        ):
            slim[word] = table[word]
    return slim


def is_word(word: str) -> bool:
    """No piece of a format string, no list of weekdays."""
    return not re.search(r"[%/(){}:「」（）・.]", word) and "水木" not in word


def marks_of(readings: Readings, word: str) -> list[str]:
    return [reading or words for words, reading in readings.pieces(word)]


def flat(marked: str) -> str:
    return MARK.sub(lambda mark: mark[3], marked)


def main() -> None:
    hand = {row["word"]: row["marked"] for row in csv.DictReader(HAND.open(encoding="utf-8"))}
    whole = tuple(word for word in hand if len(word) > 1 and not word.startswith(AFTER_DIGIT))
    table = {word: marked for word, marked in made().items() if is_word(word) and not word.startswith(whole)}
    table = {word: marked for word, marked in table.items() if word not in hand}
    with OUT.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["word", "marked"])
        out.writerows(sorted(table.items()))
    sys.stdout.write(f"{len(table)} words, {len(hand)} by hand\n")


if __name__ == "__main__":
    main()
