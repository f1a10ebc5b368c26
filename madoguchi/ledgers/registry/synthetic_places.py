"""The quarters of a synthetic town: names, schools and made-up postcodes (no real one begins with 000)."""

from typing import NamedTuple


class Place(NamedTuple):
    """町字 with its postcode, its primary school and how many people live there in comparison."""

    town: str
    postcode: str
    school_district: str
    weight: int


PLACES = (
    Place("みなみ台一丁目", "0000011", "みなみ第一小学校", 9),
    Place("みなみ台二丁目", "0000011", "みなみ第一小学校", 9),
    Place("みなみ台三丁目", "0000012", "みなみ第二小学校", 8),
    Place("みなみ台四丁目", "0000012", "みなみ第二小学校", 8),
    Place("中央一丁目", "0000021", "中央小学校", 8),
    Place("中央二丁目", "0000021", "中央小学校", 10),
    Place("中央三丁目", "0000021", "中央小学校", 7),
    Place("さくら台一丁目", "0000031", "さくら台小学校", 10),
    Place("さくら台二丁目", "0000031", "さくら台小学校", 9),
    Place("さくら台三丁目", "0000032", "さくら台小学校", 6),
    Place("川べり一丁目", "0000041", "川べり小学校", 6),
    Place("川べり二丁目", "0000041", "川べり小学校", 5),
    Place("北の森", "0000051", "北の森小学校", 5),
)

BUILDINGS = ("コーポみなみ", "さくら台団地", "サンプルハイツ", "川べりマンション", "メゾン例示", "見本荘")
