"""The entrance: which municipality a request is for, and who may pass to the desk."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse

from madoguchi.ledgers.office import clock, doors, queries
from madoguchi.ledgers.office.late_traces import write_late_traces
from madoguchi.ledgers.office.remembering import remember, remembering
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import Sight, enter_municipality, enter_sight
from madoguchi.ledgers.registry.queries import protection_of_visitor

PUBLIC_DESK_PATHS = (
    "/desk/login/",
    "/desk/login/second/",
    "/desk/login/passkey/",
    "/desk/login/passkey/options/",
    "/desk/login/sso/",
    "/desk/login/sso/back/",
)


class MunicipalityMiddleware:
    """Binds the database session to the municipality of the host name for the length of one request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        with remembering():
            sitting = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
            request.municipality = doors.enter_at(host_name(request), sitting)
            try:
                if request.municipality is not None:
                    remember("municipality_id", request.municipality.pk)
                    remember("municipality", request.municipality)
                return self.get_response(request)
            finally:
                enter_municipality(None)

    def process_view(self, request, *_):
        if getattr(request, "municipality", None) is None:
            raise Http404
        return


class StaffOnlyOnTheDesk:
    """Every page of the desk is closed to people who are not signed in as staff of this municipality."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/desk/") or request.path in PUBLIC_DESK_PATHS:
            return self.get_response(request)
        if request.user.is_authenticated:
            return self.get_response(request)
        return redirect_to_login(request.get_full_path())


class SightMiddleware:
    """What the session sees of protected people: all of them on the desk with the right, one's own unit on the
    portal, nobody otherwise. Every request begins without sight (MunicipalityMiddleware), so none is handed on."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "municipality", None) is not None:
            take_sight(request)
        return self.get_response(request)


class LateTraces:
    """What was refused in this request is written down after the refusal has undone its transaction."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            write_late_traces()


def take_sight(request: HttpRequest) -> None:
    """Open the eyes of the session for the person of this request; the API sees protected people never."""
    if request.path.startswith("/api/"):
        return
    if request.path.startswith("/desk/"):
        if request.user.is_authenticated and Power.SEE_PROTECTED in desk_powers(request):
            enter_sight(Sight.ALL)
    elif visitor_id := request.session.get("visitor_id"):
        unit = protection_of_visitor(visitor_id)
        if unit is not None:
            enter_sight(Sight.OWN, unit)


def desk_powers(request) -> frozenset[Power]:
    """What the signed-in member of staff may do today; asked once a request."""
    if not hasattr(request, "desk_powers"):
        request.desk_powers = queries.remember_standing(request.user, clock.today()).powers
    return request.desk_powers


def host_name(request: HttpRequest) -> str:
    """The host of the request without its port; empty when it is not a host we serve."""
    try:
        return request.get_host().rsplit(":", 1)[0]
    except DisallowedHost:
        return ""


def municipality(request: HttpRequest) -> dict:
    """The municipality for every template, and the day on which a demo plays."""
    demo_day = clock.today() if settings.MADOGUCHI_CLOCK else None
    return {"municipality": getattr(request, "municipality", None), "demo_day": demo_day}
