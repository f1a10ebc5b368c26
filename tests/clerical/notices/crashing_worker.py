"""A real worker that kills itself with SIGKILL at a chosen point. Run by test_faults.py in a process of its own.

Words: release COUNT | work POINT NTH | report
"""

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command

from madoguchi.clerical.notices import actions, ports, queries
from madoguchi.clerical.notices.models import Delivery, Letter
from madoguchi.clerical.notices.states import Route
from madoguchi.connectors.dry_mail import DryMail
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.jobs import job_progress
from madoguchi.ledgers.office.queries import municipality_by_code
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from tests.factories_notices import order

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
ROUND = Subject("test.round", "1")
HANDED_OVER = Path(settings.VAR_DIR) / "handed-over"


class CrashingMail(DryMail):
    """Dies before or after handing over the n-th mail of this process; a blind one cannot tell what it sent."""

    point = ""
    nth = 0
    blind = False

    def send(self, message: ports.MailMessage) -> None:
        type(self).nth -= 1
        if (self.point, self.nth) == ("before", 0):
            os.kill(os.getpid(), signal.SIGKILL)
        super().send(message)
        with HANDED_OVER.open("a") as log:
            log.write(f"{message.message_id}\n")
        if (self.point, self.nth) == ("after", 0):
            os.kill(os.getpid(), signal.SIGKILL)

    def was_sent(self, message_id: str) -> Any:
        return None if self.blind else super().was_sent(message_id)


def release(count: int) -> None:
    town = office.found_municipality(
        code="999999", name="サンプル市", name_kana="サンプルシ", prefecture="サンプル県", mayor="例示　太郎"
    )
    with municipality_session(town.pk):
        section = office.set_up_section(
            code="kodomo", fiscal_year=2026, name="子ども若者課", symbol="サ子青", phone="0"
        )
        clerk = office.employ(
            login="clerk", name="佐藤　例", name_kana="サトウ　レイ", section=section, password="x"
        )
        office.grant_role(staff=clerk, role=Role.REVIEWER, on=NOW.date(), by=SYSTEM, at=NOW)
        release_id = actions.open_release(
            title="発送", section_id=section.pk, subject=ROUND, expected=count, by=clerk, at=NOW
        )
        orders = [order(serial) for serial in range(count)]
        actions.prepare_letters(release_id=release_id, orders=orders, at=NOW)
        actions.release_all(release_id=release_id, by=clerk, at=NOW)


def work(point: str, nth: int) -> None:
    CrashingMail.nth, CrashingMail.blind = nth, point.startswith("blind")
    CrashingMail.point = point.removeprefix("blind-")
    ports.plug_mail(CrashingMail(settings.MADOGUCHI_MAIL_DIR, settings.DEFAULT_FROM_EMAIL))
    with municipality_session(municipality_by_code("999999").pk):
        actions.resume_deliveries()
    call_command("procrastinate", "worker", "--one-shot")


def report() -> None:
    with municipality_session(municipality_by_code("999999").pk):
        shown = queries.release_of(ROUND)
        assert shown is not None
        assert shown.delivery_job is not None
        progress = job_progress(shown.delivery_job)
        assert progress is not None
        mails = Delivery.objects.filter(route=Route.EMAIL)
        figures = {
            "letters": Letter.objects.count(),
            "cases": Letter.objects.values("subject_id").distinct().count(),
            "numbers": Letter.objects.values("number").distinct().count(),
            "states": sorted(mails.values_list("state", flat=True)),
            "tries": sum(mails.values_list("tries", flat=True)),
            "done": progress.done,
            "over": progress.is_over,
        }
    sys.stdout.write(json.dumps(figures))


def main() -> None:
    verb, *rest = sys.argv[1:]
    if verb == "release":
        release(int(rest[0]))
    elif verb == "work":
        work(rest[0], int(rest[1]))
    else:
        report()
