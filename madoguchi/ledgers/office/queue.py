"""The queue of long work; it lives in the same PostgreSQL, so work is queued with the change that needs it."""

from procrastinate.contrib.django import app

__all__ = ["app"]
