"""The identity provider that stands behind a page."""

from django.http import Http404, HttpRequest

from madoguchi.ledgers.office.ports import IdentityProvider, provider_of


def provider_here(request: HttpRequest, audience: str) -> IdentityProvider:
    """The provider the municipality of the page has chosen for "staff" or "citizen"; without one there is no page."""
    found = provider_of(audience, request.municipality.code)
    if found is None:
        raise Http404
    return found
