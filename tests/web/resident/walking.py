"""Walking through the portal as a browser without scripts would."""

import re
from typing import Any

from tests.factories_applications import typed

PAGES = {
    "child": ("child_",),
    "applicant": ("applicant", "address", "email", "work_days"),
    "wishes": ("clubs",),
}


def begin(client: Any) -> str:
    """The address of the unsent application: /apply/<uuid>/."""
    answer = client.get("/procedures/mihon-club/begin/?period=r9")
    assert answer.status_code == 302, answer.content.decode()[:300]
    return str(answer.url)


def answers(page: str, **changed: str) -> dict[str, Any]:
    return {name: value for name, value in typed(**changed).items() if name.startswith(PAGES[page])}


def fill(client: Any, paper: str, **changed: str) -> None:
    for page in PAGES:
        answer = client.post(f"{paper}{page}/", answers(page, **changed))
        assert answer.status_code == 302, re.findall(r"field__error.*?</p>", answer.content.decode())


def apply(client: Any, **changed: str) -> str:
    """Apply for one child; the receipt number."""
    paper = begin(client)
    fill(client, paper, **changed)
    answer = client.post(f"{paper}review/")
    assert answer.status_code == 302
    return str(answer.url).split("/")[2]
