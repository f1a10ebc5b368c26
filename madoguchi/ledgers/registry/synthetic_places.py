"""The quarters of a synthetic town: names, schools and made-up postcodes (no real one begins with 000)."""

from collections.abc import Iterator
from typing import NamedTuple


class Place(NamedTuple):
    """町字 with its postcode, its primary school and how many people live there in comparison."""

    town: str
    postcode: str
    school_district: str
    weight: int


_NUMERALS = "一二三四五六七八九"
# Quarter, its 丁目 from and to (0: none), primary school.
_QUARTERS = (
    ("さくら台", 1, 4, "さくら台小学校"),
    ("けやき台", 1, 4, "けやき台小学校"),
    ("みなみ町", 3, 4, "みなみ第一小学校"),
    ("みなみ町", 1, 2, "みなみ第二小学校"),
    ("きた町", 1, 2, "きた第一小学校"),
    ("きた町", 3, 4, "きた第二小学校"),
    ("ひがし町", 1, 4, "ひがし小学校"),
    ("にし町", 1, 3, "にし小学校"),
    ("中央町", 1, 4, "中央小学校"),
    ("夕日台", 1, 3, "夕日台小学校"),
    ("大空町", 1, 2, "大空小学校"),
    ("富士見町", 1, 3, "富士見小学校"),
    ("山手町", 1, 2, "山手小学校"),
    ("川原町", 1, 2, "川原小学校"),
    ("日の出町", 1, 3, "日の出小学校"),
    ("朝日町", 1, 3, "朝日小学校"),
    ("松原", 1, 2, "松原小学校"),
    ("梅里", 1, 2, "梅里小学校"),
    ("泉町", 1, 3, "泉小学校"),
    ("清水町", 1, 2, "清水小学校"),
    ("竹の塚", 1, 3, "竹の塚小学校"),
    ("緑が丘", 1, 4, "緑が丘小学校"),
    ("花園町", 1, 2, "花園小学校"),
    ("若葉町", 1, 2, "若葉小学校"),
    ("青葉町", 1, 3, "青葉小学校"),
    ("高尾台", 0, 0, "高尾台小学校"),
)
_PEOPLE_A_SCHOOL = 12


def _places() -> Iterator[Place]:
    for index, (quarter, first, last, school) in enumerate(_QUARTERS):
        parts = [f"{_NUMERALS[number - 1]}丁目" for number in range(first, last + 1)] if first else [""]
        for part in parts:
            yield Place(f"{quarter}{part}", f"000{index + 11:04d}", school, _PEOPLE_A_SCHOOL // len(parts))


PLACES = tuple(_places())

BUILDINGS = ("コーポみなみ", "さくら台団地", "サンプルハイツ", "川べりマンション", "メゾン例示", "見本荘")
