"""`madoguchi`: every command, one sentence when something is wrong."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.procedures.faults import PackageFaults

COMMANDS = {
    "demo": "見本の市で一式を動かす（データベース・画面・作業者）",
    "serve": "画面を出す",
    "worker": "裏の仕事をする",
    "migrate": "データベースの表を作る・更新する",
    "found": "町・課・職員をファイルから登録する",
    "doctor": "動かない理由を調べる",
    "package": "手続パッケージを調べる・試す・読み込む・書き出す・比べる",
    "scenario": "実在の事例の物語を実際に走らせる",
    "bench": "速さを測る",
    "data": "データを書き出す",
    "allocate": "利用調整をファイルで計算する",
    "audit": "記録の鎖を計算し直す",
}


def parser(wanted: str = "") -> argparse.ArgumentParser:
    """The command line; the wanted command adds its own arguments. The others are only named: loading all of them takes
    longer than many a command."""
    root = argparse.ArgumentParser(prog="madoguchi", description="窓口: 手続の最初の問いから測った効果まで")
    subparsers = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help_text in COMMANDS.items():
        command = subparsers.add_parser(name, help=help_text, description=help_text)
        if name == wanted:
            importlib.import_module(f"config.commands.{name}").arguments(command)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit code 0 done, 1 a check failed, 2 it could not be done (and why)."""
    given = sys.argv[1:] if argv is None else list(argv)
    options = parser(given[0] if given else "").parse_args(given)
    command = importlib.import_module(f"config.commands.{options.command}")
    try:
        return int(command.run(options))
    except Refusal as refusal:
        print(f"madoguchi: {refusal.sentence}{refusal.next_step} [{refusal.code}]", file=sys.stderr)
        return 2
    except PackageFaults as found:
        for fault in found.faults:
            print(f"{fault.file}:{fault.line}: {fault.sentence}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
