import argparse
import gc
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from madoguchi.common.errors import Refusal

SHOWN = 20


class CallUnclear(Refusal):
    def __init__(self, reason: str) -> None:
        super().__init__(
            reason,
            next_step="madoguchi allocate 入力.json --out 結果.json、または madoguchi allocate check 入力.json 結果.json です。",
            code="allocate.call_unclear",
        )


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="+",
        metavar="INSTANCE | check INSTANCE RESULT",
        help="入力のファイル。check を先に書くと、結果のファイルを検算する",
    )
    parser.add_argument("--out", type=Path, metavar="RESULT", help="結果を書くファイル")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="S", help="計算の秒数の上限（60）")
    parser.add_argument(
        "--goal",
        choices=("stable", "most"),
        default="stable",
        help="先に守ること。stable 主張できる家族がない、most 入所が最も多い",
    )
    parser.add_argument("--seed", type=int, default=0, help="同じ数なら同じ結果（0）")
    parser.add_argument("--json", action="store_true", help="結果の数を1行の JSON で出す")


def run(options: argparse.Namespace) -> int:
    """Allocate and verify, or check a result. 0 done, 1 the check found something, 2 it could not be done."""
    began, words = time.monotonic(), options.words
    if words[0] == "check" and len(words) == 3:
        return _check(Path(words[1]), Path(words[2]), options, began)
    if len(words) != 1 or options.out is None:
        raise CallUnclear("入力のファイル1つと --out が要ります。")
    if not 0 < options.time_limit < float("inf"):
        raise CallUnclear("--time-limit は0より大きい秒数です。")
    with _no_pauses():
        return _allocate(Path(words[0]), options, began)


@contextmanager
def _no_pauses() -> Iterator[None]:
    """Nothing that a market is made of points in circles: looking for such garbage would be a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _allocate(file: Path, options: argparse.Namespace, began: float) -> int:
    from madoguchi.services.allocation.market.goals import Goal
    from madoguchi.services.allocation.market.interchange import read_instance, write_result
    from madoguchi.services.allocation.market.running import run as allocate_and_check

    done = allocate_and_check(
        read_instance(file),
        goal=Goal(options.goal),
        seconds=options.time_limit,
        seed=options.seed,
        began=began,
    )
    write_result(options.out, done.result)
    summary = {**done.summary, "seconds": round(time.monotonic() - began, 3)}
    if options.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        print(f"{options.out} に書きました。検算済みです。")
        _tell(summary)
    return 0


def _check(file: Path, result: Path, options: argparse.Namespace, began: float) -> int:
    from madoguchi.services.allocation.market.checking import check
    from madoguchi.services.allocation.market.interchange import read_instance, read_placed
    from madoguchi.services.allocation.market.running import summary_of_check

    finding = check(read_instance(file), read_placed(result))
    summary = summary_of_check(finding, time.monotonic() - began)
    if options.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        _tell(summary)
    return 0 if finding.passed else 1


def _tell(summary: dict[str, Any]) -> None:
    proof = "これより多くできないことを証明" if summary["proof"] == "optimal" else "証明していない。上限"
    print(f"入所 {summary['placed']}人（{proof} {summary['bound']}人）、{summary['seconds']}秒")
    for goal in summary.get("goals", ()):
        print(
            f"  {NAMES[goal['goal']]}: {goal['value']}{'' if goal['proven'] else '（最もよいとは証明していない）'}"
        )
    for sentence in summary.get("violations", ())[:SHOWN]:
        print(f"  誤り: {sentence}")
    for block in summary["blocking_families"][:SHOWN]:
        wish = "、".join(facility or "なし" for facility in block["wish"])
        print(f"  家族「{block['family']}」は第{block['number']}希望（{wish}）を主張できます。")
    if summary["blocking"] > SHOWN:
        print(f"  主張できる家族は、ほかに{summary['blocking'] - SHOWN}あります。")
    if summary.get("time_over"):
        print("  時間の上限に達したため、それまでで最もよい結果です。")


NAMES = {
    "fewest_blocking": "より良い希望を主張できる家族",
    "most_placed": "入所する子ども",
    "best_ranks": "希望の番号の合計（小さいほどよい）",
    "siblings_together": "きょうだい全員が同じ施設の家族",
}
