"""From which address a request comes, behind as many proxies of our own as the settings say."""

from django.conf import settings
from django.http import HttpRequest

LONGEST = 64


def client_address(request: HttpRequest) -> str:
    """The address the outermost proxy of ours saw; what a browser claims beyond it is not believed."""
    if settings.MADOGUCHI_PROXIES:
        told = [
            part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
        ]
        if len(told) >= settings.MADOGUCHI_PROXIES:
            return told[-settings.MADOGUCHI_PROXIES][:LONGEST]
    return str(request.META.get("REMOTE_ADDR", ""))[:LONGEST]
