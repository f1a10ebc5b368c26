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


class PaperRefused(Refusal):
    """Paper where the town allows none, or none where it asks for some."""

    code = "decisions.paper_refused"


class DisclosureReasonMissing(Refusal):
    """What is closed to the public says why."""

    code = "decisions.disclosure_reason_missing"


class RouteMissing(Refusal):
    """Nobody can be found who decides this."""

    code = "decisions.route_missing"


class BeyondLimit(Refusal):
    """The amount is more than this post decides (専決)."""

    code = "decisions.beyond_limit"


class NotSubstituted(Refusal):
    """代決 or 引上げ does not fit here."""

    code = "decisions.not_substituted"


class NotYetLong(Refusal):
    """A reminder before the wait is long, or so soon after another."""

    code = "decisions.not_yet_long"


class ClockSetBack(Refusal):
    """The clock says an earlier moment than the step before."""

    code = "decisions.clock_set_back"


class PaperDraft(Refusal):
    """The draft is decided on paper."""

    code = "decisions.paper_draft"


class SampleUnseen(Refusal):
    """A bulk approval without the look at its sample."""

    code = "decisions.sample_unseen"


class TableRefused(Refusal):
    """A route table with mistakes. Nothing was changed."""

    code = "decisions.table_refused"


class WordsMissing(Refusal):
    """A draft without its title or its words."""

    code = "decisions.words_missing"


class AmountUnread(Refusal):
    """An amount that is no amount."""

    code = "decisions.amount_unread"


class NoWorkLeft(Refusal):
    """Nothing of the decision is left to be carried out, or it is not stuck."""

    code = "decisions.no_work_left"
