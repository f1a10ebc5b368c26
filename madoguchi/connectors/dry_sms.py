"""The dry twin of the SMS gateway: each text becomes a file, once."""

import hashlib
import json
import os
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from madoguchi.ledgers.registry.ports import ShortText


@dataclass(frozen=True)
class DrySms:
    """Writes .json files into `folder`; the same message id is written once, however often it is sent."""

    folder: Path

    def send(self, text: ShortText) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f".{uuid.uuid4().hex}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(text), file, ensure_ascii=False)
        with suppress(FileExistsError):
            os.link(draft, self.folder / f"{hashlib.sha256(text.message_id.encode()).hexdigest()}.json")
        draft.unlink()
