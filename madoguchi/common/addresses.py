"""住所 as core systems write it: in columns of its own parts, or everything in one."""

import re
from dataclasses import dataclass

from madoguchi.common.kana import fold_hyphens, fold_width

_PREFECTURE = re.compile(r"^(北海道|東京都|大阪府|京都府|サンプル県|.{2,3}?県)")
# 市 and 町 occur inside names (四日市市, 町田市), so the longest reading that ends in a town wins only once.
_CITY = re.compile(
    r"^((?:[^市区町村]{1,6}郡)?(?:[^0-9市町村]{1,4}区|四日市市|廿日市市|野々市市|町田市|[^0-9]{1,7}?[市町村](?=.)))"
)
_WARD = re.compile(r"^([^0-9市町村]{1,4}区)")
_BLOCK = re.compile(
    r"(?P<block>[0-9]+(?:番地|番|号|の|-|地|[0-9]|丁目(?=[0-9]))*(?:[0-9]+)?(?:番地|番|号)?)(?P<rest>.*)$"
)
_CHOME = re.compile(r"^(?P<town>.*?[0-9一二三四五六七八九十]+丁目)(?P<rest>.*)$")


@dataclass(frozen=True)
class AddressParts:
    """都道府県, 市区郡町村名, 町字, 番地号表記, 方書; an unknown part is empty."""

    prefecture: str = ""
    city: str = ""
    town: str = ""
    block: str = ""
    building: str = ""

    @property
    def line(self) -> str:
        """The whole on one line, the building after a space."""
        whole = f"{self.prefecture}{self.city}{self.town}{self.block}"
        return f"{whole}　{self.building}" if self.building and whole else whole or self.building


def split_address(text: str) -> AddressParts:
    """Take an address written in one column apart; whatever cannot be told apart stays in `town`.

    東京都サンプル区みなみ町三丁目3番4号　見本荘101 → 東京都, サンプル区, みなみ町三丁目, 3番4号, 見本荘101.
    """
    rest = fold_width(text).strip()
    prefecture, rest = _taken(_PREFECTURE, rest)
    city = ""
    if prefecture:
        city, rest = _taken(_CITY, rest)
        ward, rest = _taken(_WARD, rest) if city.endswith("市") else ("", rest)
        city += ward
    town, block, building = split_town(rest)
    return AddressParts(prefecture, city, town, block, building)


def split_town(text: str) -> tuple[str, str, str]:
    """町字, 番地号表記 and 方書 out of 「みなみ町三丁目3番4号　見本荘101」."""
    plain = fold_width(text).strip()
    head, _, tail = plain.partition(" ")
    if found := _CHOME.match(head):
        town, rest = found["town"], found["rest"]
    else:
        number = re.search(r"[0-9]", head)
        town, rest = (head[: number.start()], head[number.start() :]) if number else (head, "")
    block, stuck = _block_of(rest)
    if rest and not block:
        return plain, "", ""
    return town, block, " ".join(part for part in (stuck, tail.strip()) if part)


def _block_of(rest: str) -> tuple[str, str]:
    found = _BLOCK.match(fold_hyphens(rest) if rest[:1].isdigit() else rest)
    return (rest[: found.end("block")], rest[found.end("block") :]) if found else ("", "")


def _taken(shape: re.Pattern[str], text: str) -> tuple[str, str]:
    found = shape.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)
