"""The posts of an office (職) and their order, as far as the routing of drafts needs them."""

from __future__ import annotations

LADDER = ("係長", "課長", "部長", "副市長", "市長")
"""Who may decide, from below: everyone above the drafter up to the decider signs in turn (直属の上司を順に経る)."""

DEPUTY_MAYOR, HEAD_OF_UNIT = "副市長", "係長"

RANKS = {
    "係員": 0,
    "係長": 10,
    "課長補佐": 15,
    "課長": 20,
    "部次長": 25,
    "部長": 30,
    "副市長": 40,
    "市長": 50,
}
"""Posts of any section, with their height. Deputies stand between the steps of the ladder and are not on it."""

_HEADS = {"課長": 20, "室長": 20, "部長": 30, "局長": 30, "会計管理者": 30}
"""How the posts of named sections end: 契約課長 stands as high as any 課長."""

EXAMINING = "会計"
"""How the posts of the accounts are called: 会計課長, 会計管理者."""


def examines(post: str) -> bool:
    """Whether a post examines payments before they are made, which nobody may order and examine in one (自治法232条の4)."""
    return post.startswith(EXAMINING)


def is_post(name: str) -> bool:
    """Whether the routing knows the height of this post: one of RANKS, or the head of a named section."""
    return _height(name) is not None


def rank_of(post: str) -> int:
    """How high a post stands; only for posts that is_post knows."""
    height = _height(post)
    if height is None:
        raise ValueError(f"{post} is not a post")
    return height


def posts_above(post: str) -> tuple[str, ...]:
    """The steps of the ladder above a post, from below."""
    return tuple(step for step in LADDER if rank_of(step) > rank_of(post))


def _height(name: str) -> int | None:
    if name in RANKS:
        return RANKS[name]
    return next((height for ending, height in _HEADS.items() if name.endswith(ending)), None)
