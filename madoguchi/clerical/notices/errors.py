from madoguchi.common.errors import Refusal


class CharactersUnprintable(Refusal):
    """The font has no shape for a character: nothing is printed rather than an empty box."""

    code = "notices.characters_unprintable"


class LetterBroken(Refusal):
    """The letter of the package cannot be set with these facts."""

    code = "notices.letter_broken"


class TemplateReachesOut(Refusal):
    """The letter of the package wants to read something other than its facts."""

    code = "notices.template_reaches_out"


class InstructionMissing(Refusal):
    """A disposition without its 教示 (行政不服審査法82条, 行政事件訴訟法46条)."""

    code = "notices.instruction_missing"


class FactsMismatched(Refusal):
    """The facts name another addressee than the order."""

    code = "notices.facts_mismatched"


class ReleaseIncomplete(Refusal):
    """Not every letter has been prepared."""

    code = "notices.release_incomplete"


class PairingBroken(Refusal):
    """A letter does not belong to the case it would be sent to."""

    code = "notices.pairing_broken"


class AlreadyReleased(Refusal):
    """Letters cannot be added to what has gone out."""

    code = "notices.already_released"


class SectionUnnamed(Refusal):
    """The section has no symbol to number letters with."""

    code = "notices.section_unnamed"


class WrongDeliveryState(Refusal):
    """The delivery is not where this could be done to it."""

    code = "notices.wrong_delivery_state"


class MailNotSent(Refusal):
    """The mail was certainly not handed over. `for_good`: trying again would not help."""

    code = "notices.mail_not_sent"
    for_good = False


class MailRefused(MailNotSent):
    """The other side will not take this mail."""

    code = "notices.mail_refused"
    for_good = True


class MailAddressRefused(MailRefused):
    """An address or a subject that cannot stand in the head of a mail."""

    code = "notices.mail_address_refused"


class MailUnclear(Refusal):
    """The connection broke while the mail was being handed over: it may or may not have gone."""

    code = "notices.mail_unclear"


class MailUnavailable(Refusal):
    """No way of sending mail has been set up."""

    code = "notices.mail_unavailable"


class FontMissing(Refusal):
    """The dependency that carries the font of the letters is not installed."""

    code = "notices.font_missing"


class CertificateNotInForce(Refusal):
    """The certificate of the electronic signature has ended, or does not begin yet."""

    code = "notices.certificate_not_in_force"


class SigningUnavailable(Refusal):
    """The key of the electronic signature cannot be read or does not answer."""

    code = "notices.signing_unavailable"
