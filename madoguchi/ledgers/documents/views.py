"""What other rooms see of a document; no queries."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class DocumentView:
    """文書 without its bytes. `size` in bytes."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class OpenedDocument:
    """文書 with its bytes; that it was opened is in the trace."""

    view: DocumentView
    body: bytes
