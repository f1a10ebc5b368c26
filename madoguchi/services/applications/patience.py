"""How long a page may ask the database, so that one hard question does not stop the whole desk."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from madoguchi.common.errors import Refusal


class TookTooLong(Refusal):
    """The list could not be told within its time."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"{seconds}秒のうちに一覧を出せませんでした。",
            next_step="手続・受付期間・状態のどれかを選ぶか、探す言葉を長くして、もう一度開いてください。",
            code="applications.took_too_long",
        )


@contextmanager
def patience(seconds: int) -> Iterator[None]:
    """Give up a question after so many seconds. Raises TookTooLong."""
    try:
        with transaction.atomic():
            _allow(f"{seconds}s")
            yield
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
        raise TookTooLong(seconds) from error


def _allow(time: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [time])
