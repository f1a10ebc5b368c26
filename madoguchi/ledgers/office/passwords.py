"""Which passwords staff may choose."""

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
)
from django.core.exceptions import ValidationError

from madoguchi.ledgers.office.errors import PasswordRefused
from madoguchi.ledgers.office.models import Staff

SHORTEST = 12


def refuse_weak(password: str, staff: Staff) -> None:
    """At least twelve characters, not a common word, not digits only, not the staff number. PasswordRefused."""
    checks = (MinimumLengthValidator(SHORTEST), CommonPasswordValidator(), NumericPasswordValidator())
    try:
        for check in checks:
            check.validate(password, staff)
    except ValidationError as error:
        raise _refused() from error
    if staff.login.lower() in password.lower():
        raise _refused()


def _refused() -> PasswordRefused:
    return PasswordRefused(
        "このパスワードは使えません。",
        next_step=f"{SHORTEST}文字以上で、よくある言葉・数字だけ・職員番号を含むものを避けてください。",
    )
