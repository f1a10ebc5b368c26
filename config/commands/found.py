"""`madoguchi found FOLDER`: a real town, its sections and its staff, from three files."""

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from config.start import enter_django, find_database
from madoguchi.common.errors import Refusal

if TYPE_CHECKING:
    from madoguchi.ledgers.office.founding_files import Founding

EXAMPLE = Path(__file__).resolve().parent.parent / "example_town"


class FolderTaken(Refusal):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} には、もうファイルがあります。",
            next_step="別のフォルダを指定するか、--example を付けずに実行してください。",
            code="found.folder_taken",
        )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="town.toml・sections.csv・staff.csv のあるフォルダ")
    parser.add_argument("--example", action="store_true", help="書き方の見本を、このフォルダに作る")
    parser.add_argument("--check", action="store_true", help="読むだけで、登録しない")


def run(options: argparse.Namespace) -> int:
    """Enter everything or nothing. The passwords of new accounts are printed once and kept nowhere."""
    if options.example:
        return _write_example(options.folder)
    find_database()
    enter_django()
    from madoguchi.ledgers.office.founding_files import read_founding

    names = ("town.toml", "sections.csv", "staff.csv")
    files = {
        name: (options.folder / name).read_bytes() for name in names if (options.folder / name).is_file()
    }
    founding = read_founding(files)
    print(f"{founding.town.name}: 課 {len(founding.sections)}・職員 {len(founding.staff)}")
    if options.check:
        print("読めました。登録していません。")
        return 0
    return _enter(founding)


def _write_example(folder: Path) -> int:
    if folder.exists() and any(folder.iterdir()):
        raise FolderTaken(folder)
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    print(
        f"{folder} に見本を作りました。町のものに書き換えてから、madoguchi found {folder} を実行してください。"
    )
    return 0


def _enter(founding: "Founding") -> int:
    from madoguchi.ledgers.office import clock
    from madoguchi.ledgers.office.founding import found

    done = found(founding, at=clock.now())
    print(f"新しい職員 {len(done.accounts)}人・変わった職員 {done.changed}人・退職 {done.left}人")
    if done.accounts:
        print("最初に入るときのパスワードです。今だけ表示します。本人に直接渡してください。")
        for each in done.accounts:
            print(f"{each.login}\t{each.name}\t{each.password}")
    if done.grant_givers < 2:
        print(
            f"「権限を付ける」を持つ職員が {done.grant_givers}人です。端末をなくしたときのために、2人にしてください。",
            file=sys.stderr,
        )
    return 0
