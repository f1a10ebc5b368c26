"""Why each child is where it is, in sentences a family can check: own total, place, the last seat.

Nobody else is named: of the others only the lowest rank that still got a seat is told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .contest import EVERYBODY, Child, Placing, Pool, Rank, Seats, class_name, families
from .joint_wishes import WishKind

NOT_ELIGIBLE = "利用の要件に当たらないため、選考の対象になりません。"
NO_SEAT = "希望した施設の席が順位の高い方で埋まったため、待機となります。"


@dataclass(frozen=True)
class Wording:
    """Words of the package: clubs, phases (by order), keys among equals (lottery last)."""

    clubs: Mapping[str, str]
    phases: Mapping[int, str]
    ties: Sequence[str]


@dataclass(frozen=True)
class WishStory:
    """One wish: result is placed, full, family (the siblings' wish), no_class or not_needed. age_class: the class or
    joint classes whose seats were wished."""

    facility: str
    wish_rank: int
    result: str
    total: str
    position: int | None
    applicants: int
    capacity: int
    sentence: str
    age_class: str = EVERYBODY


@dataclass(frozen=True)
class Story:
    """What became of one child. outcome: placed, waitlisted or not_eligible; keeps: the facility where a child whose
    wish for a transfer was not met stays; quota: the name of the quota (枠) whose seat it is."""

    child: str
    outcome: str
    facility: str = ""
    wish_rank: int | None = None
    position: int | None = None
    sentences: tuple[str, ...] = ()
    wishes: tuple[WishStory, ...] = ()
    keeps: str = ""
    quota: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome,
            **({"keeps": self.keeps} if self.keeps else {}),
            **({"quota": self.quota} if self.quota else {}),
            "sentences": list(self.sentences),
            "wishes": [asdict(wish) for wish in self.wishes],
        }


@dataclass(frozen=True)
class ClubLine:
    """One club, or one class of a nursery, after the round. capacity: seats that could be given, of which passed_on were
    left by children who moved; cut_off: the lowest total with a seat; quiet: no more wishes than seats."""

    code: str
    capacity: int
    applicants: int
    placed: int
    first_wishes: int
    cut_off: str
    quiet: bool
    age_class: str = EVERYBODY
    passed_on: int = 0


@dataclass
class _Board:
    """The applicants of each pool of seats, best first, the last seat given, and who kept the seat they had."""

    seats: Seats
    at: Mapping[str, str]
    by_quota: Mapping[str, str] = field(default_factory=dict)
    order: dict[Pool, list[Child]] = field(default_factory=lambda: defaultdict(list))
    place: dict[tuple[Pool, str], int] = field(default_factory=dict)
    last: dict[Pool, Rank] = field(default_factory=dict)
    placed: dict[Pool, int] = field(default_factory=lambda: defaultdict(int))
    kept: dict[Pool, int] = field(default_factory=lambda: defaultdict(int))
    left: dict[Pool, int] = field(default_factory=lambda: defaultdict(int))
    quota: dict[Pool, int] = field(default_factory=lambda: defaultdict(int))
    """Seats that went by a quota: their totals are no cut-off for the others."""
    unit: dict[str, list[Child]] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)

    def pool(self, child: Child, code: str) -> Pool | None:
        return self.seats.pool(code, child.age_class)

    def room(self, pool: Pool) -> int:
        """The seats that could be given: all but those that children have kept."""
        return self.seats.by_pool.get(pool, 0) - self.kept[pool]

    def quiet(self, pool: Pool) -> bool:
        return len(self.order[pool]) <= self.room(pool)

    def own(self, child: Child, pool: Pool) -> Rank:
        """The rank a child competes with: that of the lowest sibling when they want the same seats only."""
        code = pool[0]
        unit = [each for each in self.unit.get(child.id, [child]) if self.pool(each, code) == pool]
        return max(each.ranks[code] for each in unit if code in each.ranks)


def explain(
    children: Sequence[Child], capacities: Seats | Mapping[str, int], placing: Placing, wording: Wording
) -> dict[str, Story]:
    """The story of every child, by its id."""
    board = _board(children, Seats.of(capacities), placing)
    return {child.id: _story(child, board, placing, wording) for child in children}


def club_lines(
    children: Sequence[Child], capacities: Seats | Mapping[str, int], placing: Placing
) -> list[ClubLine]:
    """One line for each club or class, in the order of the capacities given."""
    seats = Seats.of(capacities)
    board = _board(children, seats, placing)
    first = Counter(
        board.pool(child, child.wishes[0]) for child in children if child.eligible and child.wishes
    )
    return [_club_line(pool, board, first[pool]) for pool in seats.by_pool]


def _club_line(pool: Pool, board: _Board, first_wishes: int) -> ClubLine:
    last, quiet = board.last.get(pool), board.quiet(pool)
    cut_off = "" if last is None or quiet else plain(-last[1])
    return ClubLine(
        pool[0],
        board.room(pool),
        len(board.order[pool]),
        board.placed[pool],
        first_wishes,
        cut_off,
        quiet,
        pool[1],
        board.left[pool],
    )


def _board(children: Sequence[Child], seats: Seats, placing: Placing) -> _Board:
    board = _Board(seats, placing.facility, placing.by_quota)
    for child in children:
        for code in child.wishes if child.eligible else ():
            pool = board.pool(child, code)
            if pool is not None:
                board.order[pool].append(child)
        _seat(child, board, placing.facility.get(child.id, ""))
    for pool, wanting in board.order.items():
        wanting.sort(key=lambda each: each.ranks[pool[0]])
        board.place |= {(pool, child.id): number for number, child in enumerate(wanting, 1)}
    for members in families(children).values():
        if any(child.together != WishKind.EITHER for child in members):
            board.joined |= {child.id for child in members}
        if any(child.together == WishKind.SAME_ONLY for child in members):
            board.unit |= {child.id: members for child in members}
    return board


def _seat(child: Child, board: _Board, code: str) -> None:
    """Count a child where it is, and the seat it has left."""
    pool, old = board.pool(child, code), board.pool(child, child.present)
    if pool is not None and code in child.ranks:
        board.placed[pool] += 1
        if child.id in board.by_quota:
            board.quota[pool] += 1
        else:
            board.last[pool] = max(board.last.get(pool, child.ranks[code]), child.ranks[code])
    elif pool is not None:
        board.kept[pool] += 1
    if old is not None and old != pool:
        board.left[old] += 1


def _story(child: Child, board: _Board, placing: Placing, wording: Wording) -> Story:
    facility = placing.facility.get(child.id, "")
    keeps = "" if facility in child.wishes and child.eligible else facility
    staying = [_staying_sentence(keeps, wording)] if keeps else []
    if not child.eligible:
        return Story(child.id, "not_eligible", sentences=(NOT_ELIGIBLE, *staying), keeps=keeps)
    aside = placing.set_aside.get(child.id, "")
    wishes = tuple(_wish_story(child, number, board, aside, wording) for number in range(len(child.wishes)))
    told = [wish.sentence for wish in wishes if wish.sentence]
    if keeps and child.settled:
        sentence = f"前の回で決まった{wording.clubs.get(keeps, keeps)}の席のままです。"
        return Story(child.id, "placed", keeps, len(child.wishes) + 1, None, (*told, sentence), wishes)
    if keeps or not facility:
        closing = [aside] if aside else ([] if keeps else [NO_SEAT])
        return Story(
            child.id, "waitlisted", sentences=(*told, *closing, *staying), wishes=wishes, keeps=keeps
        )
    number = child.wishes.index(facility)
    position = wishes[number].position
    quota = board.by_quota.get(child.id, "")
    return Story(child.id, "placed", facility, number + 1, position, tuple(told), wishes, quota=quota)


def _staying_sentence(code: str, wording: Wording) -> str:
    return f"今の{wording.clubs.get(code, code)}の席は変わりません。続けて利用できます。"


def _wish_story(child: Child, number: int, board: _Board, aside: str, wording: Wording) -> WishStory:
    code = child.wishes[number]
    pool = board.pool(child, code)
    club = f"第{number + 1}希望の{wording.clubs.get(code, code)}"
    total = plain(-child.ranks[code][1])
    if pool is None:
        return WishStory(code, number + 1, "no_class", total, None, 0, 0, _no_class(child, club))
    result = _result(child, number, board, aside)
    age_class = class_name(child.age_class)
    name = f"{club}（{age_class}）" if age_class else club
    return WishStory(
        facility=code,
        wish_rank=number + 1,
        result=result,
        total=total,
        position=None if board.quiet(pool) else board.place[pool, child.id],
        applicants=len(board.order[pool]),
        capacity=board.room(pool),
        sentence=_sentence(child, pool, name, result, board, wording),
        age_class=pool[1],
    )


def _no_class(child: Child, club: str) -> str:
    if not child.age_class:
        return f"{club}は、お子さんのクラスが決まらないため、選考できません。"
    return f"{club}には{class_name(child.age_class)}がないため、選考の対象になりません。"


def _result(child: Child, number: int, board: _Board, aside: str) -> str:
    code, seat = child.wishes[number], board.at.get(child.id, "")
    if seat == code:
        return "placed"
    if seat in child.wishes and child.wishes.index(seat) < number:
        return "not_needed"
    pool = board.pool(child, code)
    coupled = bool(aside) or child.id in board.joined
    return "family" if pool and coupled and _within_reach(child.ranks[code], pool, board) else "full"


def _within_reach(own: Rank, pool: Pool, board: _Board) -> bool:
    """Whether somebody with this rank alone would have had a seat."""
    last = board.last.get(pool)
    room = board.placed[pool] < board.room(pool)
    return room or (last is not None and own < last)


def _sentence(child: Child, pool: Pool, name: str, result: str, board: _Board, wording: Wording) -> str:
    if result == "placed":
        return _placed_sentence(child, pool, name, board)
    if result == "family" and board.at.get(child.id, "") in child.wishes:
        return f"{name}は、きょうだいがそろって席につける組合せを先に選ぶため、選びませんでした。"
    if result == "family" and _within_reach(board.own(child, pool), pool, board):
        return f"{name}は、きょうだいの希望どおりに全員の席がそろいませんでした。"
    if result in ("full", "family"):
        return f"{name}は{_why_full(child, pool, board, wording)}"
    return ""


def _placed_sentence(child: Child, pool: Pool, name: str, board: _Board) -> str:
    if child.held:
        return f"{name}に決まりました。順位によらず、市が個別に決めた席です。"
    if child.id in board.by_quota:
        return f"{name}に決まりました。「{board.by_quota[child.id]}」の席です。"
    if board.quiet(pool):
        return f"{name}に決まりました。希望者が{_seats_called(pool)}以内のため、順位を付けていません。"
    if child.ranks[pool[0]][0] == 0:
        return f"{name}に決まりました。順位によらない入所です。"
    number, wanting = board.place[pool, child.id], len(board.order[pool])
    seats = f"{_seats_called(pool)}は{board.room(pool)}人"
    return f"{name}に決まりました。希望者{wanting}人のうち{number}位、{seats}です。"


def _seats_called(pool: Pool) -> str:
    """A club is filled anew each year up to its capacity; of a nursery only some seats are open."""
    return "定員" if pool[1] == EVERYBODY else "空き"


def _why_full(child: Child, pool: Pool, board: _Board, wording: Wording) -> str:
    last, quota = board.last.get(pool), board.quota[pool]
    if last is None and quota:
        return f"{_seats_called(pool)}{quota}人が、枠の条件に合う方で埋まりました。"
    if last is None:
        return "今回は空いている席がありません。"
    own = board.own(child, pool)
    of_quotas = f"（うち枠の席{quota}人）" if quota else ""
    full = f"{_seats_called(pool)}{board.room(pool)}人{of_quotas}が順位の高い方で埋まりました。"
    if own[0] != last[0]:
        return f"{full}先に行う{wording.phases.get(last[0], '選考')}の方で決まりました。"
    if own[1] != last[1]:
        whose = "きょうだいのうち低い方の合計" if own != child.ranks[pool[0]] else "合計"
        return f"{full}{whose}は{plain(-own[1])}点、入所した方の最も低い合計は{plain(-last[1])}点です。"
    key = _decided_by(own, last, wording)
    return f"{full}合計{plain(-own[1])}点は同じで、同点のときの順「{key}」で決まりました。"


def _decided_by(own: Rank, last: Rank, wording: Wording) -> str:
    labels = list(wording.ties)
    for number, (mine, theirs) in enumerate(zip(own[2], last[2], strict=False)):
        if mine != theirs and number < len(labels):
            return labels[number]
    return labels[-1] if labels else "抽選番号"


def plain(points: Any) -> str:
    """35.5 as 35.5, 35.0 as 35."""
    return f"{points.normalize():f}"
