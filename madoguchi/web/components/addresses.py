"""Addresses of pages, worked out once a process: the map of addresses is the same as long as it lives."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=4096)
def address(view: str, *parts: str, **named: str) -> str:
    """The address of a page. Raises NoReverseMatch."""
    return reverse(view, args=parts or None, kwargs=named or None)
