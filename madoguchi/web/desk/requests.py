"""A request as it reaches the desk's views: signed in, in its municipality."""

from typing import Any

from django.http import HttpRequest


class StaffRequest(HttpRequest):
    """What the middleware has put on the request; for the type checker."""

    user: Any
    htmx: Any
    municipality: Any
    desk_powers: Any
    desk_steps: tuple[int, int]
