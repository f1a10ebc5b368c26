"""`madoguchi allocate`: from file to file, what it refuses, and what it leaves behind."""

import json
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from config.cli import main
from madoguchi.services.allocation.market.interchange import instance_of
from madoguchi.services.allocation.market.running import NotVerified, run
from madoguchi.services.allocation.market.solving import Outcome
from scenarios.allocation_markets import clubs, nurseries
from tests.factories_markets import Told, market, no_stable_outcome, single

Printed = pytest.CaptureFixture[str]


def good() -> Told:
    families = {"x": single("a", "f", "g"), "y": ({"b": "1", "c": "1"}, [["f", "g"], ["g", "g"]])}
    return market({"f": 1, "g": 2}, families, {"f": "ab", "g": "(abc)"}, {"c": "g"})


def written(folder: Path, told: Any) -> str:
    file = folder / "instance.json"
    file.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return str(file)


def test_a_file_becomes_a_verified_result(tmp_path: Path, capsys: Printed) -> None:
    out = tmp_path / "result.json"
    instance = written(tmp_path, good())
    assert main(["allocate", instance, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"placed": 3, "blocking": 0, "proof": "optimal", "bound": 3}.items() <= told.items()
    assert told["seconds"] >= 0
    assert json.loads(out.read_text())["placed"] == {"a": "f", "b": "g", "c": "g"}
    assert main(["allocate", "check", instance, str(out), "--json"]) == 0
    checked = json.loads(capsys.readouterr().out)
    assert {"placed": 3, "blocking": 0, "proof": "optimal", "bound": 3}.items() <= checked.items()
    assert main(["allocate", instance, "--out", str(out)]) == 0
    assert "入所 3人（これより多くできないことを証明 3人）" in capsys.readouterr().out


def test_blocking_families_are_named_with_the_wish(tmp_path: Path, capsys: Printed) -> None:
    out, instance = tmp_path / "result.json", written(tmp_path, no_stable_outcome())
    assert main(["allocate", instance, "--out", str(out)]) == 0
    assert "家族「z」は第2希望（g）を主張できます。" in capsys.readouterr().out
    assert main(["allocate", "check", instance, str(out)]) == 1
    assert json.loads(out.read_text())["blocking"] == [{"family": "z", "number": 2, "wish": ["g"]}]


def test_a_result_of_another_solver_is_checked(tmp_path: Path, capsys: Printed) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"placed": {"a": "f", "b": None, "c": None}}))
    assert main(["allocate", "check", written(tmp_path, good()), str(other), "--json"]) == 1
    assert "席を失っています" in json.loads(capsys.readouterr().out)["violations"][0]
    other.write_text("[]")
    assert main(["allocate", "check", written(tmp_path, good()), str(other)]) == 2


def changed(change: Callable[[Told], Any]) -> Told:
    told = deepcopy(good())
    change(told)
    return told


BROKEN: dict[str, tuple[Any, str]] = {
    "not JSON": ('{"format": ', "1行12字目から JSON ではありません"),
    "no object": ([], "ファイル全体: "),
    "name twice": ('{"format": "madoguchi-allocation/1", "format": "x"}', "「format」: "),
    "format": (changed(lambda told: told.update(format="madoguchi-allocation/2")), "format: "),
    "no families": (changed(lambda told: told.pop("families")), "families: "),
    "id": (changed(lambda told: told["children"][0].update(id=5)), "children[0].id: "),
    "facility twice": (
        changed(lambda told: told["facilities"].append(told["facilities"][0])),
        "facilities[2]: ",
    ),
    "negative seats": (
        changed(lambda told: told["facilities"][0].update(seats={"1": -1})),
        "facilities[0].seats.1: ",
    ),
    "half a seat": (
        changed(lambda told: told["facilities"][0].update(seats={"1": 1.5})),
        "facilities[0].seats.1: ",
    ),
    "true seats": (
        changed(lambda told: told["facilities"][0].update(seats={"1": True})),
        "facilities[0].seats.1: ",
    ),
    "shared unknown": (
        changed(lambda told: told["facilities"][0].update(shared=[["1", "9"]])),
        "facilities[0].shared: ",
    ),
    "shared twice": (
        changed(lambda told: told["facilities"][0].update(shared=[["1"], ["1"]])),
        "facilities[0].shared: ",
    ),
    "child twice": (changed(lambda told: told["children"].append(told["children"][0])), "children[3]: "),
    "class": (changed(lambda told: told["children"][0].update({"class": "9"})), "families[0].wishes[0]: "),
    "initial unknown": (
        changed(lambda told: told["children"][0].update(initial="h")),
        "children[0].initial: ",
    ),
    "too many held": (changed(lambda told: told["facilities"][1].update(seats={"1": 0})), "facilities: "),
    "family twice": (changed(lambda told: told["families"].append(told["families"][0])), "families[2]: "),
    "nobody": (changed(lambda told: told["families"][0].update(children=[])), "families[0].children: "),
    "stranger": (changed(lambda told: told["families"][0].update(children=["z"])), "families[0].children: "),
    "two families": (
        changed(lambda told: told["families"][1]["children"].__setitem__(0, "a")),
        "families[1].children: ",
    ),
    "no family": (changed(lambda told: told["children"].append({"id": "d", "class": "1"})), "children[3]: "),
    "unknown facility": (
        changed(lambda told: told["families"][0]["wishes"].append(["h"])),
        "families[0].wishes[2]: ",
    ),
    "wish too short": (
        changed(lambda told: told["families"][1]["wishes"].append(["f"])),
        "families[1].wishes[2]: ",
    ),
    "wish no list": (
        changed(lambda told: told["families"][0]["wishes"].append("f")),
        "families[0].wishes[2]: ",
    ),
    "10,000 wishes": (
        changed(lambda told: told["families"][0].update(wishes=[["f"]] * 10_000)),
        "families[0].wishes: ",
    ),
    "no priorities": (changed(lambda told: told.pop("priorities")), "priorities: "),
    "unknown in priorities": (changed(lambda told: told["priorities"].update(h=[])), "priorities.h: "),
    "tiers": (changed(lambda told: told["priorities"].update(f=["a", "b"])), "priorities.f: "),
    "stranger ranked": (
        changed(lambda told: told["priorities"].update(f=[["a"], ["b"], ["z"]])),
        "priorities.f[2]: ",
    ),
    "cycle": (
        changed(lambda told: told["priorities"].update(f=[["a"], ["b"], ["a"]])),
        "priorities.f[2]: 順位が循環",
    ),
    "twice in a tie": (
        changed(lambda told: told["priorities"].update(f=[["b"], ["a", "a"]])),
        "priorities.f[1]: 順位が循環",
    ),
    "not ranked": (changed(lambda told: told["priorities"].update(f=[["b"]])), "families[0].wishes[0]: "),
    "nowhere ranked": (changed(lambda told: told["priorities"].pop("f")), "families[0].wishes[0]: "),
    "too deep": ("[" * 100_000, "入れ子が深すぎます"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_told_once_with_its_place_and_nothing_is_written(
    name: str, tmp_path: Path, capsys: Printed
) -> None:
    told, place = BROKEN[name]
    out = tmp_path / "result.json"
    assert main(["allocate", written(tmp_path, told), "--out", str(out), "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert place in printed.err
    assert printed.err.count("\n") == 1
    assert printed.err.count("。") >= 2, "the reason and the remedy"
    assert [file.name for file in tmp_path.iterdir()] == ["instance.json"]


def test_calls_that_say_too_little_are_refused(tmp_path: Path, capsys: Printed) -> None:
    instance = written(tmp_path, good())
    assert main(["allocate", instance]) == 2
    assert main(["allocate", instance, "--out", str(tmp_path / "r"), "--time-limit", "0"]) == 2
    assert main(["allocate", str(tmp_path / "none.json"), "--out", str(tmp_path / "r")]) == 2
    assert main(["allocate", instance, "--out", str(tmp_path / "none" / "r")]) == 2
    assert capsys.readouterr().err.count("madoguchi: ") == 4


def test_the_same_seed_writes_the_same_bytes_whatever_the_order_of_rows(tmp_path: Path) -> None:
    told = nurseries(150, 9, seed=4, tied=True)
    out = tmp_path / "result.json"
    assert main(["allocate", written(tmp_path, told), "--out", str(out), "--seed", "7"]) == 0
    first = out.read_bytes()
    for name in ("facilities", "children", "families"):
        told[name].reverse()
    assert main(["allocate", written(tmp_path, told), "--out", str(out), "--seed", "7"]) == 0
    assert out.read_bytes() == first


def test_when_the_time_is_over_the_best_verified_result_is_written_and_says_so(
    tmp_path: Path, capsys: Printed
) -> None:
    out, instance = tmp_path / "result.json", written(tmp_path, nurseries(200, 11, seed=1, tied=True))
    assert main(["allocate", instance, "--out", str(out), "--time-limit", "0.000001"]) == 0
    assert "時間の上限に達した" in capsys.readouterr().out
    assert json.loads(out.read_text())["time_over"] is True
    main(["allocate", "check", instance, str(out), "--json"])
    assert json.loads(capsys.readouterr().out)["violations"] == []


def test_a_solver_that_is_wrong_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: Any, **__: Any) -> Outcome:
        return Outcome({"a": "g", "b": "f"}, "optimal", 2, (), 0, (), {"parts": 0, "asked": 0})

    monkeypatch.setattr("madoguchi.services.allocation.market.running.allocate", wrong)
    with pytest.raises(NotVerified):
        run(instance_of(good()))
    families = {"x": single("a", "f", "g"), "y": single("b", "f")}
    with pytest.raises(NotVerified):
        run(instance_of(market({"f": 1, "g": 1}, families, {"f": "ab", "g": "a"})))


def test_markets_without_siblings_and_ties_never_reach_a_solver(tmp_path: Path) -> None:
    """Nor Django: the command starts at once."""
    instance = written(tmp_path, clubs(400, 12, seed=1))
    program = (
        "import sys; from config.cli import main; code = main(sys.argv[1:]); "
        "sys.exit(code or bool({'django', 'ortools', 'numpy', 'highspy'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "allocate", instance, "--out", str(tmp_path / "r.json"), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["blocking"], told["proof"], told["parts_asked"]) == (0, "optimal", 0)


def test_a_town_is_allocated_and_proven(tmp_path: Path) -> None:
    """600 children, siblings and transfers: no time is measured here, the bench does that."""
    done = run(instance_of(nurseries(600, 33, seed=2)))
    assert (done.outcome.proof, done.finding.blocking, done.finding.violations) == ("optimal", [], [])
    assert done.summary["placed"] == done.summary["bound"] > 400
