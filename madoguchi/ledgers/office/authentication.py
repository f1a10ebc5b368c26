"""How a member of staff signs in: within the municipality of the session."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from madoguchi.ledgers.office.models import Staff
from madoguchi.ledgers.office.signed_in import signed_in


class StaffBackend(BaseBackend):
    """Login and password inside one municipality; an unknown login takes as long as a wrong password."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        login: str = "",
        password: str = "",
        **_: Any,
    ) -> Staff | None:
        staff = Staff.objects.filter(login=login, is_active=True).first()
        if staff is None:
            make_password(password)
            return None
        return staff if staff.check_password(password) else None

    def get_user(self, user_id: int) -> Staff | None:
        return signed_in(user_id)
