from madoguchi.common.errors import Refusal


class ControlsOpen(Refusal):
    """Controls stand in the way of the next step."""

    code = "controls.open"


class OverrideRefused(Refusal):
    """This person may not let this exception stand, or nobody may."""

    code = "controls.override_refused"


class OwnDraft(OverrideRefused):
    """Whoever drafted the case may not approve its exceptions (四眼)."""

    code = "controls.own_draft"


class WrongState(Refusal):
    """The exception or the sampled case is no longer where this could be done to it."""

    code = "controls.wrong_state"


class ReasonMissing(Refusal):
    code = "controls.reason_missing"


class ChecklistUnfit(Refusal):
    """There is no such checklist, or an item that it does not have."""

    code = "controls.checklist_unfit"


class NothingToDraw(Refusal):
    """No case fits what the sample was asked for."""

    code = "controls.nothing_to_draw"
