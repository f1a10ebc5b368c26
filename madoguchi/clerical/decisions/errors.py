from madoguchi.common.errors import Refusal


class WrongState(Refusal):
    """The draft is no longer, or not yet, where this could be done to it."""

    code = "decisions.wrong_state"


class NotTheApprover(Refusal):
    """Somebody other than the named approver wants to decide."""

    code = "decisions.not_the_approver"


class OwnDraft(Refusal):
    """Whoever drafted it may not decide it."""

    code = "decisions.own_draft"


class ContentChanged(Refusal):
    """What was seen is not what would be decided."""

    code = "decisions.content_changed"


class EditionOutdated(Refusal):
    """The page is older than the draft."""

    code = "decisions.edition_outdated"


class AlreadyDrafted(Refusal):
    """Another draft on the same subject is open or approved."""

    code = "decisions.already_drafted"


class CommentMissing(Refusal):
    """Sending back and rejecting need a reason the drafter can act on."""

    code = "decisions.comment_missing"


class SectionUnnamed(Refusal):
    """The section has no symbol to number documents with."""

    code = "decisions.section_unnamed"
