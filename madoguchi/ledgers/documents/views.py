"""What other rooms see of a document; no queries."""

from dataclasses import dataclass
from uuid import UUID

from madoguchi.ledgers.documents.states import MAY_BE_OPENED, Caution, ScanState


@dataclass(frozen=True)
class DocumentView:
    """文書 without its bytes. `size` in bytes."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    scan: str = ScanState.CLEAN
    cautions: tuple[str, ...] = ()

    @property
    def is_held(self) -> bool:
        return self.scan not in MAY_BE_OPENED

    @property
    def marks(self) -> list[str]:
        """What staff are told beside the name: the state of the virus check, and what the file holds."""
        told = [] if self.scan in (ScanState.CLEAN, ScanState.MADE) else [str(ScanState(self.scan).label)]
        return told + [str(Caution(each).label) for each in self.cautions]


@dataclass(frozen=True)
class OpenedDocument:
    """文書 with its bytes; that it was opened is in the trace."""

    view: DocumentView
    body: bytes
