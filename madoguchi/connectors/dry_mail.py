"""The dry twin of SMTP: each mail becomes a file, and it knows exactly what was handed over."""

import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from madoguchi.clerical.notices.ports import MailMessage
from madoguchi.connectors.mail_message import as_email


@dataclass(frozen=True)
class DryMail:
    """Writes .eml files into `folder`. The same Message-ID is written once, however often it is sent."""

    folder: Path
    sender: str = "madoguchi@localhost"

    def look(self) -> str:
        """Whether the folder can be written. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        probe = self.folder / f".{uuid.uuid4().hex}"
        probe.touch()
        probe.unlink()
        return str(self.folder)

    def send(self, message: MailMessage) -> None:
        """After this returns the mail is on the disk, whole, whatever happens to the machine."""
        mail = as_email(message, sender=self.sender)
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f".{uuid.uuid4().hex}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(mail.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        self._put_in_place(draft, self._place_of(message.message_id))

    def was_sent(self, message_id: str) -> bool:
        """The file appears in one step, so its presence is the whole answer."""
        return self._place_of(message_id).exists()

    def _put_in_place(self, draft: Path, place: Path) -> None:
        # A link, unlike a rename, does not replace a mail that is already there.
        try:
            os.link(draft, place)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _place_of(self, message_id: str) -> Path:
        return self.folder / f"{hashlib.sha256(message_id.encode()).hexdigest()}.eml"
