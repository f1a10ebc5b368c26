"""Made-up markets in the shapes that towns and the literature describe; the same seed gives the same market.

Nurseries: 15 % of the families apply for two or three children, everybody wishes about the five nearest facilities, some
children hold a seat and want another one (転園), the order is one score for the whole town with bonuses at single facilities,
and a published lottery number decides among equals. Clubs: one child a family, one class, three to eight wishes.
"""

import random
from dataclasses import dataclass
from itertools import product
from typing import Any

CLASSES = ("0", "1", "2", "3", "4", "5")
CLASS_SHARES = (30, 34, 16, 12, 5, 3)
NEW_SEATS = (5, 4, 2, 2, 1, 1)
FAMILY_SIZES = ((1, 850), (2, 135), (3, 15))
TRANSFER_SHARE = 0.05
BONUS_SHARE = 0.1
SPLIT_WISHES = 12
TOP_SCORE, BONUS = 40, 5

Market = dict[str, Any]


@dataclass
class _Child:
    id: str
    age: str
    score: int
    lottery: int
    initial: str | None = None


def nurseries(children: int, facilities: int, seed: int, tied: bool = False) -> Market:
    """Families around nurseries with six age classes. tied: no lottery, so that equal scores stay equal."""
    draw = random.Random(f"nurseries/{seed}/{children}/{facilities}")
    sites = {f"f{number:03}": (draw.random(), draw.random()) for number in range(facilities)}
    seats = {site: dict(zip(CLASSES, NEW_SEATS, strict=True)) for site in sites}
    families: list[tuple[list[_Child], list[str]]] = []
    count = 0
    while count < children:
        size = draw.choices([size for size, _ in FAMILY_SIZES], [share for _, share in FAMILY_SIZES])[0]
        families.append(_family(draw, sites, seats, count, size))
        count += size
    return {
        "format": "madoguchi-allocation/1",
        "facilities": [{"id": site, "seats": seats[site], "shared": [["4", "5"]]} for site in sites],
        "children": [
            {"id": child.id, "class": child.age, "initial": child.initial}
            for members, _ in families
            for child in members
        ],
        "families": [
            {
                "id": f"k{members[0].id}",
                "children": [child.id for child in members],
                "wishes": _joint(members, near),
            }
            for members, near in families
        ],
        "priorities": _priorities(draw, families, tied),
    }


def _family(
    draw: random.Random,
    sites: dict[str, tuple[float, float]],
    seats: dict[str, dict[str, int]],
    count: int,
    size: int,
) -> tuple[list[_Child], list[str]]:
    home = (draw.random(), draw.random())
    nearest = sorted(
        sites, key=lambda site: (sites[site][0] - home[0]) ** 2 + (sites[site][1] - home[1]) ** 2
    )
    near = nearest[:5]
    for _ in range(draw.choice((0, 1, 2))):
        first = draw.randrange(len(near) - 1)
        near[first], near[first + 1] = near[first + 1], near[first]
    ages = draw.choices(CLASSES, CLASS_SHARES, k=size)
    score, lottery = draw.randint(0, TOP_SCORE), 10 * draw.randrange(10**9)
    members = [
        _Child(f"c{count + number:05}", age, score, lottery + number) for number, age in enumerate(ages)
    ]
    for child in members:
        if draw.random() < TRANSFER_SHARE:
            child.initial = draw.choice(nearest[1:9])
            seats[child.initial][child.age] += 1
    return members, near


def _joint(members: list[_Child], near: list[str]) -> list[list[str | None]]:
    """Together in the order of the wishes, then apart by the smallest sum of distances, then some of them alone."""
    if len(members) == 1:
        return [[site] for site in near if site != members[0].initial]
    together: list[list[str | None]] = [[site] * len(members) for site in near]
    indices = sorted(product(range(len(near)), repeat=len(members)), key=lambda each: (sum(each), each))
    apart: list[list[str | None]] = [
        [near[index] for index in each] for each in indices if len(set(each)) > 1
    ]
    some = [
        [site if number == alone else child.initial for number, child in enumerate(members)]
        for site in near
        for alone in range(len(members))
        if site != members[alone].initial
    ]
    stay: list[str | None] = [child.initial for child in members]
    return [wish for wish in [*together, *apart[:SPLIT_WISHES], *some] if wish != stay]


def _priorities(
    draw: random.Random, families: list[tuple[list[_Child], list[str]]], tied: bool
) -> dict[str, list[list[str]]]:
    keyed: dict[str, dict[tuple[int, int], list[str]]] = {}
    for members, near in families:
        for site in near:
            bonus = BONUS if draw.random() < BONUS_SHARE else 0
            for child in members:
                key = (-(child.score + bonus), 0 if tied else child.lottery)
                keyed.setdefault(site, {}).setdefault(key, []).append(child.id)
    return {site: [tiers[key] for key in sorted(tiers)] for site, tiers in sorted(keyed.items())}


def clubs(children: int, facilities: int, seed: int) -> Market:
    """After-school clubs: every child alone, one class, the order of every club its own by the school district."""
    draw = random.Random(f"clubs/{seed}/{children}/{facilities}")
    names = [f"club{number:02}" for number in range(facilities)]
    seats = max(1, round(children * 0.8 / facilities))
    told: list[dict[str, Any]] = []
    keyed: dict[str, list[tuple[int, int, str]]] = {name: [] for name in names}
    for number in range(children):
        home = draw.randrange(facilities)
        wished = [names[(home + step) % facilities] for step in range(draw.randint(3, 8))]
        score, lottery, child = draw.randint(0, TOP_SCORE), draw.randrange(10**9), f"c{number:05}"
        for place, name in enumerate(wished):
            keyed[name].append((-(score + (BONUS if place == 0 else 0)), lottery, child))
        told.append({"id": f"k{number:05}", "children": [child], "wishes": [[name] for name in wished]})
    return {
        "format": "madoguchi-allocation/1",
        "facilities": [{"id": name, "seats": {"gakudo": seats}} for name in names],
        "children": [{"id": row["children"][0], "class": "gakudo", "initial": None} for row in told],
        "families": told,
        "priorities": {name: [[child] for _, _, child in sorted(rows)] for name, rows in keyed.items()},
    }
