"""A mail as RFC 5322 wants it, with nothing in its head that was not meant to be there."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from madoguchi.clerical.notices.errors import MailAddressRefused
from madoguchi.clerical.notices.ports import MailMessage

_MESSAGE_ID = re.compile(r"<[\x21-\x7e]+@[\x21-\x7e]+>")
# Old addresses of Japanese carriers have doubled dots before the @, so the shape is checked, not RFC 5321.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")


def as_email(message: MailMessage, *, sender: str) -> EmailMessage:
    """Raises MailAddressRefused when address, subject or Message-ID could smuggle in another header."""
    if not _ADDRESS.fullmatch(message.to):
        raise _refused(f"メールアドレス「{message.to!r}」")
    if not _MESSAGE_ID.fullmatch(message.message_id):
        raise _refused(f"Message-ID「{message.message_id!r}」")
    mail = EmailMessage(policy=SMTP)
    try:
        mail["Subject"] = message.subject
    except ValueError as error:
        raise _refused("件名") from error
    local, _, domain = message.to.rpartition("@")
    mail["From"], mail["To"] = sender, Address(username=local, domain=domain)
    mail["Message-ID"], mail["Date"] = message.message_id, formatdate(localtime=True)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail


def _refused(what: str) -> MailAddressRefused:
    return MailAddressRefused(
        f"{what}は、メールに使えません。", next_step="改行や記号がないか確かめて、直してください。"
    )
