"""/live/ and /ready/ for systemd, Kubernetes and load balancers.

They stand before everything else: no host name is asked, no session opened, no municipality entered, and the answer
holds nothing but one word.
"""

from django.http import HttpRequest, HttpResponse

from madoguchi.ledgers.office.readiness import migrations_of_the_code, not_ready

WELL = "ok"


class Probes:
    """The first middleware. Live: the process answers. Ready: it can serve."""

    def __init__(self, get_response):
        self.get_response = get_response
        migrations_of_the_code()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/live/":
            return answer("")
        if request.path_info == "/ready/":
            return answer(not_ready())
        return self.get_response(request)


def answer(fault: str) -> HttpResponse:
    found = HttpResponse(fault or WELL, content_type="text/plain", status=503 if fault else 200)
    found["Cache-Control"] = "no-store"
    return found
