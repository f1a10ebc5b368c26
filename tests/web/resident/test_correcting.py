"""補正: only what was asked, part of a row and files too; a receipt; one mail before it is due."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.clerical.notices.ports import plug_mail
from madoguchi.connectors.dry_mail import DryMail
from madoguchi.ledgers.documents.actions import keep_file
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.services.applications import actions
from madoguchi.services.applications.models import Application, Correction
from madoguchi.services.applications.reminding import remind_of_corrections
from madoguchi.services.applications.tasks import announce_expiring_drafts
from tests.factories_applications import FILES
from tests.web.resident.walking import answers, begin

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ROWS = b"""
[[page.field]]
key = "guardians"
type = "group"
label = { ja = "\xe4\xbf\x9d\xe8\xad\xb7\xe8\x80\x85" }
max_rows = 4

[[page.field.column]]
key = "employer"
type = "text"
label = { ja = "\xe5\x8b\xa4\xe5\x8b\x99\xe5\x85\x88" }

[[page.field.column]]
key = "shifts"
type = "number"
label = { ja = "\xe6\x97\xa5\xe6\x95\xb0" }

[[page.field.column]]
key = "paper"
type = "file"
later = true
label = { ja = "\xe8\xa8\xbc\xe6\x98\x8e\xe6\x9b\xb8" }
"""
GUARDIANS = {
    "guardians-0-employer": "例示商店", "guardians-0-shifts": "20",
    "guardians-1-employer": "見本工業", "guardians-1-shifts": "15",
}  # fmt: skip


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    return put_in_use(read_files(FILES | {"form.toml": FILES["form.toml"] + ROWS}), by=SYSTEM, at=now)


@pytest.fixture
def case(hikari: Any, town: Any) -> Application:
    paper = begin(hikari)
    for page in ("child", "applicant"):
        hikari.post(f"{paper}{page}/", answers(page))
    hikari.post(f"{paper}wishes/", answers("wishes") | GUARDIANS)
    number = hikari.post(f"{paper}review/").url.split("/")[2]
    enter_municipality(town.pk)
    return Application.objects.get(number=number)


@pytest.fixture
def ask(case: Application, staff_with: Any, now: datetime) -> Any:
    def asked(*fields: str, days: int = 14) -> str:
        actions.ask_correction(
            number=case.number,
            by=staff_with(Role.REVIEWER),
            at=now,
            edition=case.edition,
            fields=list(fields),
            message="確かめてください。",
            due_on=now.date() + timedelta(days=days),
        )
        return f"/applications/{case.number}/correct/"

    return asked


def renewed(case: Application, town: Any) -> Application:
    enter_municipality(town.pk)
    case.refresh_from_db()
    return case


def test_of_a_row_only_the_named_part_is_asked_and_taken(
    hikari: Any, ask: Any, case: Application, town: Any
) -> None:
    address = ask("guardians-1-shifts")
    page = hikari.get(address).content.decode()
    assert 'name="guardians-1-shifts"' in page
    assert 'class="asked"' in page
    for other in ("guardians-0-shifts", "guardians-1-employer", "child_name-family", "_add", "_remove"):
        assert f'name="{other}"' not in page
    everything = GUARDIANS | {
        "guardians-1-shifts": "18", "guardians-0-shifts": "31", "guardians-1-employer": "乗取",
        "guardians-2-employer": "増やす", "child_name-given": "乗取", "clubs-1": "B1", "email": "evil@example.jp",
    }  # fmt: skip
    assert hikari.post(address, everything).url == f"/applications/{case.number}/corrected/"
    after = renewed(case, town)
    assert [row["shifts"] for row in after.answers["guardians"]] == [20, 18]
    assert [row["employer"] for row in after.answers["guardians"]] == ["例示商店", "見本工業"]
    assert (after.person_name, after.first_wish, after.email) == ("見本　そら1", "A1", "hikari@example.jp")


def test_a_file_of_a_row_can_be_asked(hikari: Any, ask: Any, case: Application, town: Any) -> None:
    address = ask("guardians-1-paper")
    assert 'enctype="multipart/form-data"' in hikari.get(address).content.decode()
    file = SimpleUploadedFile("証明書.pdf", PDF, "application/pdf")
    other = SimpleUploadedFile("余計.pdf", PDF, "application/pdf")
    hikari.post(address, {"file-guardians-1-paper": file, "file-guardians-0-paper": other})
    rows = renewed(case, town).answers["guardians"]
    assert (len(rows[0]["paper"]), len(rows[1]["paper"])) == (0, 1)
    assert "証明書.pdf" in hikari.get(f"/applications/{case.number}/corrected/").content.decode()


def test_a_file_of_somebody_else_cannot_be_named(
    hikari: Any, ask: Any, case: Application, town: Any, now: datetime
) -> None:
    theirs = keep_file(
        name="他人.pdf", body=PDF, owner=Subject("applications.application", "999999"), by=SYSTEM, at=now
    )
    address = ask("guardians-1-paper")
    hikari.post(address, {"guardians-1-paper": str(theirs.id)})
    assert renewed(case, town).answers["guardians"][1]["paper"] == []


def test_a_whole_group_may_grow_before_it_is_sent(
    hikari: Any, ask: Any, case: Application, town: Any
) -> None:
    address = ask("guardians")
    more = hikari.post(address, GUARDIANS | {"_add": "guardians"})
    assert more.status_code == 200
    assert 'name="guardians-2-employer"' in more.content.decode()
    less = hikari.post(address, GUARDIANS | {"_remove": "guardians:1"}).content.decode()
    assert 'name="guardians-1-employer"' not in less
    assert renewed(case, town).stage == "correcting"
    hikari.post(address, GUARDIANS | {"guardians-2-employer": "三軒目", "guardians-2-shifts": "4"})
    assert len(renewed(case, town).answers["guardians"]) == 3


def test_the_receipt_says_what_was_taken(hikari: Any, stranger: Any, ask: Any, case: Application) -> None:
    address = ask("work_days")
    hikari.post(address, {"work_days": "18"})
    receipt = f"/applications/{case.number}/corrected/"
    page = hikari.get(receipt).content.decode()
    for told in ("補正を受け取りました", "18", "月の就労日数"):
        assert told in page
    assert stranger.get(receipt).status_code == 404


def test_one_mail_before_it_is_due(
    hikari: Any, ask: Any, case: Application, town: Any, now: datetime, tmp_path: Path, monkeypatch: Any
) -> None:
    plug_mail(DryMail(tmp_path / "reminders"))
    ask("work_days", days=14)
    for day in (0, 10, 11, 11, 12, 14):
        morning = now + timedelta(days=day)
        monkeypatch.setattr(clock, "now", lambda morning=morning: morning)
        announce_expiring_drafts(0)
        enter_municipality(town.pk)
        sent = Correction.objects.filter(reminded_at__isnull=False).count()
        assert sent == (day >= 11)
    assert len(list((tmp_path / "reminders").rglob("*.eml"))) == 1
    assert remind_of_corrections(on=now.date(), at=now) == 0


def test_the_answered_are_not_reminded(
    hikari: Any, ask: Any, case: Application, town: Any, now: datetime
) -> None:
    hikari.post(ask("work_days", days=2), {"work_days": "18"})
    enter_municipality(town.pk)
    assert remind_of_corrections(on=now.date(), at=now) == 0


def test_a_correction_asks_for_the_level_of_its_procedure(
    hikari: Any, ask: Any, case: Application, town: Any, now: datetime
) -> None:
    """The case stands on a version that asks for more: a correction is refused like the form, and nothing is taken."""
    address = ask("child_name")
    told = FILES["procedure.toml"].replace(b'version = "2026-04"', b'version = "2026-05"')
    told += b'\n[identity]\npractice = "copy_by_post"\n'
    enter_municipality(town.pk)
    strict = put_in_use(read_files(FILES | {"procedure.toml": told}), by=SYSTEM, at=now)
    Application.objects.filter(pk=case.pk).update(version=strict.version_id)

    sent = {"child_name-family": "見本", "child_name-given": "そら9"}
    for answer in (hikari.get(address), hikari.post(address, sent)):
        assert answer.url.startswith("/prove/?for=mihon-club&next=")
    assert renewed(case, town).person_name == "見本　そら1"
