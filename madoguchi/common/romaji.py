"""Latin letters as people type Japanese, in Hepburn or 訓令式, as hiragana."""

import re

_VOWELS = "aiueo"
_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ", "m": "まみむめも",
    "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}  # fmt: skip
_PALATAL = {
    "ky": "き", "sh": "し", "sy": "し", "ch": "ち", "ty": "ち", "cy": "ち", "ny": "に", "hy": "ひ", "my": "み", "ry": "り", "gy": "ぎ",
    "j": "じ", "jy": "じ", "zy": "じ", "by": "び", "py": "ぴ",
}  # fmt: skip
_KANA = {head + vowel: kana for head, row in _ROWS.items() for vowel, kana in zip(_VOWELS, row, strict=True)}
_KANA |= {
    head + vowel: kana + small
    for head, kana in _PALATAL.items()
    for vowel, small in zip("auo", "ゃゅょ", strict=True)
}
_KANA |= {
    "ya": "や", "yu": "ゆ", "yo": "よ", "wa": "わ", "wo": "を", "shi": "し", "chi": "ち", "tsu": "つ", "fu": "ふ",
    "ji": "じ", "je": "じぇ", "fa": "ふぁ", "fi": "ふぃ", "fe": "ふぇ", "fo": "ふぉ", "ti": "ち", "thi": "てぃ",
}  # fmt: skip
_SYLLABLE = re.compile(
    "|".join(sorted(_KANA, key=len, reverse=True)) + r"|n(?=[^aiueoy]|$)|([kstpgzdbcjmrhf])(?=\1)|tc(?=h)|-"
)


def kana_of(latin: str) -> str:
    """gakudou is がくどう, hikkoshi ひっこし; empty when it is no romaji, such as English."""
    text = re.sub("[ ']", "", latin.casefold().replace("ō", "ou").replace("ū", "uu"))
    found, at = "", 0
    while at < len(text):
        syllable = _SYLLABLE.match(text, at)
        if syllable is None:
            return ""
        found += _kana(syllable[0])
        at = syllable.end() if syllable[0] != "tc" else at + 1
    return found


def _kana(syllable: str) -> str:
    if syllable in _KANA:
        return _KANA[syllable]
    return {"n": "ん", "-": "ー"}.get(syllable, "っ")
