"""Mail by SMTP, with a sharp line between "certainly not sent" and "nobody knows"."""

import smtplib
import ssl
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from madoguchi.clerical.notices.errors import MailNotSent, MailRefused, MailUnavailable, MailUnclear
from madoguchi.clerical.notices.ports import MailMessage
from madoguchi.connectors.mail_message import as_email

_PORTS = {"smtp": 25, "smtps": 465}
_SECONDS = 30
_ACCEPTED = frozenset({250, 251})
_FOR_GOOD = 500


@dataclass(frozen=True)
class SmtpMail:
    """Hands mails to `url`: smtp:// or smtps://, with user:password@ when needed.

    With ?starttls=1 nothing is sent to a server that does not offer TLS. `trust` replaces the certificates of the system.
    """

    url: str
    sender: str
    trust: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        if self._address.scheme not in _PORTS or not self._address.hostname:
            raise MailUnavailable(
                f"MADOGUCHI_SMTP_URL「{self._address.scheme}://…」を読み取れません。",
                next_step="smtp://利用者:合言葉@ホスト:587?starttls=1 か、smtps:// の形にしてください。",
            )

    def send(self, message: MailMessage) -> None:
        """Raises MailRefused or MailNotSent when it certainly did not go, MailUnclear when nobody knows."""
        mail = as_email(message, sender=self.sender)
        with closing(self._reach()) as server:
            _name_both_sides(server, self.sender, message.to)
            _hand_over(server, mail)

    def look(self) -> str:
        """Whether the server answers and takes our sign-in; sends nothing. Raises MailNotSent."""
        with closing(self._reach()) as server:
            try:
                return server.noop()[1].decode(errors="replace")
            except (smtplib.SMTPException, OSError) as error:
                raise _not_sent(MailNotSent, type(error).__name__) from error

    def was_sent(self, message_id: str) -> None:
        """SMTP cannot tell afterwards."""

    @property
    def _address(self) -> SplitResult:
        return urlsplit(self.url)

    def _open(self) -> smtplib.SMTP:
        address, context = self._address, self.trust or ssl.create_default_context()
        host, port = str(address.hostname), address.port or _PORTS[address.scheme]
        if address.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=_SECONDS)
        if parse_qs(address.query).get("starttls") == ["1"]:
            server.starttls(context=context)
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        return server

    def _reach(self) -> smtplib.SMTP:
        """Whatever goes wrong here is the matter of the server or the settings, not of this mail."""
        try:
            return self._open()
        except (smtplib.SMTPException, OSError) as error:
            raise _not_sent(MailNotSent, type(error).__name__) from error


def _name_both_sides(server: smtplib.SMTP, sender: str, to: str) -> None:
    try:
        server.ehlo_or_helo_if_needed()
        if (code := server.mail(sender)[0]) not in _ACCEPTED:
            raise _not_sent(MailNotSent, str(code))
        if (code := server.rcpt(to)[0]) not in _ACCEPTED:
            raise _not_sent(MailRefused if code >= _FOR_GOOD else MailNotSent, str(code))
    except (smtplib.SMTPException, OSError) as error:
        raise _not_sent(MailNotSent, type(error).__name__) from error


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    try:
        code = server.data(mail.as_bytes())[0]
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
    except (smtplib.SMTPException, OSError) as error:
        raise MailUnclear(
            "メールを渡している途中で、メールサーバーとの接続が切れました。",
            next_step="届いたかどうかを、宛先かメールサーバーで確かめてください。",
        ) from error
    if code not in _ACCEPTED:
        raise _not_sent(MailRefused if code >= _FOR_GOOD else MailNotSent, str(code))


def _not_sent(kind: type[MailNotSent], said: str) -> MailNotSent:
    return kind(
        f"メールサーバーに渡せませんでした（{said}）。",
        next_step="宛先のメールアドレスと、メールサーバーの設定を確かめてください。",
    )
