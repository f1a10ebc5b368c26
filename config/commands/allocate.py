import argparse
import json
from pathlib import Path

from madoguchi.common.errors import Refusal


class FileUnreadable(Refusal):
    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(
            f"{file} を利用調整のファイルとして読めません（{reason}）。",
            next_step="docs/reference/allocation_file.md の形の JSON にしてください。",
            code="allocate.unreadable",
        )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("instance", type=Path)
    parser.add_argument("--out", type=Path, required=True)


def run(options: argparse.Namespace) -> int:
    """Allocate from a file, check the result independently, write it. 1 when the checker finds a violation."""
    from madoguchi.services.allocation.files import allocate_file

    try:
        instance = json.loads(options.instance.read_text(encoding="utf-8"))
        result = allocate_file(instance)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileUnreadable(options.instance, f"{type(error).__name__}: {error}") from error
    options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{options.out} に書きました。検査で見つかった違反: {len(result['violations'])}件")
    return 1 if result["violations"] else 0
