import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scratch import run_python, running_on, scratch_database

WORKER = "import django; django.setup()\nfrom tests.clerical.notices.crashing_worker import main; main()"
MAILS = 6


@pytest.fixture
def worker(tmp_path: Path, django_db_setup: None) -> Iterator[Callable[..., str]]:
    """Starts a real process of the product on a database of its own, after six letters were released."""
    with scratch_database() as address:
        env = running_on(address, MADOGUCHI_VAR=str(tmp_path))

        def start(*arguments: str, killed: bool = False) -> str:
            return run_python("-c", WORKER, *arguments, env=env, killed=killed)

        start("release", str(MAILS))
        yield start


def handed_over(folder: Path) -> list[str]:
    return (folder / "handed-over").read_text().split()


@pytest.mark.fault
def test_a_worker_killed_twice_leaves_one_letter_and_one_mail_each(
    worker: Callable[..., str], tmp_path: Path
) -> None:
    worker("work", "after", "2", killed=True)
    assert len(handed_over(tmp_path)) == 2
    worker("work", "before", "3", killed=True)
    assert len(handed_over(tmp_path)) == 4
    worker("work", "to-the-end", "0")
    figures: dict[str, Any] = json.loads(worker("report"))
    assert (figures["letters"], figures["cases"], figures["numbers"]) == (MAILS, MAILS, MAILS)
    assert figures["states"] == ["sent"] * MAILS
    assert (figures["done"], figures["over"]) == (MAILS, True)
    assert len(handed_over(tmp_path)) == len(set(handed_over(tmp_path))) == MAILS
    assert len(list((tmp_path / "mail").glob("*.eml"))) == MAILS


@pytest.mark.fault
def test_a_connector_that_cannot_tell_leaves_the_mail_to_staff_and_never_doubles_it(
    worker: Callable[..., str], tmp_path: Path
) -> None:
    worker("work", "blind-after", "2", killed=True)
    worker("work", "blind-to-the-end", "0")
    figures: dict[str, Any] = json.loads(worker("report"))
    assert figures["states"] == ["sent"] * (MAILS - 1) + ["unclear"]
    assert figures["over"]
    assert len(handed_over(tmp_path)) == len(set(handed_over(tmp_path))) == MAILS
