import uuid
from datetime import datetime
from typing import Any

from madoguchi.ledgers.office.roles import Role
from madoguchi.services.applications.ledger import Filters, ledger
from madoguchi.web.desk.opened import stamp
from tests.factories_applications import typed

NEW = "/desk/mihon-club/new/?channel=paper"


def form(now: datetime, **changed: str) -> dict[str, Any]:
    flat = {name: values[0] for name, values in typed(1, **changed).items()}
    return flat | {"key": str(uuid.uuid4()), "opened": stamp(now)}


def test_entry__shows_every_field_on_one_page(desk_of: Any) -> None:
    page = desk_of(Role.COUNTER_CLERK).get(NEW).content.decode()
    for name in ("child_name-family", "address-postcode", "work_days", "clubs-1"):
        assert f'name="{name}"' in page


def test_entry__takes_symbols_and_eras_and_goes_on_to_the_next(desk_of: Any, now: datetime) -> None:
    desk = desk_of(Role.COUNTER_CLERK)
    answer = desk.post(NEW, form(now, clubs__1="ｂ1", clubs__2="a1", child_birth="R2.6.14"), follow=True)
    row = ledger(Filters()).rows[0]
    assert (row.first_wish, row.channel.value) == ("B1", "paper")
    page = answer.content.decode()
    assert f"{row.number} を受け付けました" in page
    assert 'name="child_name-family" value=""' in page


def test_entry__incomplete_paper_is_marked_and_taken_when_confirmed(desk_of: Any, now: datetime) -> None:
    desk = desk_of(Role.COUNTER_CLERK)
    typed_form = form(now, child_birth="")
    first = desk.post(NEW, typed_form)
    assert first.status_code == 422
    assert "確かめる印が 1件あります" in first.content.decode()
    assert "そら1" in first.content.decode()
    assert ledger(Filters()).total == 0
    desk.post(NEW, typed_form | {"sure": "1"})
    assert ledger(Filters()).rows[0].checks_to_look_at >= 1


def test_entry__pressed_twice_is_one_application(desk_of: Any, now: datetime) -> None:
    desk = desk_of(Role.COUNTER_CLERK)
    typed_form = form(now)
    desk.post(NEW, typed_form)
    desk.post(NEW, typed_form)
    assert ledger(Filters()).total == 1


def test_entry__a_file_of_the_wrong_kind_loses_nothing_typed(desk_of: Any, now: datetime) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    wrong = SimpleUploadedFile("証明書.pdf", b"<html></html>")
    answer = desk_of(Role.COUNTER_CLERK).post(NEW, form(now) | {"file:certificate": wrong})
    assert answer.status_code == 422
    assert "そら1" in answer.content.decode()


def test_entry__tells_the_script_which_fields_apply(desk_of: Any, now: datetime) -> None:
    shown = desk_of(Role.COUNTER_CLERK).post(NEW, form(now) | {"shown": "1"}).json()["shown"]
    assert {"child_name", "clubs"} <= set(shown)
    assert ledger(Filters()).total == 0
