"""A small HTTP client that uses the portal as a browser without JavaScript does: pages, cookies, forms, redirects."""

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode, urljoin, urlsplit

Fields = list[tuple[str, str]]
MOST_REDIRECTS = 5


@dataclass
class Form:
    """One form of a page with the values it would send if nothing were changed."""

    action: str
    method: str = "get"
    fields: Fields = field(default_factory=list)
    buttons: Fields = field(default_factory=list)
    offered: Fields = field(default_factory=list)

    def filled(self, answers: dict[str, list[str]], button: str = "") -> Fields:
        """What is sent when somebody types `answers` and presses `button` (its name, or the first nameless one)."""
        kept = [(name, value) for name, value in self.fields if name not in answers]
        typed = [(name, value) for name, values in answers.items() for value in values]
        pressed = [pair for pair in self.buttons if pair[0] == button][:1] if button else []
        return kept + typed + pressed


@dataclass(frozen=True)
class Page:
    """What came back in the end: status, address after redirects, text and forms."""

    status: int
    path: str
    text: str
    forms: tuple[Form, ...]

    def form_with(self, name: str, method: str = "") -> Form:
        """The largest form that holds a field or button called `name`. Raises LookupError with the page's address."""
        found = [
            form
            for form in self.forms
            if any(field_name == name for field_name, _ in form.fields + form.buttons + form.offered)
            and method in ("", form.method)
        ]
        if not found:
            raise LookupError(f"no form with {name!r} on {self.path} ({self.status})")
        return max(found, key=lambda form: len(form.offered))


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif self.forms:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag in {"input", "select", "textarea"} and name:
            form.offered.append((name, given.get("value", "")))
        kind = given.get("type", "text")
        if tag == "input" and name and kind not in {"submit", "file", "image"}:
            if kind not in {"checkbox", "radio"} or "checked" in given:
                form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "button" or (tag == "input" and kind == "submit"):
            form.buttons.append((name, given.get("value", "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given and self._select:
            form.fields.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._textarea = name
            form.fields.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None and self.forms:
            name, before = self.forms[-1].fields.pop()
            self.forms[-1].fields.append((name, before + data))


class Browser:
    """One person at the portal. Not for two threads at once."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._origin = address
        self._cookies: dict[str, str] = {}
        self.requests = 0

    def get(self, path: str) -> Page:
        return self._go("GET", path, None)

    def fetch(self, path: str) -> tuple[int, str]:
        """Status and text as they come, nothing followed and nothing read: for measuring."""
        status, text, _ = self._request("GET", quote(path, safe="/?&=%~:"), None)
        return status, text

    def submit(self, page: Page, form: Form, answers: dict[str, list[str]], button: str = "") -> Page:
        """Fill in a form of `page` and send it."""
        sent = urlencode(form.filled(answers, button))
        target = urlsplit(urljoin(self._origin + page.path, form.action or page.path))
        path = target.path + (f"?{target.query}" if target.query else "")
        if form.method == "get":
            return self._go("GET", f"{target.path}?{sent}", None)
        return self._go("POST", path, sent)

    def close(self) -> None:
        self._connection.close()

    def _go(self, method: str, path: str, body: str | None) -> Page:
        for _ in range(MOST_REDIRECTS):
            status, text, onward = self._request(method, path, body)
            if status not in {301, 302, 303}:
                parser = _Forms()
                parser.feed(text)
                return Page(status, path, text, tuple(parser.forms))
            method, path, body = "GET", self._local(onward, path), None
        raise LookupError(f"too many redirects at {path}")

    def _request(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Referer": self._origin + path,
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.requests += 1
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        return response.status, text, response.headers.get("Location", "")

    def _local(self, onward: str, path: str) -> str:
        target = urlsplit(urljoin(self._origin + path, onward))
        return target.path + (f"?{target.query}" if target.query else "")
