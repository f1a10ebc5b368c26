"""What the proof of a visitor means for their applications: enough or not, and whose they are."""

from typing import TYPE_CHECKING

from madoguchi.ledgers.procedures.identity import Identity
from madoguchi.ledgers.registry import bells
from madoguchi.services.applications.errors import ProofTooLow
from madoguchi.services.applications.models import Application, UnsentApplication

if TYPE_CHECKING:
    from madoguchi.ledgers.registry.views import VisitorView


def insist_on_level(slug: str, required: Identity, visitor: "VisitorView") -> None:
    """ProofTooLow when this sitting has shown less than the procedure asks for."""
    if not required.admits(visitor.identity_level, visitor.sign_in_level):
        raise ProofTooLow(slug)


@bells.joined.answer
def answer_joined(event: bells.Joined) -> None:
    """Drafts and cases follow the person."""
    UnsentApplication.objects.filter(visitor_id=event.former).update(visitor_id=event.visitor)
    Application.objects.filter(visitor_id=event.former).update(visitor_id=event.visitor)
