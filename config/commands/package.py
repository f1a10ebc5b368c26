import argparse
import json
import os
from pathlib import Path

from config.start import SETTINGS, enter_django, find_database
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.procedures import commands
from madoguchi.ledgers.procedures.faults import Fault


class NoSuchFolder(Refusal):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"フォルダ {folder} がありません。",
            next_step="packages/手続名/版 のフォルダを指定してください。",
            code="package.no_folder",
        )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["check", "test", "load", "export", "diff"])
    parser.add_argument("folder", type=Path, help="手続パッケージのフォルダ（export では書き出し先）")
    parser.add_argument("other", type=Path, nargs="?", help="diff で比べる新しいほうのフォルダ")
    parser.add_argument("--slug", default="gakudo-club", help="export する手続")
    parser.add_argument("--version", help="export する版（書かなければ公開中の版）")
    parser.add_argument("--municipality", default="999999", help="団体コード")


def run(options: argparse.Namespace) -> int:
    """Check, test, load, export or compare procedure packages. 1 when faults or failing examples were found."""
    if options.what != "export" and not options.folder.is_dir():
        raise NoSuchFolder(options.folder)
    return int(WHAT[options.what](options))


def _check(options: argparse.Namespace) -> int:
    faults = commands.check(options.folder)
    for fault in faults:
        print(f"{options.folder}/{fault.file}:{fault.line}: {fault.sentence}")
    for notice in [] if faults else _notices(options.folder):
        print(f"{options.folder}/{notice.file}:{notice.line}: 注意: {notice.sentence}")
    if not faults:
        print(f"{options.folder}: 誤りはありません。")
    return 1 if faults else 0


def _notices(folder: Path) -> list[Fault]:
    """What does not stop a package but should be mended; the day is asked of the one clock."""
    from madoguchi.ledgers.office import clock
    from madoguchi.ledgers.procedures.identity import notices
    from madoguchi.ledgers.procedures.package import read_package

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    return notices(read_package(folder).required_identity, clock.today())


def _test(options: argparse.Namespace) -> int:
    results = commands.run_examples(options.folder)
    for result in results:
        print(f"{'合格' if result.passed else '不合格'}  {result.name}")
        print("".join(f"        {difference}\n" for difference in result.differences), end="")
    print(json.dumps({"examples": len(results), "failed": sum(not result.passed for result in results)}))
    return 0 if all(result.passed for result in results) else 1


def _load(options: argparse.Namespace) -> int:
    find_database()
    enter_django()
    from madoguchi.ledgers.office import clock
    from madoguchi.ledgers.office.queries import municipality_by_code
    from madoguchi.ledgers.office.session import municipality_session
    from madoguchi.ledgers.procedures.actions import load_package

    with municipality_session(municipality_by_code(options.municipality).pk):
        loaded = load_package(options.folder, by=None, at=clock.now())
    print(
        f"{loaded.package.slug} {loaded.package.version} を読み込みました（{loaded.package.sha256[:12]}）。"
    )
    return 0


def _export(options: argparse.Namespace) -> int:
    find_database()
    enter_django()
    from madoguchi.ledgers.office.queries import municipality_by_code
    from madoguchi.ledgers.office.session import municipality_session
    from madoguchi.ledgers.procedures.queries import files_of_version, live_package

    with municipality_session(municipality_by_code(options.municipality).pk):
        version = options.version or live_package(options.slug).package.version
        files = files_of_version(options.slug, version)
    commands.export(files, options.folder)
    print(f"{options.slug} {version}: {len(files)}個のファイルを {options.folder} に書き出しました。")
    return 0


def _diff(options: argparse.Namespace) -> int:
    if options.other is None or not options.other.is_dir():
        raise NoSuchFolder(options.other or Path("（新しいほう）"))
    lines = commands.diff(options.folder, options.other)
    print("\n".join(lines) if lines else "違いはありません。")
    return 0


WHAT = {"check": _check, "test": _test, "load": _load, "export": _export, "diff": _diff}
