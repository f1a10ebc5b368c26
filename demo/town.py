"""サンプル市 and its neighbour 見本町, founded by calling actions. Calling again changes nothing."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from demo.accounts import ACCOUNTS, NEIGHBOUR, PASSWORD, Account
from demo.applications import APPLICATIONS, seed_applications
from demo.protection import seed_protection
from demo.subsidies import seed_subsidies
from madoguchi.common.ages import fiscal_year, fiscal_year_start
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.appointing import appoint
from madoguchi.ledgers.office.queries import roles_of, section_by_code, staff_by_login
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import read_package
from madoguchi.ledgers.procedures.publishing import import_draft, propose
from madoguchi.ledgers.procedures.queries import slugs, version_views
from madoguchi.ledgers.procedures.states import VersionState
from madoguchi.ledgers.registry.actions import enter_households
from madoguchi.ledgers.registry.queries import how_many
from madoguchi.ledgers.registry.town_generator import generate_town

SEED = 999_999
NEIGHBOURS = 60


def found_the_town(*, residents: int, at: datetime, applications: int = APPLICATIONS) -> None:
    """Make both municipalities with organisation, staff, residents and every package under PACKAGES_DIR.

    `applications` are seeded where the demo identity may be used, because the online ones need it.
    """
    with transaction.atomic():
        _found_sample_city(residents, applications, at)
    with transaction.atomic():
        _found_neighbour(at)


def _found_sample_city(residents: int, applications: int, at: datetime) -> None:
    city = office.found_municipality(
        code="999999",
        name="サンプル市",
        name_kana="サンプルシ",
        prefecture="サンプル県",
        mayor="例示　太郎",
        contact_phone="000-0000-0100",
    )
    _furnish(city.pk, residents=residents, seed=SEED, accounts=ACCOUNTS, symbol="サ", at=at)
    with municipality_session(city.pk):
        propose_drafts(at)
        seed_protection(at)
    if applications and settings.MADOGUCHI_DEMO_IDENTITY:
        with municipality_session(city.pk):
            seed_applications(at=at, count=applications)
            seed_subsidies(at)


def _found_neighbour(at: datetime) -> None:
    town = office.found_municipality(
        code="999998",
        name="見本町",
        name_kana="ミホンチョウ",
        prefecture="サンプル県",
        mayor="見本　花子",
        host="mihon.localhost",
        contact_phone="000-0000-0200",
    )
    _furnish(town.pk, residents=NEIGHBOURS, seed=SEED - 1, accounts=(NEIGHBOUR,), symbol="ミ", at=at)


def _furnish(
    municipality_id: int,
    *,
    residents: int,
    seed: int,
    accounts: tuple[Account, ...],
    symbol: str,
    at: datetime,
) -> None:
    with municipality_session(municipality_id):
        _set_up_sections(symbol, at.date())
        for account in accounts:
            _employ(account, at)
        if not how_many():
            enter_households(generate_town(residents, seed, on=at.date()), by=SYSTEM, at=at)
        _load_packages(settings.PACKAGES_DIR, at)


def _set_up_sections(symbol: str, on: date) -> None:
    """Each with its name, 係, 文書記号 and telephone of the fiscal year."""
    for code, name, unit, letter, phone in (
        ("kodomo", "子ども若者課", "学童クラブ係", "子青", "000-0000-0123"),
        ("shimin", "市民課", "窓口係", "市民", "000-0000-0124"),
        ("dx", "デジタル推進課", "", "デ推", "000-0000-0125"),
        ("kansa", "監査委員事務局", "", "監", "000-0000-0126"),
        ("kaikei", "会計課", "", "会", "000-0000-0127"),
        ("eisei", "衛生検査課", "動物愛護係", "衛検", "000-0000-0128"),
        ("zaisei", "財政課", "予算係", "財", "000-0000-0129"),
    ):
        office.set_up_section(
            code=code, fiscal_year=fiscal_year(on), name=name, unit=unit, symbol=symbol + letter, phone=phone
        )


def _employ(account: Account, at: datetime) -> None:
    """A member of staff with the roles of the account; roles that ended with the fiscal year are given anew."""
    section = section_by_code(account.section)
    if section is None:
        raise LookupError(f"{account.login} belongs to the missing section {account.section}")
    staff = staff_by_login(account.login) or office.employ(
        login=account.login,
        name=account.name,
        name_kana=account.name_kana,
        section=section,
        password=PASSWORD,
        email=f"{account.login}@sample.example",
    )
    held = roles_of(staff, at.date())
    for role in map(Role, account.roles):
        if role not in held:
            office.grant_role(staff=staff, role=role, on=fiscal_year_start(at.date()), by=SYSTEM, at=at)
    if account.post:
        on = fiscal_year_start(at.date())
        appoint(staff=staff, section=section, post=account.post, on=on, by=None, at=at)


def _load_packages(packages: Path, at: datetime) -> None:
    for folder in package_folders(packages):
        package = read_package(folder)
        if package.template:
            continue
        if package.in_force_from <= at.date():
            put_in_use(package, by=SYSTEM, at=at)
        else:
            import_draft(package, by=SYSTEM, at=at)


def propose_drafts(at: datetime) -> None:
    """What is not in force yet waits for two people: one of the section has proposed it."""
    proposer = staff_by_login("shinsa")
    for version in (each for slug in slugs() for each in version_views(slug)):
        if version.state == VersionState.DRAFT and proposer is not None:
            propose(version_id=version.id, by=proposer, at=at, reason="次の受付に向けた見直し")


def package_folders(packages: Path) -> Iterator[Path]:
    """Every version of every procedure package, older versions first so that the newest stays in use."""
    for manifest in sorted(packages.glob("*/*/procedure.toml")):
        yield manifest.parent
