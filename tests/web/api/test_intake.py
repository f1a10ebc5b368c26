"""Applications sent and read by another system."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from demo.papers import certificate
from madoguchi.ledgers.documents.models import Document
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.scopes import Scope
from madoguchi.services.applications.by_key import drop_unnamed_uploads
from madoguchi.services.applications.models import Application
from tests.factories_applications import FILES, received
from tests.factories_keys import Caller, key_for

pytestmark = pytest.mark.django_db
ANSWERS: dict[str, Any] = {
    "child_name": {"family": "見本", "given": "そら"},
    "child_birth": "2020-06-14",
    "applicant": {"family": "見本", "given": "花子"},
    "address": {"postcode": "000-0001", "town": "サンプル市中央", "block": "一丁目２番３号"},
    "work_days": 20,
    "clubs": ["A1", "B1"],
}


def body(**changed: Any) -> dict[str, Any]:
    return {"procedure": "mihon-club", "period": "r9", "answers": ANSWERS | changed}


def test_a_procedure_tells_its_questions_and_their_shape(caller: Any) -> None:
    listed = caller.ask("/procedures").json()["items"]
    assert [(each["slug"], each["periods"][0]["is_open"]) for each in listed] == [("mihon-club", True)]
    told = caller.ask("/procedures/mihon-club").json()
    wishes = told["pages"][2]["fields"][0]
    assert [option["value"] for option in wishes["options"]] == ["A1", "B1"]
    shape = caller.ask("/procedures/mihon-club/schema").json()
    assert shape["required"] == ["child_name", "child_birth", "applicant", "clubs"]
    assert shape["properties"]["clubs"]["items"]["oneOf"][0] == {"const": "A1", "title": "A1 中央クラブ"}
    assert caller.ask("/procedures/no-such").status_code == 404


def test_it_is_received_once_and_marked_with_its_way(caller: Any, key: Any) -> None:
    first = caller.send("/applications", body(), key="prefecture-1")
    again = caller.send("/applications", body(), key="prefecture-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() | {"again": True} == again.json()
    case = Application.objects.get()
    assert (case.channel, case.number) == ("api", first.json()["number"])
    act = Trace.objects.get(verb="applications.received")
    assert (act.actor_kind, act.actor_id, act.actor_name) == ("api", str(key.view.id), "県の窓口アプリ")


def test_the_same_word_of_another_key_is_another_application(
    caller: Any, town: Any, section: Any, admin: Any, now: Any
) -> None:
    other = Caller(town, key_for(section, admin, now).secret)
    numbers = {
        each.send("/applications", body(), key="same-word").json()["number"] for each in (caller, other)
    }
    assert len(numbers) == 2


def test_faults_name_field_reason_and_remedy(caller: Any) -> None:
    answer = caller.send("/applications", body(child_birth="きのう", applicant=None), key="prefecture-2")
    assert answer.status_code == 422
    faults = {each["field"]: each for each in answer.json()["errors"]}
    assert set(faults) == {"child_birth", "applicant-family"}
    assert all(each["reason"] and each["remedy"] for each in faults.values())
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"nobody": "x"}, "nobody"),
        ({"child_name": "見本そら"}, "child_name"),
        ({"child_name": {"family": 1}}, "child_name-family"),
        ({"clubs": "A1"}, "clubs"),
        ({"work_days": True}, "work_days"),
        ({"child_birth": {"year": 2020}}, "child_birth"),
    ],
)
def test_an_answer_of_the_wrong_shape_is_named(changed: dict[str, Any], field: str, caller: Any) -> None:
    answer = caller.send("/applications", body(**changed), key="prefecture-3")
    assert answer.status_code == 422
    assert field in {each["field"] for each in answer.json()["errors"]}


def test_a_closed_period_and_an_unknown_one_are_refused(caller: Any, monkeypatch: Any, settings: Any) -> None:
    from madoguchi.ledgers.office import clock

    assert caller.send("/applications", body() | {"period": "r1"}, key="prefecture-4").status_code == 422
    settings.MADOGUCHI_CLOCK = "2026-12-05"
    clock._shift.cache_clear()
    answer = caller.send("/applications", body(), key="prefecture-4")
    assert (answer.status_code, answer.json()["code"]) == (409, "applications.period_closed")


def test_a_higher_identity_is_vouched_for_by_the_scope_or_refused(
    town: Any, section: Any, admin: Any, now: Any, caller: Any
) -> None:
    from madoguchi.ledgers.office.trace import SYSTEM
    from madoguchi.ledgers.procedures.actions import put_in_use
    from madoguchi.ledgers.procedures.package import read_files

    strict = FILES["procedure.toml"].decode().replace('version = "2026-04"', 'version = "2026-05"')
    strict += '\n[identity]\nial = 2\naal = 2\nreason = { ja = "本人の財産に関わるため。" }\n'
    put_in_use(read_files(FILES | {"procedure.toml": strict.encode()}), by=SYSTEM, at=now)
    low = Caller(town, key_for(section, admin, now, Scope.APPLICATIONS_WRITE).secret)
    answer = low.send("/applications", body(), key="prefecture-5")
    assert (answer.status_code, answer.json()["code"]) == (403, "applications.key_vouches_too_little")
    high = Caller(town, key_for(section, admin, now, Scope.APPLICATIONS_WRITE, Scope.IDENTITY_2).secret)
    assert high.send("/applications", body(), key="prefecture-5").status_code == 201


def test_a_file_is_sent_first_and_belongs_to_one_application(
    caller: Any, town: Any, section: Any, admin: Any, now: Any
) -> None:
    sent = caller.post("/api/v1/documents", {"file": SimpleUploadedFile("就労.pdf", certificate())})
    assert sent.status_code == 201
    upload = sent.json()["upload"]
    thief = Caller(town, key_for(section, admin, now).secret)
    stolen = thief.send("/applications", body(certificate=[upload]), key="thief-000")
    assert (stolen.status_code, stolen.json()["code"]) == (422, "applications.upload_unknown")
    number = caller.send("/applications", body(certificate=[upload]), key="prefecture-6").json()["number"]
    assert caller.send("/applications", body(certificate=[upload]), key="prefecture-7").status_code == 422
    case = caller.ask(f"/applications/{number}").json()
    assert case["answers"]["certificate"] == [case["documents"][0]["id"]]
    got = caller.ask(f"/applications/{number}/documents/{case['documents'][0]['id']}")
    assert got.content == certificate()
    assert got["Content-Disposition"].startswith("attachment")
    look = Trace.objects.get(verb="documents.opened")
    assert (look.actor_kind, look.purpose) == ("api", "申請の取次ぎ")


def test_a_file_that_no_application_names_is_forgotten_after_a_day(caller: Any, now: Any) -> None:
    uploads = []
    for _ in range(2):
        sent = caller.post("/api/v1/documents", {"file": SimpleUploadedFile("就労.pdf", certificate())})
        uploads.append(sent.json()["upload"])
    assert caller.send("/applications", body(certificate=uploads[:1]), key="prefecture-9").status_code == 201
    assert drop_unnamed_uploads(before=clock.now() - timedelta(days=1)) == 0
    assert drop_unnamed_uploads(before=clock.now() + timedelta(days=1)) == 1
    late = caller.send("/applications", body(certificate=uploads[1:]), key="prefecture-10")
    assert (late.status_code, late.json()["code"]) == (422, "applications.upload_unknown")
    assert Document.objects.count() == 1


def test_files_are_judged_by_what_they_are(caller: Any, loaded: Any, now: Any, settings: Any) -> None:
    number = received(loaded, now).number
    script = {"file": SimpleUploadedFile("a.pdf", b"<html><script>1</script>")}
    assert caller.post(f"/api/v1/applications/{number}/documents", script).status_code == 422
    settings.FILE_LIMIT_BYTES = 100
    large = {"file": SimpleUploadedFile("a.pdf", certificate())}
    assert caller.post("/api/v1/documents", large).status_code == 413
    settings.FILE_LIMIT_BYTES = 10**7
    good = {"file": SimpleUploadedFile("a.pdf", certificate())}
    assert caller.post(f"/api/v1/applications/{number}/documents", good).status_code == 201
    assert len(caller.ask(f"/applications/{number}/documents").json()["items"]) == 1


def test_a_case_is_told_and_the_look_stands_in_the_trace(caller: Any) -> None:
    number = caller.send("/applications", body(), key="prefecture-8").json()["number"]
    case = caller.ask(f"/applications/{number}").json()
    assert (case["stage"], case["stage_label"], case["outcome"]) == ("received", "受付", None)
    assert case["answers"]["child_name"] == ANSWERS["child_name"]
    assert case["timeline"][0]["sentence"] == "受け付けた（API）"
    look = Trace.objects.get(verb="applications.looked_at")
    assert (look.actor_kind, look.purpose) == ("api", "申請の取次ぎ")
    line = caller.ask("/statuses", number=number).json()["items"][0]
    assert line["applicant_sees"] == "received"
    assert "見本" not in str(line)


def test_sheets_come_out_and_go_in_again(caller: Any) -> None:
    number = caller.send("/applications", body(), key="prefecture-9").json()["number"]
    sheets = caller.ask(f"/applications/{number}/gif").json()
    basic = sheets["個人申請基本情報（A票）"]
    assert basic["申請者"]["氏名"] == "見本　花子"
    assert basic["申請者"]["住所"]["郵便番号"] == "000-0001"
    assert basic["宛先"]["商号または名称"] == "サンプル市"
    assert sheets["個人申請内容（B票）"]["内容"]["受付番号"] == number
    assert Trace.objects.filter(verb="applications.exported").count() == 1
    again = caller.send("/applications/gif", sheets, key="prefecture-10")
    assert again.status_code == 201
    first, second = Application.objects.order_by("pk")
    assert first.answers == second.answers


def test_a_name_in_one_piece_is_not_guessed(caller: Any) -> None:
    number = caller.send("/applications", body(), key="prefecture-11").json()["number"]
    sheets = caller.ask(f"/applications/{number}/gif").json()
    sheets["個人申請基本情報（A票）"]["申請者"] = {"氏名": "見本花子"}
    answer = caller.send("/applications/gif", sheets, key="prefecture-12")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "個人申請基本情報（A票）/申請者/氏名"
