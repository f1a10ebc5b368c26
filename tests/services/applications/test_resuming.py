"""再開コード: readable, noticed when mistyped, worth nothing without the person, one sentence whatever is wrong."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.services.applications import actions
from madoguchi.services.applications.errors import DraftSent, ResumeRefused, ResumeTooOften
from madoguchi.services.applications.models import ResumeTry, UnsentApplication
from madoguchi.services.applications.resume_codes import ALPHABET, code_for, read_code, spoken_code
from madoguchi.services.applications.unsent import save_page
from tests.factories_applications import typed
from tests.factories_visitors import visitor_of
from tests.services.applications.test_unsent import begin, fill, send

codes = st.integers().map(lambda number: code_for(b"secret", str(number), 0))


@given(codes)
def test_it_reads_back_however_it_was_typed(code: str) -> None:
    wide = spoken_code(code).lower().translate({ord(each): ord(each) + 0xFEE0 for each in ALPHABET.lower()})
    for typed_in in (code, spoken_code(code), code.lower(), f" {code[:3]} {code[3:]} ", wide):
        assert read_code(typed_in) == code


@given(codes, st.integers(0, 9), st.sampled_from(ALPHABET))
def test_every_single_slip_is_noticed(code: str, at: int, wrong: str) -> None:
    assume(code[at] != wrong)
    assert read_code(code[:at] + wrong + code[at + 1 :]) is None


@given(codes, st.integers(0, 7))
def test_every_swap_of_neighbours_is_noticed(code: str, at: int) -> None:
    assume(code[at] != code[at + 1])
    assert read_code(code[:at] + code[at + 1] + code[at] + code[at + 2 :]) is None


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    assert read_code(text) is None or len(read_code(text) or "") == 10


@pytest.fixture
def visitor(loaded: Any, now: datetime) -> Any:
    return visitor_of("hanako@example.jp", now)


def code_of(unsent: Any, owner: Any, at: datetime, **more: Any) -> str:
    return actions.resume_code(unsent_id=unsent.id, owner=owner, at=at, **more)


def test_the_same_person_goes_on_elsewhere(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    code = code_of(unsent, visitor, now)
    assert actions.resume(code=code.lower(), visitor=visitor, at=now + timedelta(days=2)) == unsent.id
    assert code_of(unsent, visitor, now) == code


def test_nothing_that_opens_is_kept(visitor: Any, now: datetime) -> None:
    code = code_of(begin(visitor, now), visitor, now).replace("-", "")
    kept = UnsentApplication.objects.values().get()
    assert code not in str(kept)
    assert len(kept["resume_sha256"]) == 64


def test_a_new_code_ends_the_old_one(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    old = code_of(unsent, visitor, now)
    new = code_of(unsent, visitor, now, anew=True)
    assert old != new
    assert actions.resume(code=new, visitor=visitor, at=now) == unsent.id
    with pytest.raises(ResumeRefused):
        actions.resume(code=old, visitor=visitor, at=now)


def test_whatever_is_wrong_the_sentence_is_one(visitor: Any, other_town: Any, now: datetime) -> None:
    stranger = visitor_of("b@example.jp", now)
    foreign = code_of(begin(stranger, now), stranger, now)
    sent = begin(visitor, now)
    used = code_of(sent, visitor, now)
    fill(sent, visitor, now)
    send(sent, visitor, now)
    expired = code_of(begin(visitor, now), visitor, now)
    late = now + timedelta(days=40)
    said = set()
    for code, at in (
        ("22222-22222", now),
        ("あいうえお", now),
        ("", now),
        (foreign, now),
        (used, now),
        (expired, late),
    ):
        with pytest.raises(ResumeRefused) as refused:
            actions.resume(code=code, visitor=visitor, at=at)
        said.add(str(refused.value))
    with municipality_session(other_town.pk):
        neighbour = visitor_of("hanako@example.jp", now)
        with pytest.raises(ResumeRefused) as refused:
            actions.resume(code=expired, visitor=neighbour, at=now)
        said.add(str(refused.value))
    assert len(said) == 1


def test_nobody_can_try_many(visitor: Any, now: datetime) -> None:
    code = code_of(begin(visitor, now), visitor, now)
    for _ in range(10):
        with pytest.raises(ResumeRefused):
            actions.resume(code="AAAAA-AAAAA", visitor=visitor, at=now)
    assert ResumeTry.objects.count() == 10
    with pytest.raises(ResumeTooOften):
        actions.resume(code=code, visitor=visitor, at=now + timedelta(minutes=59))
    assert actions.resume(code=code, visitor=visitor, at=now + timedelta(minutes=61))


def test_only_the_owner_gets_a_code(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    with pytest.raises(NotFound):
        code_of(unsent, visitor_of("b@example.jp", now), now)
    fill(unsent, visitor, now)
    send(unsent, visitor, now)
    with pytest.raises(DraftSent):
        code_of(unsent, visitor, now)


def test_two_devices_write_into_one_paper(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    found = actions.resume(code=code_of(unsent, visitor, now), visitor=visitor, at=now)
    for device, page in ((unsent.id, "child"), (found, "wishes")):
        save_page(unsent_id=device, owner=visitor, page_key=page, raw=typed(1), at=now)
    assert set(UnsentApplication.objects.get().pages_done) == {"child", "wishes"}
