"""Width and kana: one spelling out of the many a keyboard, a core system or a bank file may give."""

import re
import unicodedata

_WIDTH_FORMS = re.compile("[\u3000\uff01-\uffee]+")
_DECOMPOSED_KANA = re.compile("[\u3041-\u30ff][\u3099\u309a]")
_KANA_ONLY = re.compile("[\u3041-\u3096\u309d\u309e\u30a1-\u30fe \u3000]+")
_KATAKANA_ONLY = re.compile("[\u30a1-\u30fe \u3000]+")
_HYPHENS = re.compile("[\u2010-\u2015\u2212\u30fc\ufe58\ufe63\uff0d\uff70]")
_HYPHEN_IN_KANA = re.compile("(?<=[\u30a1-\u30fc])[-\u2010-\u2015\u2212]")

_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_TO_HIRAGANA = {katakana: hiragana for hiragana, katakana in _TO_KATAKANA.items()}
_TO_WIDE_ASCII = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_TO_HALF_KANA = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF61, 0xFFA0)}
# Half width has no ヮヰヱヵヶ; offices write the plain sound.
_TO_HALF = str.maketrans(_TO_HALF_KANA | {"ヮ": "ﾜ", "ヰ": "ｲ", "ヱ": "ｴ", "ヵ": "ｶ", "ヶ": "ｹ"})

_PLAIN_SOUND = str.maketrans("ァィゥェォッャュョヮヵヶヰヱヲヂヅヴ", "アイウエオツヤユヨワカケイエオジズブ")
_VOWEL_ROWS = {
    "ア": "アカサタナハマヤラワガザダバパ",
    "イ": "イキシチニヒミリギジビピ",
    "ウ": "ウクスツヌフムユルグズブプ",
    "エ": "エケセテネヘメレゲゼデベペ",
    "オ": "オコソトノホモヨロゴゾドボポ",
}
_VOWEL_OF = {sound: vowel for vowel, row in _VOWEL_ROWS.items() for sound in row}


def fold_width(text: str) -> str:
    """Full-width letters and digits become half width, half-width kana become full width, 全角 space a space.

    Nothing else changes: unlike NFKC on the whole text, ㈱, ① and every kanji stay as they were written.
    """
    return _WIDTH_FORMS.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)


def fold_hyphens(text: str) -> str:
    """Every stroke that stands for a hyphen (－ ー ― − ‐) becomes -. For numbers, never for kana."""
    return _HYPHENS.sub("-", text)


def fold_kana(text: str) -> str:
    """Fold width, then write every hiragana as katakana: the form in which furigana is kept."""
    joined = _DECOMPOSED_KANA.sub(lambda pair: unicodedata.normalize("NFC", pair[0]), fold_width(text))
    return joined.translate(_TO_KATAKANA)


def to_hiragana(text: str) -> str:
    """Furigana as hiragana, for readers of やさしい日本語."""
    return fold_kana(text).translate(_TO_HIRAGANA)


def to_full_width(text: str) -> str:
    """Everything in full width, as core systems keep names and addresses."""
    return fold_width(text).translate(_TO_WIDE_ASCII)


def to_half_width(text: str) -> str:
    """Half-width kana, letters and digits, as bank files ask; kanji and the like stay."""
    return unicodedata.normalize("NFC", _split_voice_marks(fold_kana(text)).translate(_TO_HALF))


def _split_voice_marks(text: str) -> str:
    return "".join(
        unicodedata.normalize("NFD", char) if "\u30a1" <= char <= "\u30ff" else char for char in text
    )


def is_kana(text: str) -> bool:
    """Is this a reading: kana of any kind and width, with ー, ・ and spaces, and not empty?"""
    return bool(text.strip()) and _KANA_ONLY.fullmatch(fold_kana(text)) is not None


def is_katakana(text: str) -> bool:
    """As is_kana, for full-width katakana only: the form in which furigana is kept."""
    return bool(text.strip()) and _KATAKANA_ONLY.fullmatch(text) is not None


def kana_key(text: str) -> str:
    """A key for finding a reading. Equal keys mean "look at both", never "the same person".

    Spaces, ・, width, hiragana, small kana and long sounds do not matter: おおの, オーノ and ｵｳﾉ share a key,
    while オノ (小野) keeps its own.
    """
    written = _HYPHEN_IN_KANA.sub("ー", fold_kana(text)).translate(_PLAIN_SOUND)
    key = ""
    for char in written:
        if not char.isspace() and char != "・":
            key += _sound(char, _VOWEL_OF.get(key[-1:], ""))
    return key


def _sound(char: str, vowel_before: str) -> str:
    if char == "ー":
        return vowel_before
    if (vowel_before, char) in {("オ", "ウ"), ("エ", "イ")}:
        return vowel_before
    return char
