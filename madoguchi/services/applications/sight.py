"""Machine work that must count everybody, whoever pressed the button."""

from contextlib import nullcontext as seeing_everybody

__all__ = ["seeing_everybody"]
