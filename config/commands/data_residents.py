"""`madoguchi data import residents FILE --mapping FILE [--apply]`: the report of the pages, in a terminal."""

import argparse
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from madoguchi.common.errors import Refusal

SHOWN = 20


class FileMissing(Refusal):
    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file} を開けません。",
            next_step="ファイルの場所と読み取りの権限を確かめてください。",
            code="data.no_file",
        )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mapping", type=Path, help="住民データの対応表（TOML）。なければ標準の対応表")
    parser.add_argument("--as-of", type=date.fromisoformat, help="住民データの基準日（なければ今日）")
    parser.add_argument("--part", action="store_true", help="住民データが一部の人だけのとき")
    parser.add_argument("--apply", action="store_true", help="住民記録に反映する")
    parser.add_argument("--strike-missing", action="store_true", help="いない人を「その他消除者」にする")


def take_in(options: argparse.Namespace) -> int:
    """Read, report, and apply where asked; without --apply nothing of the file is kept. 1 when lines were rejected."""
    from madoguchi.ledgers.office.queries import municipality_by_code
    from madoguchi.ledgers.office.session import Sight, municipality_session
    from madoguchi.ledgers.registry import importing, imports_seen

    town = municipality_by_code(options.municipality)
    with municipality_session(town.pk, Sight.ALL):
        import_id = _hand_in(options)
        importing.read(import_id=import_id, municipality_code=town.code, at=_now())
        _say(import_id)
        read = imports_seen.import_view(import_id)
        if options.apply and read.may_apply:
            importing.order_apply(
                import_id=import_id, strike_missing=options.strike_missing, by=None, at=_now()
            )
            importing.apply(import_id=import_id, at=_now())
            _say_applied(import_id)
        else:
            importing.discard_import(import_id=import_id, by=None, at=_now())
            print("反映していません。反映するときは --apply を付けてください。")
    return 1 if read.outcomes["rejected"] or not read.is_read else 0


def _now() -> datetime:
    from madoguchi.ledgers.office import clock

    return clock.now()


def _hand_in(options: argparse.Namespace) -> UUID:
    from madoguchi.ledgers.registry import importing
    from madoguchi.ledgers.registry.import_mapping import STANDARD, shipped_text
    from madoguchi.ledgers.registry.states import ImportScope

    try:
        toml = options.mapping.read_text(encoding="utf-8-sig") if options.mapping else shipped_text(STANDARD)
        with options.file.open("rb") as source:
            return importing.open_import(
                name=options.file.name,
                source=source,
                mapping_toml=toml,
                scope=ImportScope.PART if options.part else ImportScope.WHOLE,
                as_of=options.as_of or _now().date(),
                by=None,
                at=_now(),
                import_id=uuid4(),
            )
    except OSError as error:
        raise FileMissing(Path(error.filename or options.file)) from error


def _say(import_id: UUID) -> None:
    from madoguchi.ledgers.registry import imports_seen
    from madoguchi.ledgers.registry.states import FindingKind, RowChange, RowOutcome

    run = imports_seen.import_view(import_id)
    print(f"{run.name}（{run.form}・対応表「{run.mapping}」）{run.total:,}行: {run.state.label}")
    if run.result.get("sentence"):
        print(f"  {run.result['sentence']}")
    for outcome in (RowOutcome.ACCEPTED, RowOutcome.REPAIRED, RowOutcome.REJECTED):
        print(f"  {outcome.label}: {run.outcomes[outcome.value]:,}行")
    for row in imports_seen.rows_by_outcome(import_id, RowOutcome.REJECTED).rows[:SHOWN]:
        print(f"    {row.line}行目 {row.column}: {row.reason}")
    for change in (RowChange.NEW, RowChange.CHANGED, RowChange.LEFT, RowChange.MISSING, RowChange.SAME):
        print(f"  {change.label}: {run.changes[change.value]:,}人")
    listed, count, blocking = imports_seen.findings(import_id, limit=SHOWN)
    print(f"  世帯の整合性: {count:,}件（反映しない世帯 {blocking:,}）")
    for finding in listed:
        print(f"    世帯{finding.household_number} {FindingKind(finding.kind).label}")


def _say_applied(import_id: UUID) -> None:
    from madoguchi.ledgers.registry import imports_seen

    result = imports_seen.import_view(import_id).result
    counts = "・".join(f"{change} {count:,}" for change, count in result.get("applied", {}).items())
    print(f"住民記録に反映しました（{counts or '変更なし'}・残した世帯 {result.get('held_count', 0):,}）。")
