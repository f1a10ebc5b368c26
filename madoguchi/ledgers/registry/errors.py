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


class ImportFileUnreadable(Refusal):
    """A file that is no table: empty, broken, in an unknown form. Nothing of it is kept."""

    code = "registry.import_unreadable"


class ImportFileTooLarge(Refusal):
    code = "registry.import_too_large"


class MappingUnreadable(Refusal):
    """対応表 (TOML) that cannot be read, or that does not fit the columns of the file."""

    code = "registry.mapping_unreadable"


class IndividualNumberFound(Refusal):
    """The file holds individual numbers. It is refused whole and nothing of it is kept."""

    code = "registry.individual_number_found"


class ImportNotReady(Refusal):
    """The import is not in the state this act needs: still being read, thrown away, applied."""

    code = "registry.import_not_ready"


class SnapshotOvertaken(Refusal):
    """Another file was applied after this one was compared with the register."""

    code = "registry.snapshot_overtaken"


class TextUnavailable(ProofRefused):
    """No SMS can be sent, or the gateway did not take it."""

    code = "registry.text_unavailable"


class ClaimsUnfit(ProofRefused):
    """An identity was proven, but not the items the town needs."""

    code = "registry.claims_unfit"


class PhoneUnreadable(ProofRefused):
    """A number that can take no short message."""

    code = "registry.phone_unreadable"


class AlreadyLinked(ProofRefused):
    code = "registry.already_linked"


class ProtectionRefused(Refusal):
    """A protection unit cannot be registered, changed or renewed like that. Nothing was changed."""

    code = "registry.protection_refused"


class ImportInfected(Refusal):
    code = "registry.import_infected"


class ImportNotScanned(Refusal):
    code = "registry.import_not_scanned"
