"""Is a text やさしい日本語? Checks a machine can make; that it is clear only people can say.

After 「在留支援のためのやさしい日本語ガイドライン」 (出入国在留管理庁・文化庁, 2020): short sentences, です・ます, no double
negatives, no honorific piles.
"""

import re

LONGEST = 50
_MARK = re.compile(r"[｜]|《[^》]*》")
_PLACE = re.compile(r"\{[a-z_-]+\}")
_DOUBLE_NEGATIVE = re.compile(
    r"ない\s*わけ|なく\s*は\s*ない|なく\s*も\s*ない|ない\s*こと\s*(は|も)\s*(ない|ありません)"
    r"|ざる\s*を\s*得|なけれ\s*ば\s*(なりません|ならない)|ず\s*に\s*は|ない\s*(もの|と)\s*は\s*(限|言え)"
)
_HONORIFIC = re.compile(r"(いただき|いただけ|させて|ございますよう|存じ|賜|ご利用になれ|お申し付け)")
_POLITE = re.compile(
    r"(です|ます|ません|でした|ました|ませんでした|ください|ましょう|ますか|ですか|でしょうか|ありがとう ?ございます)[」）]?$"
)


def faults_of(text: str) -> list[str]:
    """What is wrong with one easy text, sentence by sentence; empty when nothing is.

    Headings and labels (without 。) need not be polite.
    """
    plain = _PLACE.sub("〇〇", _MARK.sub("", text))
    found = []
    for line in plain.splitlines():
        for sentence in re.findall(r"[^。]+。?", line):
            found += _faults_of_sentence(sentence.strip())
    return found


def _faults_of_sentence(sentence: str) -> list[str]:
    found = []
    ended = sentence.endswith("。")
    words = sentence.rstrip("。")
    if len(words.replace(" ", "").replace("　", "")) > LONGEST:
        found.append(f"長い（{len(words)}文字）：{words}")
    if ended and not _POLITE.search(words):
        found.append(f"です・ますで終わらない：{words}")
    if _DOUBLE_NEGATIVE.search(words):
        found.append(f"二重の打消し：{words}")
    if _HONORIFIC.search(words):
        found.append(f"難しい敬語：{words}")
    return found
