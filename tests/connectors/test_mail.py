import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.clerical.notices.errors import (
    MailAddressRefused,
    MailNotSent,
    MailRefused,
    MailUnavailable,
    MailUnclear,
)
from madoguchi.clerical.notices.ports import MailMessage
from madoguchi.connectors.apps import chosen_mail
from madoguchi.connectors.dry_mail import DryMail
from madoguchi.connectors.mail_message import as_email
from madoguchi.connectors.smtp import SmtpMail

SENDER = "手続の窓口 <madoguchi@sample.example>"


def message(**changes: Any) -> MailMessage:
    known = {
        "to": "hikari@example.jp",
        "subject": "【サンプル市】通知が届いています",
        "body": "本文です。\n. 点\n",
    }
    return MailMessage(**(known | {"message_id": "<1@sample.example>"} | changes))


class Taker:
    """A mail server that keeps what it takes and refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.to_rcpt = "250 OK"
        self.to_data = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.to_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope.content)
        return self.to_data


@pytest.fixture
def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def taker(free_port: int) -> Iterator[tuple[Taker, str]]:
    handler = Taker()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port)
    controller.start()
    yield handler, f"127.0.0.1:{free_port}"
    controller.stop()


def test_smtp__a_real_server_receives_the_mail_as_written(taker: tuple[Taker, str]) -> None:
    handler, address = taker
    SmtpMail(f"smtp://{address}", SENDER).send(message())
    (raw,) = handler.taken
    mail = message_from_bytes(raw, policy=default)
    assert mail["Subject"] == "【サンプル市】通知が届いています"
    assert (mail["To"], mail["From"]) == ("hikari@example.jp", SENDER)
    assert mail["Message-ID"] == "<1@sample.example>"
    assert mail.get_content().replace("\r\n", "\n") == "本文です。\n. 点\n"


@pytest.mark.parametrize(
    ("rcpt", "data", "kind"),
    [
        ("550 no such user", "250 OK", MailRefused),
        ("451 later", "250 OK", MailNotSent),
        ("250 OK", "554 spam", MailRefused),
        ("250 OK", "452 full", MailNotSent),
    ],
)
def test_smtp__a_refusal_is_certainly_not_sent(
    taker: tuple[Taker, str], rcpt: str, data: str, kind: type[MailNotSent]
) -> None:
    handler, address = taker
    handler.to_rcpt, handler.to_data = rcpt, data
    with pytest.raises(MailNotSent) as refused:
        SmtpMail(f"smtp://{address}", SENDER).send(message())
    assert type(refused.value) is kind


def test_smtp__nobody_there_is_certainly_not_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(MailNotSent) as refused:
            SmtpMail(f"smtp://127.0.0.1:{free.getsockname()[1]}", SENDER).send(message())
    assert not refused.value.for_good


def test_smtp__without_tls_on_offer_nothing_is_sent_when_tls_is_wanted(taker: tuple[Taker, str]) -> None:
    handler, address = taker
    with pytest.raises(MailNotSent, match="SMTPNotSupportedError"):
        SmtpMail(f"smtp://{address}?starttls=1", SENDER).send(message())
    assert handler.taken == []


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    key, proof = tmp_path / "key.pem", tmp_path / "proof.pem"
    ask = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1"
    ask += " -addext subjectAltName=IP:127.0.0.1"
    subprocess.run([*ask.split(), "-keyout", key, "-out", proof], check=True, capture_output=True)
    return key, proof


def test_smtp__goes_over_tls_and_only_to_a_server_it_trusts(
    certificate: tuple[Path, Path], free_port: int
) -> None:
    key, proof = certificate
    offered = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    offered.load_cert_chain(proof, key)
    handler = Taker()
    server = Controller(
        handler, hostname="127.0.0.1", port=free_port, tls_context=offered, require_starttls=True
    )
    server.start()
    try:
        url = f"smtp://127.0.0.1:{free_port}?starttls=1"
        SmtpMail(url, SENDER, ssl.create_default_context(cafile=str(proof))).send(message())
        with pytest.raises(MailNotSent, match="SSLCertVerificationError"):
            SmtpMail(url, SENDER).send(message())
    finally:
        server.stop()
    assert len(handler.taken) == 1


def test_smtp__a_line_cut_while_handing_over_is_unclear() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        cut = threading.Thread(target=_cut_in_the_middle, args=(listening,), daemon=True)
        cut.start()
        smtp = SmtpMail(f"smtp://127.0.0.1:{listening.getsockname()[1]}", SENDER)
        with pytest.raises(MailUnclear):
            smtp.send(message())
        cut.join(timeout=5)
    assert smtp.was_sent("<1@sample.example>") is None


def _cut_in_the_middle(listening: socket.socket) -> None:
    line, _ = listening.accept()
    with line, line.makefile("rb") as heard:
        line.sendall(b"220 hello\r\n")
        for command in heard:
            if command.upper().startswith(b"DATA"):
                line.sendall(b"354 go on\r\n")
                heard.readline()
                return
            line.sendall(b"250 OK\r\n")


@pytest.mark.parametrize("url", ["http://x", "smtp://", "x"])
def test_smtp__an_unreadable_address_of_the_server_is_a_sentence(url: str) -> None:
    with pytest.raises(MailUnavailable, match="MADOGUCHI_SMTP_URL"):
        SmtpMail(url, SENDER)


@pytest.mark.parametrize(
    "change",
    [
        {"to": "a@example.jp\r\nBcc: b@example.jp"},
        {"to": "a@example.jp, b@example.jp"},
        {"to": "a@example.jp>\n"},
        {"to": "だれか@example.jp"},
        {"subject": "通知\r\nBcc: b@example.jp"},
        {"message_id": "<1@x>\r\nBcc: b@example.jp"},
        {"message_id": "1"},
    ],
)
def test_no_other_header_can_be_smuggled_in(change: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(MailAddressRefused):
        DryMail(tmp_path, SENDER).send(message(**change))
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=80))
def test_whatever_is_written_the_head_has_one_addressee(to: str, subject: str, body: str) -> None:
    try:
        mail = as_email(message(to=to + "@example.jp", subject=subject), sender=SENDER)
    except MailAddressRefused:
        return
    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert read.get_all("Bcc") is None
    assert [(one.username, one.domain) for one in read["To"].addresses] == [(to, "example.jp")]


def test_old_carrier_addresses_with_doubled_dots_are_taken() -> None:
    assert "a..b.@docomo.example" in str(as_email(message(to="a..b.@docomo.example"), sender=SENDER)["To"])


def test_dry_mail__writes_each_mail_once_and_knows_it(tmp_path: Path) -> None:
    dry = DryMail(tmp_path / "mail", SENDER)
    assert dry.was_sent("<1@sample.example>") is False
    dry.send(message())
    dry.send(message(body="二度目"))
    dry.send(message(message_id="<2@sample.example>"))
    assert dry.was_sent("<1@sample.example>") is True
    files = sorted(dry.folder.iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    texts = [message_from_bytes(file.read_bytes(), policy=default).get_content() for file in files]
    assert not any("二度目" in text for text in texts)


def test_chosen_mail__is_what_the_settings_name(settings: Any, tmp_path: Path) -> None:
    settings.MADOGUCHI_MAIL_DIR = tmp_path
    assert isinstance(chosen_mail("dry"), DryMail)
    settings.MADOGUCHI_SMTP_URL = "smtps://user:p%40ss@mail.example"
    assert isinstance(chosen_mail("smtp"), SmtpMail)
    with pytest.raises(MailUnavailable):
        chosen_mail("鳩")
