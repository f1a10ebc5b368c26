"""What a page holds that a strict content security policy would refuse, or that leads away."""

from html.parser import HTMLParser

OUTSIDE = ("http:", "https:", "//")
LOADING = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "link": "href",
    "form": "action",
    "object": "data",
    "embed": "src",
}
RUNNING = ("javascript:", "vbscript:", "data:text/html")


class Reading(HTMLParser):
    """Collects inline programs and styles, and everything that is loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "script" and "src" not in told and told.get("type") != "application/json":
            self.found.append("a script without src")
        if tag in ("style", "base"):
            self.found.append(f"<{tag}>")
        self.found += [f"{name} on <{tag}>" for name in told if name.startswith("on") or name == "style"]
        address = (told.get(LOADING.get(tag, ""), "") or "").strip().lower()
        if address.startswith(OUTSIDE):
            self.found.append(f"<{tag}> loads {address}")
        for name in ("href", "action", "formaction", "src"):
            if (told.get(name) or "").strip().lower().startswith(RUNNING):
                self.found.append(f"{name} on <{tag}> runs something")


def faults_in(html: str) -> list[str]:
    reading = Reading()
    reading.feed(html)
    return reading.found
