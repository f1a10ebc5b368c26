"""Every URL × every role × own and other town × own and other resident × GET and POST, against the table in permissions.py."""

from typing import Any

import pytest
from django.db import transaction

from madoguchi.ledgers.office.roles import POWERS, Power, Role
from tests.web.doors import Door, doors, form, kept_in, one_each, patterns
from tests.web.permissions import EVERYBODY, OWNER, PERMISSIONS, SIGNING_IN, VISITOR
from tests.web.test_doors import OTHER_HOST, SIGN_IN, Intruder, case, in_the_town, leaks, signed_in
from tests.whole_case import WholeCase

__all__ = ["case", "in_the_town"]
pytestmark = pytest.mark.django_db
EVERY_STAFF = [(), *[(role,) for role in Role], tuple(Role)]
# What a page may answer to somebody who may be there: shown, sent on, gone, wrong method, not now, not like that.
OPEN = {200, 302, 303, 304, 400, 404, 405, 409, 410, 422}

# The one case has no subsidy, no file, no copy and no twin, and its draft moved with the press; pages that only take a form
# lead back to theirs, and a comparison of nothing to the list of what can be compared.
NOT_A_PAGE = {
    **dict.fromkeys(["desk:subsidy", "desk:case-file-copy", "desk:merge", "desk:file"], 404),
    **dict.fromkeys(["desk:statistics-file", "desk:draft-file", "desk:draft-work"], 404),
    **dict.fromkeys(["desk:copied", "desk:grant-end", "desk:held-letter", "desk:trial-compare"], 302),
}


def held_by(roles: tuple[Role, ...]) -> frozenset[Power]:
    return frozenset().union(*(POWERS[role] for role in roles))


def powers_for(door: Door) -> frozenset[Power] | None:
    needed = PERMISSIONS[door.name]
    return needed if isinstance(needed, frozenset) else None


def both(browser: Intruder, door: Door, case: WholeCase) -> list[Any]:
    """GET and POST, and as if neither had been."""
    with transaction.atomic():
        answers = [browser.get(door.address), browser.post(door.address, form(case))]
        transaction.set_rollback(True)
    return answers


def said(answer: Any, door: Door) -> str:
    where = answer.headers.get("Location", "")
    return f"{answer.wsgi_request.method} {door.name} {door.address}: {answer.status_code} {where}".strip()


def is_sent_to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)


def test_every_url_stands_in_the_table_and_nothing_else_does() -> None:
    assert {name for name, _, _ in patterns()} == set(PERMISSIONS)


def test_no_view_of_the_desk_asks_for_less_than_the_table() -> None:
    wider = {
        name: set(getattr(pattern.callback, "needs", ())) - PERMISSIONS[name]
        for name, _, pattern in patterns()
        if isinstance(PERMISSIONS[name], frozenset)
        and (not getattr(pattern.callback, "needs", ()) or set(pattern.callback.needs) - PERMISSIONS[name])
    }
    assert wider == {}


@pytest.mark.parametrize("roles", EVERY_STAFF, ids=lambda roles: "-".join(roles) or "none")
def test_staff_pass_exactly_the_doors_of_their_powers(roles: tuple[Role, ...], case: WholeCase) -> None:
    browser, held = signed_in(case, case.town, "localhost", *roles), held_by(roles)
    before, wrong, every = kept_in(case.town.pk), [], doors(case)
    first = one_each(every)
    for door in every:
        needed = powers_for(door)
        if needed is None or (needed & held and door not in first):
            continue
        for answer in both(browser, door, case):
            expected = OPEN if needed & held else {403, 405}
            # Behind the door a record may still be closed: of another section, or not one's own.
            if answer.status_code not in expected and not (needed & held and answer.status_code == 403):
                wrong.append(said(answer, door))
            if not needed & held and leaks(answer, case):
                wrong.append(f"{said(answer, door)} says {leaks(answer, case)}")
    assert wrong == []
    assert kept_in(case.town.pk) == before


@pytest.mark.parametrize("roles", EVERY_STAFF, ids=lambda roles: "-".join(roles) or "none")
def test_staff_of_another_town_change_and_see_nothing(roles: tuple[Role, ...], case: WholeCase) -> None:
    browser = signed_in(case, case.other_town, OTHER_HOST, *roles)
    before, wrong = kept_in(case.town.pk), []
    for door in doors(case):
        answers = [browser.get(door.address), browser.post(door.address, form(case))]
        shut = {401, 403, 404, 405}
        for answer in answers:
            if answer.status_code >= 500 or leaks(answer, case):
                wrong.append(said(answer, door))
            if door.closed and answer.status_code not in shut and not is_sent_to_sign_in(answer):
                wrong.append(said(answer, door))
    assert wrong == []
    assert kept_in(case.town.pk) == before


@pytest.mark.parametrize("host", ["localhost", OTHER_HOST])
def test_nobody_gets_no_further_than_the_way_in(host: str, case: WholeCase) -> None:
    browser, before, wrong = Intruder(case, host), kept_in(case.town.pk), []
    for door in doors(case):
        open_to_all = PERMISSIONS[door.name] in (EVERYBODY, SIGNING_IN)
        for answer in [browser.get(door.address), browser.post(door.address, form(case))]:
            turned_away = answer.status_code in {401, 403, 404, 405} or is_sent_to_sign_in(answer)
            if leaks(answer, case) or answer.status_code >= 500 or not (open_to_all or turned_away):
                wrong.append(said(answer, door))
    assert wrong == []
    assert kept_in(case.town.pk) == before


def test_another_resident_gets_into_nothing_that_has_an_owner(case: WholeCase) -> None:
    browser, before, wrong = Intruder(case).visiting(case.stranger), kept_in(case.town.pk), []
    for door in (each for each in doors(case) if PERMISSIONS[each.name] == OWNER):
        for answer in [browser.get(door.address), browser.post(door.address, form(case))]:
            if answer.status_code not in {404, 405} or leaks(answer, case):
                wrong.append(said(answer, door))
    assert wrong == []
    assert kept_in(case.town.pk) == before


def test_residents_are_nobody_on_the_desk(case: WholeCase) -> None:
    browser, before = Intruder(case).visiting(case.visitor), kept_in(case.town.pk)
    wrong = [
        said(answer, door)
        for door in doors(case)
        if powers_for(door) is not None
        for answer in [browser.get(door.address), browser.post(door.address, form(case))]
        if not is_sent_to_sign_in(answer)
    ]
    assert wrong == []
    assert kept_in(case.town.pk) == before


def test_the_owner_gets_in_where_the_table_says_so(case: WholeCase) -> None:
    """Otherwise shut doors would prove nothing."""
    browser, opened = Intruder(case).visiting(case.visitor), set()
    for door in (each for each in doors(case) if PERMISSIONS[each.name] in (OWNER, VISITOR, EVERYBODY)):
        answers = both(browser, door, case)
        assert all(answer.status_code < 500 and answer.status_code != 403 for answer in answers), door.address
        if any(answer.status_code in {200, 302, 422} for answer in answers):
            opened.add(door.name)
    named = {name for name, who in PERMISSIONS.items() if who in (OWNER, VISITOR, EVERYBODY)}
    assert named - opened <= {"resident:message-document"}, named - opened


def test_everybody_with_all_roles_opens_every_page_of_the_desk(case: WholeCase) -> None:
    browser = signed_in(case, case.town, "localhost", *Role)
    answers = {door.name: both(browser, door, case) for door in one_each(doors(case)) if powers_for(door)}
    shown = {name: seen.status_code for name, (seen, _) in answers.items()}
    assert {name: code for name, code in shown.items() if code not in {200, 405}} == NOT_A_PAGE
    neither = {name for name, (seen, sent) in answers.items() if seen.status_code == sent.status_code == 405}
    assert neither == set()
