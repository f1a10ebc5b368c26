"""What this room refuses."""

from madoguchi.common.errors import Refusal


class NoSuchProcedure(Refusal):
    code = "procedures.no_such_procedure"


class VersionIsFixed(Refusal):
    code = "procedures.version_is_fixed"


class NoSuchSection(Refusal):
    code = "procedures.no_such_section"


class TemplateOnly(Refusal):
    """A template is what other procedures start from; nobody applies with it."""

    code = "procedures.template_only"


class NotThatState(Refusal):
    """The version is not where this act needs it."""

    code = "procedures.not_that_state"


class SamePerson(Refusal):
    code = "procedures.same_person"

    def __init__(self) -> None:
        super().__init__(
            "提案した人は、自分では公開できません。",
            next_step="公開する権限のある、ほかの人に頼んでください。",
        )


class ExamplesFail(Refusal):
    code = "procedures.examples_fail"


class ReasonMissing(Refusal):
    code = "procedures.reason_missing"


class NameTaken(Refusal):
    code = "procedures.example_name_taken"
