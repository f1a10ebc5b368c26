"""A family at the portal that costs its machine almost nothing: for measuring what the portal costs."""

import http.client
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from scenarios.whole_period.plan import Raw

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SHOWN = re.compile(r'name="_shown" value="([^"]*)"')
SURE = re.compile(r'name="_sure" value="([^"]+)"')
MOST_SHOWINGS = 4
MOST_REDIRECTS = 5


@dataclass
class Took:
    """Milliseconds of every request, by what was asked."""

    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, other: "Took") -> None:
        for step, took in other.steps.items():
            self.steps[step] += took


@dataclass(frozen=True)
class Came:
    """What one request gave after its redirects."""

    status: int
    path: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Typist:
    """One applicant on one kept connection. Finds tokens by pattern and reads nothing else of a page."""

    def __init__(self, address: str, host: str = "") -> None:
        parts = urlsplit(address)
        self.host = host
        self.line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.took = Took()
        self.requests = 0

    def close(self) -> None:
        self.line.close()

    def get(self, step: str, path: str) -> Came:
        return self._go(step, "GET", path, None)

    def post(self, step: str, came: Came, answers: Raw) -> Came:
        return self._go(step, "POST", came.path, urlencode(_with_marks(came.text, answers), doseq=True))

    def search(self, path: str, text: str) -> Came:
        return self._go("search", "GET", f"{path}?{urlencode({'q': text})}", None)

    def _go(self, step: str, method: str, path: str, body: str | None) -> Came:
        for _ in range(MOST_REDIRECTS):
            status, answer, onward = self._request(step, method, path, body)
            if status not in {301, 302, 303}:
                return Came(status, path, answer)
            step, method, path, body = _next_step(onward), "GET", onward, None
        raise LookupError(f"too many redirects at {path}")

    def _request(self, step: str, method: str, path: str, body: str | None) -> tuple[int, bytes, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if self.host:
            headers["Host"] = self.host
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.line.request(method, path, body, headers)
        response = self.line.getresponse()
        answer = response.read()
        self.took.steps[step].append((time.perf_counter() - began) * 1000)
        self.requests += 1
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return response.status, answer, response.headers.get("Location", "")


def _with_marks(text: str, answers: Raw) -> dict[str, list[str]]:
    """The answers and what the page's own hidden inputs and boxes to confirm hold."""
    token, shown = TOKEN.search(text), SHOWN.search(text)
    marks = {"csrfmiddlewaretoken": [token[1] if token else ""]}
    if shown:
        marks["_shown"] = [unescape(shown[1])]
    if sure := SURE.findall(text):
        marks["_sure"] = sure
    return {**marks, **answers}


def _next_step(path: str) -> str:
    last = path.partition("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return {"review": "review", "receipt": "receipt", "prove": "proof_page"}.get(last, "page")


@dataclass
class Family:
    """Who applies: the key in the registry and what is typed."""

    resident_id: int
    raw: Raw

    def apply(self, typist: Typist, fields: dict[str, set[str]]) -> str:
        """From the page of the procedure to the receipt on paper; the receipt number.

        Raises LookupError with the place where it got stuck.
        """
        return self.press(typist, self.fill_in(typist, fields))

    def fill_in(self, typist: Typist, fields: dict[str, set[str]]) -> Came:
        """Everything typed; one press away."""
        typist.get("procedure", "/procedures/gakudo-club/")
        proof = typist.get("begin", "/procedures/gakudo-club/begin/?period=2027-04")
        came = typist.post("proof", proof, {"way": ["card"], "resident": [str(self.resident_id)]})
        while not came.path.endswith("/review/"):
            came = self._answered(typist, came, fields)
        return came

    def press(self, typist: Typist, review: Came) -> str:
        """申請する, the receipt page that follows, and its PDF."""
        receipt = typist.post("press", review, {})
        if not receipt.path.endswith("/receipt/") or receipt.status != 200:
            raise LookupError(f"no receipt but {receipt.path} ({receipt.status})")
        paper = typist.get("receipt_pdf", f"{receipt.path.removesuffix('/receipt/')}/receipt.pdf")
        if not paper.body.startswith(b"%PDF"):
            raise LookupError(f"no PDF at {paper.path} ({paper.status})")
        return receipt.path.split("/")[2]

    def _answered(self, typist: Typist, page: Came, fields: dict[str, set[str]]) -> Came:
        """One page; when an answer opens further questions, once more."""
        here = fields.get(page.path.partition("?")[0].rstrip("/").rsplit("/", 1)[-1], set())
        typed = {name: values for name, values in self.raw.items() if name.split("-", 1)[0] in here}
        after = page
        for _ in range(MOST_SHOWINGS):
            after = typist.post("answers", after, typed)
            if after.path != page.path:
                return after
        raise LookupError(f"refused at {page.path} ({after.status})")
