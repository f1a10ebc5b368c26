"""What this room refuses."""

from madoguchi.common.errors import Refusal


class NoSuchProcedure(Refusal):
    code = "procedures.no_such_procedure"


class VersionIsFixed(Refusal):
    code = "procedures.version_is_fixed"


class NoSuchSection(Refusal):
    code = "procedures.no_such_section"
