"""Run as a process: the tables as 0.1 made them, with one family, one case and one open correction in them."""

import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import django

NOW = datetime(2026, 11, 18, 1, tzinfo=UTC)
PACKAGE = Path(__file__).resolve().parent.parent.parent / "packages/gakudo-club/2026-04"


def older_tables():  # type: ignore[no-untyped-def]
    """Migrate every room no further than its first migration; the models as they were then."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    graph = MigrationExecutor(connection).loader.graph
    ours = {app for app, name in graph.nodes if name == "0002_in_depth"}
    targets = [(app, "0001_initial") for app in sorted(ours)]
    targets += [leaf for leaf in graph.leaf_nodes() if leaf[0] not in ours]
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def fill(apps) -> None:  # type: ignore[no-untyped-def]
    from django.db import connection

    from madoguchi.ledgers.procedures.package import read_package
    from madoguchi.ledgers.procedures.stored import to_stored

    city = apps.get_model("office", "Municipality").objects.create(
        code="999999", name="サンプル市", name_kana="サンプルシ", prefecture="サンプル県", mayor="例示　太郎"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('madoguchi.municipality', %s, false)", [str(city.pk)])
    section = apps.get_model("office", "Section").objects.create(code="kodomo")
    clerk = apps.get_model("office", "Staff").objects.create(
        login="shinsa", name="佐藤　例", name_kana="サトウ　レイ", section=section, password="!"
    )
    household = apps.get_model("registry", "Household").objects.create(number=1)
    apps.get_model("registry", "Resident").objects.create(
        atena_number=8000001,
        household=household,
        kind=1,
        state=1,
        relationship=2,
        relationship_text="世帯主",
        place_in_household=1,
        family_name="例示",
        given_name="花子",
        family_kana="レイジ",
        given_kana="ハナコ",
        name_key="例示花子",
        kana_key="レイシハナコ",
        sex=2,
        birth_date=date(1990, 1, 1),
        birth_text="平成2年1月1日",
        postcode="0000001",
        town="見本町",
        block="1番",
        moved_in_on=date(1990, 1, 1),
    )
    package = read_package(PACKAGE)
    procedure = apps.get_model("procedures", "Procedure").objects.create(slug=package.slug, section=section)
    version = apps.get_model("procedures", "PackageVersion").objects.create(
        procedure=procedure,
        version=package.version,
        sha256=package.sha256,
        is_live=True,
        files=to_stored(package.files),
        loaded_at=NOW,
    )
    case = apps.get_model("applications", "Application").objects.create(
        number="GK0000012",
        version=version,
        procedure=package.slug,
        section=section,
        period_code=package.periods[0].code,
        channel="paper",
        stage="correcting",
        raw={},
        answers={"applicant": {"family": "例示", "given": "花子"}},
        person_name="例示　一郎",
        person_kana="レイジ　イチロウ",
        person_key="x",
        applicant_name="例示　花子",
        received_at=NOW,
        due_on=date(2027, 2, 1),
        clock_stopped_on=date(2026, 11, 18),
        changed_at=NOW,
        submission_key=uuid.uuid4(),
    )
    apps.get_model("applications", "Correction").objects.create(
        application=case, fields=["applicant"], message="見てください", asked_by=clerk, asked_at=NOW,
        due_on=date(2026, 12, 1),
    )  # fmt: skip


if __name__ == "__main__":
    django.setup()
    fill(older_tables())
