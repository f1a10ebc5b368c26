"""今日の異常: each thing is broken, seen on the page, mended through the page, and gone."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.notices.digest import send_digest
from madoguchi.clerical.notices.models import QueuedMail
from madoguchi.ledgers.office import backup, health, jobs, tasks, troubles, watching
from madoguchi.ledgers.office.actions import employ, grant_role
from madoguchi.ledgers.office.models import Grant, HealthMark, Job, Trace
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.office.watching import CannotMend
from tests.factories_decisions import submit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_that_day(now: datetime, settings: Any, tmp_path: Path) -> None:
    from madoguchi.ledgers.office import clock

    settings.MADOGUCHI_CLOCK = now.date().isoformat()
    settings.VAR_DIR = tmp_path
    clock._shift.cache_clear()


@pytest.fixture
def admin(staff_with: Any) -> Any:
    staff = staff_with(Role.IT_ADMIN)
    staff.email = "it@sample-city.example"
    staff.save()
    return staff


class Desk:
    """The page as the person in charge uses it."""

    def __init__(self, staff: Any, town: Any) -> None:
        self.browser, self.town = Client(), town
        self.browser.force_login(staff)

    def shows(self, words: str) -> bool:
        answer = self.browser.get("/desk/troubles/")
        enter_municipality(self.town.pk)
        assert answer.status_code == 200
        return words in answer.content.decode()

    def mend(self, act: str, key: str = "", choice: str = "") -> str:
        posted = {"act": act, "key": key, "choice": choice, "back": "/desk/troubles/"}
        answer = self.browser.post("/desk/troubles/mend/", posted, follow=True)
        enter_municipality(self.town.pk)
        assert answer.status_code == 200
        return answer.content.decode()


@pytest.fixture
def desk(admin: Any, town: Any) -> Desk:
    return Desk(admin, town)


def in_queue(town: Any, status: str, task: str = "notices.send_queued_mail") -> int:
    number = app.configure_task(task).defer(municipality_id=town.pk, mail_id=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [number])
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s",
            [status, number],
        )
    return int(number)


def status_of(number: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [number])
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(("status", "words"), [("failed", "が失敗しました"), ("doing", "途中で止まって")])
def test_failed_and_stalled_work_is_done_again(desk: Desk, town: Any, status: str, words: str) -> None:
    number = in_queue(town, status)
    assert desk.shows(words)
    desk.mend("office.retry", "notices.send_queued_mail")
    assert status_of(number) == "todo"
    assert not desk.shows(words)


def test_another_towns_work_is_not_told(desk: Desk, other_town: Any) -> None:
    in_queue(other_town, "failed")
    assert not desk.shows("が失敗しました")


def test_without_a_worker_the_page_says_so_and_with_one_it_does_not(desk: Desk) -> None:
    assert desk.shows("worker）が動いていません")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert not desk.shows("worker）が動いていません")


def test_a_job_that_does_not_advance_is_closed(desk: Desk, now: datetime) -> None:
    job = jobs.start(kind="test", title="一括受理", total=10, by=None, at=now)
    assert not desk.shows("進んでいません")
    Job.objects.update(advanced_at=timezone.now() - timedelta(hours=1))  # the database's own clock
    assert desk.shows("「一括受理」が30分以上進んでいません")
    assert "やり直せる仕事が残っていません" in desk.mend("office.resume_job", str(job))
    desk.mend("office.stop_job", str(job))
    assert not desk.shows("一括受理")


def queued_mail(state: str, now: datetime) -> QueuedMail:
    return QueuedMail.objects.create(
        message_id=f"<{state}@test>",
        address="a@example.jp",
        subject="受付",
        body="本文",
        state=state,
        queued_at=now,
    )


@pytest.mark.parametrize("state", ["failed", "unclear"])
def test_a_mail_that_did_not_go_is_sent_again(desk: Desk, now: datetime, state: str) -> None:
    mail = queued_mail(state, now)
    assert desk.shows("案内のメールが")
    desk.mend("notices.mail_again", state)
    mail.refresh_from_db()
    assert (mail.state, mail.tries) == ("waiting", 0)
    assert not desk.shows("案内のメールが")


def test_a_mail_may_be_given_up(desk: Desk, now: datetime) -> None:
    queued_mail("failed", now)
    desk.mend("notices.mail_given_up", "failed")
    assert QueuedMail.objects.count() == 0


def test_grants_that_end_are_renewed_for_the_next_year(desk: Desk, section: Any, now: datetime) -> None:
    clerk = employ(login="clerk", name="見本　窓口", name_kana="ミホン", section=section, password="demo")
    ends = now.date() + timedelta(days=5)
    grant_role(staff=clerk, role=Role.COUNTER_CLERK, on=now.date(), by=SYSTEM, at=now, expires_on=ends)
    assert desk.shows("権限が、まもなく終わります")
    desk.mend("office.renew_grants")
    assert Grant.objects.filter(staff=clerk, granted_on=ends + timedelta(days=1)).count() == 1
    assert not desk.shows("権限が、まもなく終わります")


def test_a_full_disk_is_told_and_old_copies_go(desk: Desk, settings: Any, town: Any) -> None:
    assert not desk.shows("空きが")
    settings.MADOGUCHI_LEAST_FREE_MB = 10**9
    backup.folder().mkdir()
    for day in range(1, 5):
        (backup.folder() / f"{town.code}-2026110{day}.zip").touch()
    assert desk.shows("空きが")
    assert "古い控えを2個消しました" in desk.mend("office.drop_copies")
    settings.MADOGUCHI_LEAST_FREE_MB = 0
    assert not desk.shows("空きが")


def test_a_missing_copy_is_ordered_and_the_row_goes(desk: Desk, town: Any, now: datetime) -> None:
    assert desk.shows("控え（madoguchi data export town）")
    assert "書き出しを始めました" in desk.mend("office.export_town")
    backup.note_export(town, 1, at=now)
    assert not desk.shows("控え（madoguchi data export town）")


def test_the_chain_is_verified_each_night(desk: Desk, town: Any, now: datetime) -> None:
    assert desk.shows("昨夜の記録の照合が行われていません")
    assert "鎖の終わりまで一致しました" in desk.mend("office.verify_chain")
    assert not desk.shows("昨夜の記録の照合")
    health.note_health(key=health.CHAIN, label="記録の鎖", fault="3番の記録が書き換えられています。", at=now)
    assert desk.shows("3番の記録が書き換えられています")
    desk.mend("office.verify_chain")
    assert not desk.shows("3番の記録が書き換えられています")
    tasks.verify_chains(0)
    enter_municipality(town.pk)
    assert HealthMark.objects.get(key=health.CHAIN).fault == ""


def test_a_connector_that_is_out_of_order_and_comes_back(
    desk: Desk, town: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(code: str) -> str:
        raise CannotMend("つながりません。", "電源を確かめてください。")

    health.look_at("mail", town, at=now - timedelta(days=1))
    monkeypatch.setitem(watching._probes, "mail", ("メールサーバー", broken))
    health.look_at("mail", town, at=now)
    assert desk.shows("メールサーバーが使えません。最後に使えたのは11月20日")
    assert "まだ使えません" in desk.mend("office.look", "mail")
    monkeypatch.setitem(watching._probes, "mail", ("メールサーバー", str))
    assert "メールサーバーは使えます" in desk.mend("office.look", "mail")
    assert not desk.shows("メールサーバーが使えません")


def certificate(days: int, now: datetime) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sample-city.example")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(now - timedelta(days=400))
    signed = built.not_valid_after(now + timedelta(days=days)).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(("days", "words"), [(-1, "に切れました"), (10, "に切れます")])
def test_a_certificate_that_ends_and_is_replaced(
    desk: Desk, settings: Any, tmp_path: Path, now: datetime, days: int, words: str
) -> None:
    file = tmp_path / "tls.pem"
    file.write_bytes(certificate(days, now))
    settings.MADOGUCHI_TLS_CERTIFICATE = str(file)
    assert desk.shows(words)
    file.write_bytes(certificate(300, now))
    assert not desk.shows("画面の証明書")
    file.write_bytes(b"broken")
    assert desk.shows("読み取れません")


def test_a_draft_whose_approver_has_left_gets_another(desk: Desk, staff_with: Any, now: datetime) -> None:
    drafter, head = staff_with(Role.REVIEWER), staff_with(Role.SECTION_HEAD)
    other = staff_with(Role.SECTION_HEAD, login="bucho")
    draft = submit(by=drafter, approver=head, at=now)
    assert not desk.shows("進みません")
    head.is_active = False
    head.save()
    assert desk.shows("いま決裁できません")
    desk.mend("decisions.change_approver", str(draft), "bucho")
    assert Step.objects.get(draft=draft).approver == other
    assert not desk.shows("進みません")
    Draft.objects.update(drafted_at=now - timedelta(days=8))
    assert desk.shows("7日以上待っています")


def test_a_check_that_breaks_is_itself_a_trouble(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(at: datetime) -> Any:
        raise RuntimeError
        yield

    monkeypatch.setitem(watching._checks, "disk", broken)
    assert desk.shows("「disk」を調べられませんでした（RuntimeError）")


def test_only_those_who_look_after_it_see_it(staff_with: Any, town: Any) -> None:
    browser = Client()
    browser.force_login(staff_with(Role.REVIEWER))
    assert browser.get("/desk/troubles/").status_code == 403
    enter_municipality(town.pk)
    assert browser.post("/desk/troubles/mend/", {"act": "office.export_town"}).status_code == 403
    enter_municipality(town.pk)


def test_the_mail_of_the_day_goes_once(admin: Any, now: datetime) -> None:
    assert (send_digest(at=now), send_digest(at=now + timedelta(hours=1))) == (1, 1)
    mail = QueuedMail.objects.get()
    assert (mail.address, "今日の異常" in mail.subject) == (admin.email, True)
    assert "worker" in mail.body


def test_when_all_is_well_it_comes_on_mondays_only(admin: Any, now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr("madoguchi.clerical.notices.digest.troubles_now", lambda at: [])
    assert send_digest(at=now) == 0  # a Saturday
    assert send_digest(at=now + timedelta(days=2)) == 1
    assert "異常はありません" in QueuedMail.objects.get().subject


def test_every_repair_leaves_a_trace(desk: Desk, town: Any) -> None:
    in_queue(town, "failed")
    desk.mend("office.retry", "notices.send_queued_mail")
    assert Trace.objects.filter(verb="office.job_retried").count() == 1
    assert timedelta(0) < troubles.SOON


def test_a_key_of_the_api_that_ends_is_told(desk: Desk, admin: Any, now: datetime) -> None:
    from madoguchi.ledgers.office.models import ApiKey

    key = ApiKey.objects.create(
        name="基幹連携", purpose="連携", section=admin.section, prefix="mk_test", secret_hash="0" * 64,
        created_by=admin, created_at=now, expires_on=now.date() + timedelta(days=5),
    )  # fmt: skip
    assert desk.shows("API鍵「基幹連携」")
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=now)
    assert not desk.shows("API鍵「基幹連携」")
