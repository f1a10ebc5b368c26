"""Visitors of the portal for tests of the services."""

from datetime import datetime
from typing import Any

from madoguchi.ledgers.registry.models import Visitor
from madoguchi.ledgers.registry.views import VisitorView


def visitor_of(email: str, now: datetime) -> Any:
    """A visitor known by an e-mail address only."""
    visitor = Visitor.objects.create(email=email, first_seen_at=now)
    return VisitorView(id=visitor.id, email=email, resident_id=None, name="", identity_level=1)
