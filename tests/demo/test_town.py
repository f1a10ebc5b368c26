import ast
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate

from demo import accounts, town
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.doors import enter_at
from madoguchi.ledgers.office.models import Grant, Section, Staff, Trace
from madoguchi.ledgers.office.roles import POWERS, Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.procedures.package import read_package
from madoguchi.ledgers.registry import queries as registry
from madoguchi.ledgers.registry.synthetic_places import PLACES

GAKUDO = Path(__file__).resolve().parents[2] / "packages/gakudo-club/2026-04"


def found(now: datetime, packages: Path, settings: Any) -> None:
    settings.PACKAGES_DIR = packages
    town.found_the_town(residents=120, at=now)


def counts() -> list[int]:
    return [model.objects.count() for model in (Section, Staff, Grant, Trace)] + [registry.how_many()]


def test_both_towns_stand_and_everybody_can_sign_in(
    db: None, now: datetime, tmp_path: Path, settings: Any
) -> None:
    found(now, tmp_path, settings)
    city = office.municipality_by_code("999999")
    with municipality_session(city.pk):
        assert registry.how_many() == 120
        for account in accounts.ACCOUNTS:
            staff = authenticate(None, login=account.login, password=accounts.PASSWORD)
            assert isinstance(staff, Staff)
            assert office.roles_of(staff, now.date()) == {Role(role) for role in account.roles}
        assert authenticate(None, login="mihon", password="demo") is None
        section = office.section_by_code("kodomo")
        assert section is not None
        named = office.section_in_year(section.pk, now.date())
        assert named is not None
        assert (named.name, named.unit, named.symbol, named.phone) == (
            "子ども若者課", "学童クラブ係", "サ子青", "000-0000-0123",
        )  # fmt: skip
    neighbour = enter_at("mihon.localhost")
    assert neighbour is not None
    with municipality_session(neighbour.pk):
        assert registry.how_many() == town.NEIGHBOURS
        assert authenticate(None, login="mihon", password="demo") is not None
        assert authenticate(None, login="shinsa", password="demo") is None


def test_founding_again_changes_nothing(db: None, now: datetime, tmp_path: Path, settings: Any) -> None:
    found(now, tmp_path, settings)
    city = office.municipality_by_code("999999")
    with municipality_session(city.pk):
        before = counts()
    found(now + timedelta(hours=1), tmp_path, settings)
    with municipality_session(city.pk):
        assert counts() == before
        assert office.verify_chain(city).broken is None


def test_every_role_is_played_by_somebody() -> None:
    assert {role for account in accounts.ACCOUNTS for role in account.roles} == {str(role) for role in POWERS}
    logins = [account.login for account in (*accounts.ACCOUNTS, accounts.NEIGHBOUR)]
    assert len(set(logins)) == len(logins)


def test_the_banner_names_every_account_in_both_languages() -> None:
    banner = accounts.welcome("http://127.0.0.1:8000/")
    assert "http://127.0.0.1:8000/desk/" in banner
    for account in accounts.ACCOUNTS:
        assert account.login in banner
        assert account.title.ja in banner
        assert account.title.en in banner
    for shown in accounts.staff_accounts():
        assert all(shown[key] for key in ("login", "password", "name", "role", "about"))


def test_settings_may_read_the_accounts() -> None:
    """config.settings reads them before Django is there."""
    source = ast.parse(Path(accounts.__file__).read_text(encoding="utf-8"))
    imported = [node.module for node in ast.walk(source) if isinstance(node, ast.ImportFrom)]
    assert set(imported) <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("versions", [["2026-04", "2027-04"], ["2027-04", "2026-04"]])
def test_packages_are_loaded_oldest_first(tmp_path: Path, versions: list[str]) -> None:
    for version in versions:
        folder = tmp_path / "gakudo-club" / version
        folder.mkdir(parents=True)
        (folder / "procedure.toml").touch()
    (tmp_path / "gakudo-club" / "notes").mkdir()
    assert [folder.name for folder in town.package_folders(tmp_path)] == ["2026-04", "2027-04"]


def test_every_family_lives_in_the_district_of_a_club() -> None:
    clubs = {club.school_district for club in read_package(GAKUDO).facilities}
    assert {place.school_district for place in PLACES} == clubs
