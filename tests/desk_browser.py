"""A browser of the desk for tests without Chromium."""

from typing import Any

from django.test import Client

from madoguchi.ledgers.office.session import enter_municipality


class DeskBrowser(Client):
    """A browser of one member of staff; after each page the test is in the town again."""

    def __init__(self, staff: Any) -> None:
        super().__init__()
        self.staff = staff
        self.force_login(staff)

    def request(self, **asked: Any) -> Any:
        answer = super().request(**asked)
        enter_municipality(self.staff.municipality_id)
        return answer
