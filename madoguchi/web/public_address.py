"""Under which address the outside reaches us, for links in mails and answers of identity providers."""

from django.conf import settings
from django.http import HttpRequest


def public_address(request: HttpRequest) -> str:
    """Without a slash at the end."""
    return (settings.MADOGUCHI_PUBLIC_URL or request.build_absolute_uri("/")).rstrip("/")
