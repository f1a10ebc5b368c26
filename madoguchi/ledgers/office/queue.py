"""The queue of long work, in the same PostgreSQL: work is queued with the change that needs it."""

from procrastinate.contrib.django import app

__all__ = ["app"]
