"""Headers of every answer: pages, errors, files and static files alike. The outermost middleware."""

from functools import cached_property

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
    " magnetometer=(), microphone=(), midi=(), payment=(), usb=(), xr-spatial-tracking=()",
}
HTTPS_ONLY = "max-age=31536000; includeSubDomains"
NOT_KEPT = "private, no-store"
# What a file may do when a browser shows it in place of a page: nothing. Without `sandbox` for PDF, which browsers then do not show.
FILE_MAY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SHOWN_BY_VIEWER = "application/pdf"
# Pages that say the same to everybody who asks, so that a browser may keep them.
PUBLIC = ("resident:calendar-file",)


class SafeHeaders:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if settings.MADOGUCHI_HTTPS:
            response.headers.setdefault("Strict-Transport-Security", HTTPS_ONLY)
        if not request.path.startswith(settings.STATIC_URL):
            keep_private(request, response)
            lock_files(response)
        return response


class StandingPolicy(CSPMiddleware):
    """django-csp, whose header is the same on nearly every answer and is put together once a process."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        own = any(name.startswith("_csp") for name in vars(response))
        if own or getattr(request, "_csp_nonce", None) is not None or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.standing)
        return response

    @cached_property
    def standing(self) -> str:
        """The policy of the settings, as it stands on an answer that asks for nothing of its own."""
        answer = super().process_response(HttpRequest(), HttpResponse())
        return str(answer.headers[HEADER])


def keep_private(request: HttpRequest, response: HttpResponse) -> None:
    """Nothing of a person stays in a browser or a proxy: the next one at a shared machine finds no page."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name not in PUBLIC and "no-store" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = NOT_KEPT


def lock_files(response: HttpResponse) -> None:
    """A file handed out runs nothing, whatever it is."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    if kind == SHOWN_BY_VIEWER:
        response.headers.setdefault("Content-Disposition", "inline")
    elif "Content-Disposition" in response.headers and kind != "text/html":
        response.headers["Content-Security-Policy"] = f"{FILE_MAY}; sandbox"
