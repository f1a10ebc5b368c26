"""役職 as a ladder, and the names under which a route calls for one; no queries."""

LADDER = ("係員", "係長", "課長補佐", "課長", "部次長", "部長", "副市長", "市長")
"""From below to the head of the municipality. A town calls its head 町長 or 村長 on paper; the ladder is the same."""

TOWN_WIDE = ("副市長", "市長")
"""Held for the whole municipality, not for one section."""


def parted(post: str) -> tuple[str, str]:
    """契約課長 is ("契約課", "課長"), 財務部長 is ("財務部", "部長"), 課長 is ("", "課長")."""
    if post in LADDER:
        return "", post
    for own in reversed(LADDER):
        if post.endswith(own) and len(post) > len(own):
            # 課長 of 契約課: the unit's last letter is the first of the post.
            return post[: -len(own)] + own[0], own
    return "", post
