"""委任状. The paper a person signs so that another may apply, filled in with what was typed so far."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from madoguchi.clerical.notices.typesetting import typeset, unprintable
from madoguchi.common.era import format_era
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.procedures.answers import read_all
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.casefacts import by_prefill
from madoguchi.services.applications.proxies import portal_channel
from madoguchi.services.applications.reading import Situation, context_of, period_of
from madoguchi.services.applications.rules import full_name
from madoguchi.services.applications.unsent import unsent_of

if TYPE_CHECKING:
    from madoguchi.services.applications.unsent import Owner

LETTER_ONLY = ("document_number", "dated_on", "addressee", "mayor", "contact", "number")
"""What the common head of letters asks for; a mandate has no such head."""

TEMPLATE = (Path(__file__).parent / "templates_typst" / "mandate.typ").read_text(encoding="utf-8")


def mandate_pdf(*, unsent_id: uuid.UUID, owner: "Owner", town: str, at: datetime) -> bytes:
    """The mandate for an unsent application of its owner. NotFound where the package knows no proxies."""
    on = timezone.localdate(at)
    unsent = unsent_of(unsent_id, owner, on=on)
    package = package_of(unsent.version_id).package
    if package.proxy is None:
        raise NotFound("委任状")
    situation = Situation(
        period_of(package, unsent.period_code), on, portal_channel(unsent.raw), unsent.facts
    )
    values = read_all(package.form, unsent.raw, context_of(package, situation)).values
    return typeset(TEMPLATE, by_hand(mandate_facts(package, values, town)), seconds=int(at.timestamp()))


def by_hand(facts: Mapping[str, str]) -> dict[str, Any]:
    """What the font cannot print is left to be written by hand: nobody gets a name with a hole in it."""
    return {name: "" if unprintable([text]) else text for name, text in facts.items()}


def mandate_facts(package: Any, values: dict[str, Any], town: str) -> dict[str, str]:
    """What the paper says; an empty text is a line to be written by hand."""

    def role(source: str) -> Any:
        return by_prefill(package.form, values, source)

    address, birth = role("resident.address") or {}, role("resident.birth")
    return {
        "title": "委任状",
        **dict.fromkeys(LETTER_ONLY, ""),
        "municipality": town,
        "applicant": full_name(role("resident.name")),
        "address": " ".join(filter(None, (address.get(part) for part in ("town", "block", "building")))),
        "birth": format_era(datetime.fromisoformat(birth).date()) if birth else "",
        "phone": str(role("resident.phone") or ""),
        "proxy": full_name(values.get("proxy_name")),
        "proxy_phone": str(values.get("proxy_phone") or ""),
        "role": str(values.get("proxy_relationship") or ""),
        "procedure": package.names.ja,
        "scope": str(values.get("proxy_scope") or ""),
    }
