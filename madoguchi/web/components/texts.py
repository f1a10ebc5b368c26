"""Fixed sentences of the screens in Japanese, English and やさしい日本語, by key: `{% t "key" count=3 %}`.

Each face adds its own sentences with `add`; a test reads the whole book for a missing language.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Text(NamedTuple):
    ja: str
    en: str
    easy: str


BOOK: dict[str, Text] = {}


def add(texts: Mapping[str, tuple[str, str, str]]) -> None:
    BOOK.update({key: Text(*text) for key, text in texts.items()})


def say(key: str, voice: str = "ja", **parts: object) -> str:
    """The marked text; furigana is shown or taken off by `words.shown`."""
    text = getattr(BOOK[key], voice)
    return text.format(**parts) if parts else text


add(
    {
        "aids.name": ("｜読《よ》みやすくする", "Reading aids", "｜読《よ》みやすく する"),
        "aids.easy": ("やさしい", "Easy Japanese", "やさしい"),
        "aids.easy-on": ("｜日本語《にほんご》 オン", "on", "｜日本語《にほんご》 オン"),
        "aids.easy-off": ("｜日本語《にほんご》", "off", "｜日本語《にほんご》"),
        "aids.furigana": ("ふりがな", "Furigana", "ふりがな"),
        "aids.furigana-on": ("あり", "on", "あり"),
        "aids.furigana-off": ("なし", "off", "なし"),
        "aids.size": ("｜文字《もじ》サイズ", "Text size", "｜文字《もじ》の ｜大《おお》きさ"),
        "aids.size-standard": ("｜標準《ひょうじゅん》", "Standard", "ふつう"),
        "aids.size-large": ("｜大《だい》", "Large", "｜大《おお》きい"),
        "aids.size-huge": ("｜特大《とくだい》", "Largest", "とても ｜大《おお》きい"),
        "aids.language": ("Language", "言語", "Language"),
        "field.must": ("｜必須《ひっす》", "Required", "かならず"),
        "field.may": ("なくても｜可《か》", "Optional", "なくても いい"),
        "field.choose": ("｜選《えら》んでください", "Please choose", "えらんで ください"),
        "field.family": ("｜姓《せい》", "Family name", "｜名字《みょうじ》"),
        "field.given": ("｜名《めい》", "Given name", "｜名前《なまえ》"),
        "field.family-kana": ("セイ（かな）", "Family name (kana)", "みょうじ（かな）"),
        "field.given-kana": ("メイ（かな）", "Given name (kana)", "なまえ（かな）"),
        "field.postcode": ("｜郵便番号《ゆうびんばんごう》", "Postcode", "｜郵便番号《ゆうびんばんごう》"),
        "field.look-up": (
            "｜住所《じゅうしょ》を｜探《さが》す",
            "Find the address",
            "｜住所《じゅうしょ》を さがす",
        ),
        "field.town": (
            "｜市区町村《しくちょうそん》・｜町名《ちょうめい》",
            "City and town",
            "｜市《し》と ｜町《まち》の ｜名前《なまえ》",
        ),
        "field.block": ("｜番地《ばんち》", "Block and house number", "｜番地《ばんち》"),
        "field.building": (
            "｜建物名《たてものめい》・｜部屋番号《へやばんごう》",
            "Building and room",
            "たてものの ｜名前《なまえ》と ｜部屋《へや》の ｜番号《ばんごう》",
        ),
        "field.yes": ("はい", "Yes", "はい"),
        "field.no": ("いいえ", "No", "いいえ"),
        "field.rank": (
            "｜第《だい》{rank}｜希望《きぼう》",
            "Choice {rank}",
            "{rank}｜番目《ばんめ》に いきたい ところ",
        ),
        "field.rank-up": ("{rank}を｜上《うえ》へ", "Move {rank} up", "{rank}を ｜上《うえ》へ"),
        "field.rank-down": ("{rank}を｜下《した》へ", "Move {rank} down", "{rank}を ｜下《した》へ"),
        "field.rank-remove": ("{rank}を｜消《け》す", "Remove {rank}", "{rank}を ｜消《け》す"),
        "field.rank-more": ("{rank}を｜足《た》す", "Add {rank}", "{rank}を ふやす"),
        "field.place": (
            "｜定員《ていいん》{capacity}｜人《にん》・{closes}まで",
            "{capacity} places, open until {closes}",
            "{capacity}｜人《にん》・{closes}まで",
        ),
        "field.row": ("{number}｜人目《にんめ》・{number}｜件目《けんめ》", "Entry {number}", "{number}つめ"),
        "field.row-named": ("{label} {number}", "{label} {number}", "{label} {number}"),
        "field.row-add": ("{label}を｜足《た》す", "Add {label}", "{label}を ふやす"),
        "field.row-remove": ("この｜欄《らん》を｜消《け》す", "Remove this entry", "ここを ｜消《け》す"),
        "field.file-choose": (
            "｜写真《しゃしん》かファイルを｜選《えら》ぶ",
            "Choose a photo or file",
            "｜写真《しゃしん》か ファイルを えらぶ",
        ),
        "field.file-add": ("｜付《つ》ける", "Attach", "つける"),
        "field.file-kinds": (
            "PDF・JPEG・PNG など。1つ 10MB まで。",
            "PDF, JPEG, PNG and others, up to 10 MB each.",
            "PDF・JPEG・PNGを つける ことが できます。1つ 10MB までです。",
        ),
        "field.file-remove": ("{name} を｜外《はず》す", "Remove {name}", "{name} を はずす"),
        "field.file-later": (
            "いまなくても｜申請《しんせい》できます。あとから｜出《だ》せます。",
            "You can apply without it and send it later.",
            "いま なくても いいです。あとから ｜出《だ》す ことが できます。",
        ),
        "field.known": (
            "｜住民登録《じゅうみんとうろく》から",
            "From the resident register",
            "｜市《し》が しっている こと",
        ),
        "field.yen": ("｜円《えん》", "yen", "｜円《えん》"),
    }
)
