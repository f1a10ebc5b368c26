"""Why each child is where it is, in sentences a family can check: own total, place, the last seat.

Nobody else is named: of the others only the lowest rank that still got a seat is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .contest import Child, Placing, Rank, families
from .joint_wishes import WishKind

NOT_ELIGIBLE = "利用の要件に当たらないため、選考の対象になりません。"
NO_SEAT = "希望したクラブの席が順位の高い方で埋まったため、待機となります。"


@dataclass(frozen=True)
class Wording:
    """Words of the package: clubs, phases (by order), keys among equals (lottery last)."""

    clubs: Mapping[str, str]
    phases: Mapping[int, str]
    ties: Sequence[str]


@dataclass(frozen=True)
class WishStory:
    """One wish: result is placed, full, family (the siblings' wish) or not_needed."""

    facility: str
    wish_rank: int
    result: str
    total: str
    position: int | None
    applicants: int
    capacity: int
    sentence: str


@dataclass(frozen=True)
class Story:
    """What became of one child. outcome: placed, waitlisted or not_eligible."""

    child: str
    outcome: str
    facility: str = ""
    wish_rank: int | None = None
    position: int | None = None
    sentences: tuple[str, ...] = ()
    wishes: tuple[WishStory, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome,
            "sentences": list(self.sentences),
            "wishes": [asdict(wish) for wish in self.wishes],
        }


@dataclass(frozen=True)
class ClubLine:
    """One club after the round. cut_off: the lowest total with a seat; quiet: no more wishes than seats."""

    code: str
    capacity: int
    applicants: int
    placed: int
    first_wishes: int
    cut_off: str
    quiet: bool


@dataclass
class _Board:
    """The applicants of each club, best first, and the last seat given."""

    capacities: Mapping[str, int]
    seats: Mapping[str, str]
    order: dict[str, list[Child]] = field(default_factory=lambda: defaultdict(list))
    place: dict[tuple[str, str], int] = field(default_factory=dict)
    last: dict[str, Rank] = field(default_factory=dict)
    placed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unit: dict[str, list[Child]] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)

    def quiet(self, code: str) -> bool:
        return len(self.order[code]) <= self.capacities.get(code, 0)

    def own(self, child: Child, code: str) -> Rank:
        """The rank a child competes with: that of the lowest sibling when they want the same club only."""
        return max(each.ranks[code] for each in self.unit.get(child.id, [child]) if code in each.ranks)


def explain(
    children: Sequence[Child], capacities: Mapping[str, int], placing: Placing, wording: Wording
) -> dict[str, Story]:
    """The story of every child, by its id."""
    board = _board(children, capacities, placing)
    return {child.id: _story(child, board, placing, wording) for child in children}


def club_lines(children: Sequence[Child], capacities: Mapping[str, int], placing: Placing) -> list[ClubLine]:
    """One line a club, in the order of the capacities given."""
    board = _board(children, capacities, placing)
    first = [child.wishes[0] for child in children if child.eligible and child.wishes]
    return [_club_line(code, board, first.count(code)) for code in capacities]


def _club_line(code: str, board: _Board, first_wishes: int) -> ClubLine:
    last = board.last.get(code)
    quiet = board.quiet(code)
    cut_off = "" if last is None or quiet else plain(-last[1])
    applicants, capacity = len(board.order[code]), board.capacities[code]
    return ClubLine(code, capacity, applicants, board.placed[code], first_wishes, cut_off, quiet)


def _board(children: Sequence[Child], capacities: Mapping[str, int], placing: Placing) -> _Board:
    board = _Board(capacities, placing.facility)
    for child in children:
        for code in child.wishes if child.eligible else ():
            board.order[code].append(child)
        code = placing.facility.get(child.id, "")
        if code:
            board.placed[code] += 1
            board.last[code] = max(board.last.get(code, child.ranks[code]), child.ranks[code])
    for code, wanting in board.order.items():
        wanting.sort(key=lambda each: each.ranks[code])
        board.place |= {(code, child.id): number for number, child in enumerate(wanting, 1)}
    for members in families(children).values():
        if any(child.together != WishKind.EITHER for child in members):
            board.joined |= {child.id for child in members}
        if any(child.together == WishKind.SAME_ONLY for child in members):
            board.unit |= {child.id: members for child in members}
    return board


def _story(child: Child, board: _Board, placing: Placing, wording: Wording) -> Story:
    if not child.eligible:
        return Story(child.id, "not_eligible", sentences=(NOT_ELIGIBLE,))
    facility = placing.facility.get(child.id, "")
    aside = placing.set_aside.get(child.id, "")
    wishes = tuple(_wish_story(child, number, board, aside, wording) for number in range(len(child.wishes)))
    told = [wish.sentence for wish in wishes if wish.sentence]
    if not facility:
        closing = aside or NO_SEAT
        return Story(child.id, "waitlisted", sentences=(*told, closing), wishes=wishes)
    number = child.wishes.index(facility)
    position = wishes[number].position
    return Story(child.id, "placed", facility, number + 1, position, tuple(told), wishes)


def _wish_story(child: Child, number: int, board: _Board, aside: str, wording: Wording) -> WishStory:
    code = child.wishes[number]
    seat = board.seats.get(child.id)
    result = _result(child, number, seat, board, aside)
    name = f"第{number + 1}希望の{wording.clubs.get(code, code)}"
    position = None if board.quiet(code) else board.place[code, child.id]
    return WishStory(
        facility=code,
        wish_rank=number + 1,
        result=result,
        total=plain(-child.ranks[code][1]),
        position=position,
        applicants=len(board.order[code]),
        capacity=board.capacities.get(code, 0),
        sentence=_sentence(child, code, name, result, board, wording),
    )


def _result(child: Child, number: int, seat: str | None, board: _Board, aside: str) -> str:
    code = child.wishes[number]
    if seat == code:
        return "placed"
    if seat is not None and child.wishes.index(seat) < number:
        return "not_needed"
    coupled = bool(aside) or child.id in board.joined
    return "family" if coupled and _within_reach(child.ranks[code], code, board) else "full"


def _within_reach(own: Rank, code: str, board: _Board) -> bool:
    """Whether somebody with this rank alone would have had a seat."""
    last = board.last.get(code)
    room = board.placed[code] < board.capacities.get(code, 0)
    return room or (last is not None and own < last)


def _sentence(child: Child, code: str, name: str, result: str, board: _Board, wording: Wording) -> str:
    if result == "placed":
        return _placed_sentence(child, code, name, board)
    if result == "family" and child.id in board.seats:
        return f"{name}は、きょうだいがそろって席につける組合せを先に選ぶため、選びませんでした。"
    if result == "family" and _within_reach(board.own(child, code), code, board):
        return f"{name}は、きょうだいの希望どおりに全員の席がそろいませんでした。"
    if result in ("full", "family"):
        return f"{name}は{_why_full(child, code, board, wording)}"
    return ""


def _placed_sentence(child: Child, code: str, name: str, board: _Board) -> str:
    if child.held:
        return f"{name}に決まりました。順位によらず、市が個別に決めた席です。"
    if board.quiet(code):
        return f"{name}に決まりました。希望者が定員以内のため、順位を付けていません。"
    if child.ranks[code][0] == 0:
        return f"{name}に決まりました。順位によらない入所です。"
    number, wanting = board.place[code, child.id], len(board.order[code])
    return f"{name}に決まりました。希望者{wanting}人のうち{number}位、定員は{board.capacities[code]}人です。"


def _why_full(child: Child, code: str, board: _Board, wording: Wording) -> str:
    last = board.last.get(code)
    capacity = board.capacities.get(code, 0)
    if last is None:
        return "今回は空いている席がありません。"
    own = board.own(child, code)
    full = f"定員{capacity}人が順位の高い方で埋まりました。"
    if own[0] != last[0]:
        return f"{full}先に行う{wording.phases.get(last[0], '選考')}の方で決まりました。"
    if own[1] != last[1]:
        whose = "きょうだいのうち低い方の合計" if own != child.ranks[code] else "合計"
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
