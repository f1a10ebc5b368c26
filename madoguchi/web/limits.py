"""How often one person, or strangers at one address, may ask for what is expensive or can be guessed.

Whoever is signed in is counted as themselves and never by address, so a town hall or a library behind one proxy is not shut out by
one of its people. Strangers share the budget of their address, which is wide enough for a hall full of them. The address is what the
outermost proxy of ours saw (MADOGUCHI_PROXIES); a loopback address says only that a proxy was not declared, and is not counted.
"""

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.lockout import key_of
from madoguchi.ledgers.office.rates import Budget, count_once
from madoguchi.web.client_address import client_address
from madoguchi.web.outage import Reader

MINUTE, TEN_MINUTES = 60, 600


@dataclass(frozen=True)
class Limit:
    """One kind of request. `methods` are counted; `person` and `address` are what each may do."""

    kind: str
    person: Budget
    address: Budget
    methods: frozenset[str] = frozenset({"POST"})


READ = frozenset({"GET", "HEAD", "POST"})
SEARCH = Limit("search", Budget(120, MINUTE), Budget(600, MINUTE), READ)
NUMBERS = Limit("numbers", Budget(240, MINUTE), Budget(600, MINUTE), READ)
PROOF = Limit("proof", Budget(30, TEN_MINUTES), Budget(600, TEN_MINUTES))
RESUME = Limit("resume", Budget(20, TEN_MINUTES), Budget(120, TEN_MINUTES))
LOGIN = Limit("login", Budget(30, TEN_MINUTES), Budget(600, TEN_MINUTES))
UPLOAD = Limit("upload", Budget(120, TEN_MINUTES), Budget(600, TEN_MINUTES))
# Pages of forms are sent often and without files; only the files are counted.
FILES = Limit("upload", UPLOAD.person, UPLOAD.address, frozenset())
VERIFY = Limit("verify", Budget(30, TEN_MINUTES), Budget(120, TEN_MINUTES))
EXPORT = Limit("export", Budget(30, TEN_MINUTES), Budget(60, TEN_MINUTES))

LIMITS: dict[str, Limit] = {
    **dict.fromkeys(["desk:residents", "desk:identity-people", "resident:search"], SEARCH),
    **dict.fromkeys(["desk:registry-person", "desk:registry-household"], NUMBERS),
    **dict.fromkeys(
        ["resident:status", "resident:receipt", "resident:letter", "resident:letter-pdf"], NUMBERS
    ),
    **dict.fromkeys(["resident:prove", "resident:code", "resident:link", "resident:new-code"], PROOF),
    **dict.fromkeys(["resident:card", "resident:card-back"], PROOF),
    "resident:resume-by-code": RESUME,
    **dict.fromkeys(["desk:login", "desk:second", "desk:passkey", "desk:sso-back"], LOGIN),
    **dict.fromkeys(["resident:documents", "resident:messages", "resident:correct"], UPLOAD),
    **dict.fromkeys(["resident:page", "desk:new", "desk:registry-import-new"], FILES),
    **dict.fromkeys(["desk:export", "desk:cases-export", "desk:registry-rejections", "desk:bundle"], EXPORT),
    "desk:dry-run": EXPORT,
    "resident:verify": VERIFY,
}


class RateLimits:
    """Refuses with 429 what goes over the budget; the view is not asked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, *_):
        limit = LIMITS.get(request.resolver_match.view_name)
        if limit is None or not counted(limit, request) or not settings.MADOGUCHI_RATE_FACTOR:
            return None
        wait = seconds_to_wait(limit, request)
        return too_often(request, wait) if wait else None


def counted(limit: Limit, request: HttpRequest) -> bool:
    return request.method in limit.methods or (limit.kind == FILES.kind and bool(request.FILES))


def seconds_to_wait(limit: Limit, request: HttpRequest) -> int:
    """0 when the request is within the budget of its person, or of its address when nobody is signed in."""
    person = person_of(request)
    if person:
        return ask(limit, "person", person, limit.person)
    address = client_address(request)
    return 0 if says_nothing(address) else ask(limit, "address", address, limit.address)


def ask(limit: Limit, of: str, who: str, budget: Budget) -> int:
    wide = Budget(int(budget.times * settings.MADOGUCHI_RATE_FACTOR), budget.seconds)
    key = key_of(settings.SECRET_KEY, limit.kind, of, who)
    return count_once(limit.kind, key, wide, at=clock.now())


def person_of(request: HttpRequest) -> str:
    if request.path.startswith("/desk/"):
        return f"staff {request.user.pk}" if request.user.is_authenticated else ""
    visitor = request.session.get("visitor_id")
    return f"visitor {visitor}" if visitor else ""


def says_nothing(address: str) -> bool:
    """An unreadable address, or the machine itself: a proxy that the settings do not name."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return True


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """The page says how long to wait."""
    shown = {
        "request": Reader(request),
        "municipality": request.municipality,
        "minutes": -(-wait // 60),
    }
    answer = HttpResponse(loader.get_template("429.html").render(shown), status=429)
    answer["Retry-After"] = str(wait)
    return answer
