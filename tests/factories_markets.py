"""Tiny markets, drawn or by hand, and what is true of them by trying every outcome."""

from itertools import product
from typing import Any

from hypothesis import strategies as st

from madoguchi.services.allocation.market.checking import check
from madoguchi.services.allocation.market.interchange import FORMAT, Family, Instance, Wish

Told = dict[str, Any]


def market(
    seats: dict[str, Any],
    families: dict[str, tuple[dict[str, str], list[list[str | None]]]],
    priorities: dict[str, Any],
    initial: dict[str, str] | None = None,
    shared: dict[str, list[list[str]]] | None = None,
) -> Told:
    """seats: by facility a number for class "1", or by class. families: children with classes, wishes. priorities: a
    string "ab(cd)" is a, then b, then the tie of c and d."""
    return {
        "format": FORMAT,
        "facilities": [
            {
                "id": name,
                "seats": told if isinstance(told, dict) else {"1": told},
                "shared": (shared or {}).get(name, []),
            }
            for name, told in seats.items()
        ],
        "children": [
            {"id": child, "class": age, "initial": (initial or {}).get(child)}
            for members, _ in families.values()
            for child, age in members.items()
        ],
        "families": [
            {"id": name, "children": list(members), "wishes": wishes}
            for name, (members, wishes) in families.items()
        ],
        "priorities": {
            name: _tiers(told) if isinstance(told, str) else told for name, told in priorities.items()
        },
    }


def _tiers(told: str) -> list[list[str]]:
    tiers: list[list[str]] = []
    tied = False
    for sign in told:
        if sign in "()":
            tied = sign == "("
            tiers += [[]] if tied else []
        elif tied:
            tiers[-1].append(sign)
        else:
            tiers.append([sign])
    return tiers


def single(child: str, *wishes: str | None) -> tuple[dict[str, str], list[list[str | None]]]:
    """A family of one child in class "1"."""
    return {child: "1"}, [[wish] for wish in wishes]


def no_stable_outcome() -> Told:
    """A couple and a child around two single seats: whoever has a seat, somebody can rightly claim one."""
    families = {"x": ({"a": "1", "b": "1"}, [["f", "g"]]), "z": single("c", "f", "g")}
    return market({"f": 1, "g": 1}, families, {"f": "ac", "g": "cb"})


@st.composite
def tiny_markets(draw: st.DrawFn) -> Told:
    """At most four facilities and five families: siblings, transfers, ties and shared seats as they fall."""
    classes = ["0", "1", "2"][: draw(st.integers(1, 3))]
    facilities = [f"f{number}" for number in range(draw(st.integers(1, 4)))]
    seats = {name: {age: draw(st.integers(0, 2)) for age in classes} for name in facilities}
    shared = {
        name: [classes[-2:]] for name in facilities if len(classes) > 1 and draw(st.integers(0, 3)) == 0
    }
    families: dict[str, tuple[dict[str, str], list[list[str | None]]]] = {}
    initial: dict[str, str] = {}
    count = 0
    for number in range(draw(st.integers(1, 5))):
        members = {}
        for _ in range(draw(st.sampled_from([1, 1, 2, 2, 3]))):
            child = f"c{count}"
            count += 1
            members[child] = draw(st.sampled_from(classes))
            if draw(st.integers(0, 4)) == 0:
                initial[child] = draw(st.sampled_from(facilities))
                seats[initial[child]][members[child]] += 1
        one = st.sampled_from([*facilities, None])
        wish = st.lists(one, min_size=len(members), max_size=len(members))
        families[f"k{number}"] = (members, draw(st.lists(wish, max_size=4)))
    everybody = [child for members, _ in families.values() for child in members]
    priorities = {name: _drawn_tiers(draw, everybody) for name in facilities}
    return market(seats, families, priorities, initial, shared)


def _drawn_tiers(draw: st.DrawFn, everybody: list[str]) -> list[list[str]]:
    order = draw(st.permutations(everybody))
    tied = draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order)))
    tiers: list[list[str]] = []
    for child, with_the_last in zip(order, tied, strict=True):
        if tiers and with_the_last:
            tiers[-1].append(child)
        else:
            tiers.append([child])
    return tiers


def options_of(instance: Instance, family: Family) -> list[Wish]:
    """Wishes best first, staying as now last; nothing after a wish to stay."""
    initial = {child.id: child.initial for child in instance.children}
    stay = tuple(initial[child] for child in family.children)
    wishes = list(dict.fromkeys(family.wishes))
    return wishes[: wishes.index(stay) + 1] if stay in wishes else [*wishes, stay]


def outcomes(instance: Instance) -> list[tuple[tuple[int, ...], dict[str, str]]]:
    """Every outcome that keeps the seats, as numbers of wishes and as who is where."""
    options = [options_of(instance, family) for family in instance.families]
    found = []
    for chosen in product(*(range(len(each)) for each in options)):
        placed = {
            child: facility
            for family, wishes, number in zip(instance.families, options, chosen, strict=True)
            for child, facility in zip(family.children, wishes[number], strict=True)
            if facility is not None
        }
        if not check(instance, placed).violations:
            found.append((chosen, placed))
    return found


def merits(instance: Instance, chosen: tuple[int, ...], placed: dict[str, str]) -> dict[str, int]:
    """The four goals of an outcome, named as the engine names them."""
    wishes = [
        options_of(instance, family)[number] for family, number in zip(instance.families, chosen, strict=True)
    ]
    return {
        "fewest_blocking": len(check(instance, placed).blocking),
        "most_placed": len(placed),
        "best_ranks": sum(number + 1 for number in chosen),
        "siblings_together": sum(
            len(wish) > 1 and wish[0] is not None and len(set(wish)) == 1 for wish in wishes
        ),
    }
