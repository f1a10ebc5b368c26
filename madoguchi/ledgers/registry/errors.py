from madoguchi.common.errors import Refusal


class HouseholdBroken(Refusal):
    """A household that breaks a rule of the register was handed in. Nothing was entered."""

    code = "registry.household_broken"


class AlreadyEntered(Refusal):
    """A 宛名番号 or 世帯番号 is there already. Nothing was entered."""

    code = "registry.already_entered"


class ProofRefused(Refusal):
    """A person on the portal has not shown who they are."""

    code = "registry.proof_refused"


class ProofExpired(ProofRefused):
    """Too late, used already, or never asked for: the same answer."""

    code = "registry.proof_expired"


class WrongCode(ProofRefused):
    code = "registry.wrong_code"


class TooManyTries(ProofRefused):
    code = "registry.too_many_tries"


class AskedTooOften(ProofRefused):
    """One address asked for too many codes within an hour."""

    code = "registry.asked_too_often"


class DemoIdentityOff(ProofRefused):
    code = "registry.demo_identity_off"


class PurposeMissing(Refusal):
    """Staff wanted to look at residents without saying why."""

    code = "registry.purpose_missing"


class ProtectionRefused(Refusal):
    """A protection unit cannot be registered, changed or renewed like that. Nothing was changed."""

    code = "registry.protection_refused"
