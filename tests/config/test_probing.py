"""`madoguchi worker --probe` and the lines of `doctor` about running processes."""

from argparse import Namespace
from typing import Any

import pytest
from django.db import connection

from config.commands import doctor, worker
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import readiness, watching
from madoguchi.ledgers.office.watching import CannotMend

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def already_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "find_database", lambda: "")
    monkeypatch.setattr(worker, "enter_django", lambda: None)


def heartbeat(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def probed() -> int:
    return worker.run(Namespace(probe=True, once=False, concurrency=1))


def test_the_probe_of_the_worker_is_an_exit_code() -> None:
    assert probed() == 1
    heartbeat(600)
    assert probed() == 1
    heartbeat(5)
    assert probed() == 0


def test_doctor_tells_of_the_pages_the_worker_and_the_connectors(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ok" in doctor._ready()
    assert "まだ動いていません" in doctor._worker()
    assert "メールサーバー" in doctor._connectors()
    monkeypatch.setattr(readiness, "not_ready", lambda: "queue")
    with pytest.raises(Refusal, match="queue"):
        doctor._ready()

    def broken(code: str) -> str:
        raise CannotMend("つながりません。", "電源を確かめてください。")

    monkeypatch.setitem(watching._probes, "sms", ("SMS", broken))
    with pytest.raises(Refusal, match="SMS（サンプル市）：つながりません"):
        doctor._connectors()
