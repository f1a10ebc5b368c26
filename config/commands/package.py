import argparse
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.start import SETTINGS, enter_django, find_database
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.procedures import commands
from madoguchi.ledgers.procedures.changes import compare
from madoguchi.ledgers.procedures.faults import Fault
from madoguchi.ledgers.procedures.folder import files_of
from madoguchi.ledgers.procedures.package import read_files


class NoSuchFolder(Refusal):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"フォルダ {folder} がありません。",
            next_step="packages/手続名/版 のフォルダを指定してください。",
            code="package.no_folder",
        )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["check", "test", "coverage", "load", "export", "diff"])
    parser.add_argument(
        "folder",
        help="手続パッケージのフォルダ。export では手続の名前、diff では手続@版 でもよい",
        metavar="FOLDER",
    )
    parser.add_argument("other", nargs="?", help="diff で比べる新しいほう（フォルダか 手続@版）")
    parser.add_argument("--to", type=Path, help="export の書き出し先（まだないフォルダ）")
    parser.add_argument("--without-staff-examples", action="store_true", help="export で職員の例を加えない")
    parser.add_argument("--files", action="store_true", help="diff でファイルの違いも行ごとに出す")
    parser.add_argument("--version", help="export する版（書かなければ公開中の版）")
    parser.add_argument("--municipality", default="999999", help="団体コード")


def run(options: argparse.Namespace) -> int:
    """Check, test, cover, load, export or compare procedure packages. 1 when faults or failing examples were found."""
    return int(WHAT[options.what](options))


def folder_of(options: argparse.Namespace) -> Path:
    folder = Path(options.folder)
    if not folder.is_dir():
        raise NoSuchFolder(folder)
    return folder


def _check(options: argparse.Namespace) -> int:
    folder = folder_of(options)
    from madoguchi.services.subsidies.package_file import faults_of

    faults = commands.check(folder, [faults_of])
    for fault in faults:
        print(f"{folder}/{fault.file}:{fault.line}: {fault.sentence}")
    for notice in [] if faults else _notices(folder):
        print(f"{folder}/{notice.file}:{notice.line}: 注意: {notice.sentence}")
    if not faults:
        print(f"{folder}: 誤りはありません。")
    return 1 if faults else 0


def _notices(folder: Path) -> list[Fault]:
    """What does not stop a package but should be mended; the day is asked of the one clock."""
    from madoguchi.ledgers.office import clock
    from madoguchi.ledgers.procedures.identity import notices
    from madoguchi.ledgers.procedures.package import read_package

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    return notices(read_package(folder).required_identity, clock.today())


def _test(options: argparse.Namespace) -> int:
    results = commands.run_examples(folder_of(options))
    for result in results:
        print(f"{'合格' if result.passed else '不合格'}  {result.name}")
        print("".join(f"        {difference}\n" for difference in result.differences), end="")
    print(json.dumps({"examples": len(results), "failed": sum(not result.passed for result in results)}))
    return 0 if all(result.passed for result in results) else 1


def _coverage(options: argparse.Namespace) -> int:
    found = commands.coverage(folder_of(options))
    for part in found.parts:
        print(f"{part.name}  {part.reached}/{part.total}")
        print("".join(f"        まだ試していません: {item.sentence}\n" for item in part.missing), end="")
    print(json.dumps(found.as_json(), ensure_ascii=False))
    return 0


@contextmanager
def _town(options: argparse.Namespace) -> Iterator[None]:
    find_database()
    enter_django()
    from madoguchi.ledgers.office.queries import municipality_by_code
    from madoguchi.ledgers.office.session import municipality_session

    with municipality_session(municipality_by_code(options.municipality).pk):
        yield


def _load(options: argparse.Namespace) -> int:
    folder = folder_of(options)
    with _town(options):
        from madoguchi.ledgers.office import clock
        from madoguchi.ledgers.procedures.publishing import install
        from madoguchi.ledgers.procedures.queries import version_state

        loaded = install(folder, by=None, at=clock.now())
        state = version_state(loaded.version_id)
    told = f"{loaded.package.slug} {loaded.package.version} を読み込みました（{loaded.package.sha256[:12]}、{state.label}）。"
    print(told + ("" if state == "published" else "画面で公開を提案し、ほかの人が公開すると使われます。"))
    return 0


def _export(options: argparse.Namespace) -> int:
    if options.to is None:
        raise NoSuchFolder(Path("（--to で書き出し先）"))
    with _town(options):
        from madoguchi.ledgers.procedures.queries import files_of_version, live_package
        from madoguchi.ledgers.procedures.staff_examples import files_with_staff_examples

        slug = options.folder
        version = options.version or live_package(slug).package.version
        read = files_of_version if options.without_staff_examples else files_with_staff_examples
        files = read(slug, version)
    commands.export(files, options.to)
    print(f"{slug} {version}: {len(files)}個のファイルを {options.to} に書き出しました。")
    return 0


def _diff(options: argparse.Namespace) -> int:
    old, new = (_files(options, each) for each in (options.folder, options.other or ""))
    found = compare(read_files(old), read_files(new))
    for place, changes in found.by_place.items():
        print(place)
        print("".join(f"        {change.sentence}\n" for change in changes), end="")
    if options.files:
        print("\n".join(commands.diff(old, new)))
    print(json.dumps(found.as_json(), ensure_ascii=False))
    return 0


def _files(options: argparse.Namespace, named: str) -> Mapping[str, bytes]:
    """The files of a folder, or of a version in the database named slug@version."""
    if Path(named).is_dir() and named:
        return files_of(Path(named))
    slug, _, version = named.partition("@")
    if not version:
        raise NoSuchFolder(Path(named or "（新しいほう）"))
    with _town(options):
        from madoguchi.ledgers.procedures.queries import files_of_version

        return files_of_version(slug, version)


WHAT = {
    "check": _check,
    "test": _test,
    "coverage": _coverage,
    "load": _load,
    "export": _export,
    "diff": _diff,
}
