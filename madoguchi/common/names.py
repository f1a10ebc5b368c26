"""Keys for finding names. Never show a key: a person's name is shown as it is registered."""

import re
import unicodedata
from collections.abc import Iterable

from madoguchi.common.kana import fold_kana

_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LATIN_ACCENTS = re.compile("[\u0300-\u036f]")
_SEPARATORS = re.compile(r"[\s・･.,，．、'’\-‐-―−]")

# Each row: the form of the key, then forms written for the same name. 斎 and 斉 are two characters with two
# histories, but 斎藤 and 斉藤 are mistaken for each other daily, so finding treats them as one.
_ROWS = """
斎斉齋齊斋 辺邉邊 崎﨑嵜 高髙 浜濱濵 桜櫻 沢澤 広廣 国國囯 島嶋嶌 竜龍 滝瀧 真眞 恵惠 徳德
栄榮 条條 穂穗 実實 学學 寿壽 与與 蔵藏 豊豐 礼禮 静靜 青靑 清淸 曽曾 富冨
涼凉 峰峯 館舘 万萬 弥彌 祢禰 芦蘆 鉄鐵鐡 塩鹽 鴎鷗 園薗 船舩 吉𠮷 土圡 桑桒
柳栁 栃杤 槙槇 淵渕渊 遥遙 瑶瑤 尭堯 巌巖 岳嶽 会會 来來 伝傳 児兒 円圓 増增
壮壯 将將 従從 戸戶 教敎 数數 晋晉 暁曉 横橫 歳歲 毎每 気氣 渋澁澀 済濟 瀬瀨
灯燈 為爲 当當 禄祿 稲稻 糸絲 経經 緑綠 縁緣 緒緖 県縣 声聲 聡聰 粛肅 荘莊
茎莖 芸藝 薬藥 蛍螢 証證 譲讓 転轉 郷鄕 釈釋 録錄 鎮鎭 鶏鷄 麦麥 黄黃 黒黑
彦彥 顔顏 勲勳 亜亞 仏佛 団團 図圖 寛寬 宝寶寳 峡峽 厳嚴 応應 楽樂 楼樓 様樣
検檢 狭狹 独獨 帰歸 鶴靏靍鸖 亀龜 籠篭 檜桧 壺壷 蝉蟬 頼賴 昇曻 昂昻 恒恆 悦悅
郎郞 間閒 隠隱 霊靈 乗乘 内內 剣劍劔剱劒 巻卷 即卽 呉吳 啓啟 喜㐂 野埜 奥奧 姫姬
尚尙 巣巢 帯帶 弾彈 慎愼 収收 晩晚 松枩 枡桝 柏栢 浅淺 浩澔 渉涉 渓溪 満滿
熙煕凞 炉爐 畳疊 穣穰 並竝 薮藪籔 莱萊 蒋蔣 虎乕 衛衞 装裝 謡謠 随隨 雑雜 頬頰
髪髮 齢齡 翠翆 兎兔 餅餠 蓑簑 刃刄 冴冱 闘鬪鬭 関關 闊濶 処處 舎舍 倶俱 侠俠
祷禱 諌諫 鯵鰺 竈竃 麹麴 醤醬 繋繫 蝋蠟
"""


def _folding(rows: str) -> dict[int, str]:
    return {ord(form): row[0] for row in rows.split() for form in row[1:] if form != row[0]}


_VARIANTS = str.maketrans(_folding(_ROWS))
_FOLDED = _VARIANTS | str.maketrans("ヶヵ", "ケカ")


def strip_variation_selectors(text: str) -> str:
    """The plain characters of a name kept with IVS; what remains is what an ordinary font can show."""
    return _VARIATION_SELECTORS.sub("", text)


def usual_form(text: str, characters: Iterable[str]) -> str:
    """The name with these characters in their usual form (𠮷 吉, 﨑 崎); one without a usual form stays as it is."""
    usual = {
        ord(char): _VARIANTS[ord(char)] for char in characters if len(char) == 1 and ord(char) in _VARIANTS
    }
    return text.translate(usual)


def name_key(text: str) -> str:
    """A key for finding a name however it was typed. Equal keys mean "look at both", never "the same person".

    IVS, 異体字 (髙 高, 邉 邊 辺, 齋 斎 斉), compatibility characters, width, case, accents, spaces, 々
    and hiragana or katakana do not matter. Characters of the private use area have no plain form and stay.
    """
    plain = unicodedata.normalize("NFKC", strip_variation_selectors(text)).casefold()
    plain = fold_kana(_without_accents(plain)).translate(_FOLDED)
    return _without_repeat_marks(_SEPARATORS.sub("", plain))


def _without_repeat_marks(text: str) -> str:
    if "々" not in text:
        return text
    key = ""
    for char in text:
        key += key[-1:] or char if char == "々" else char
    return key


def _without_accents(text: str) -> str:
    split = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _LATIN_ACCENTS.sub("", split))
