"""What the dry twin of the mail server has written."""

from email import message_from_bytes, policy
from pathlib import Path


def newest(folder: str, to: str) -> str:
    """The text of the newest mail to this address."""
    files = sorted(Path(folder).rglob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files:
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        if to in str(mail["To"]):
            body = mail.get_body(preferencelist=("plain",))
            assert body is not None
            return str(body.get_content())
    raise LookupError(to)
