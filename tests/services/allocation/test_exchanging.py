"""A round as a file, another solver's result beside it: what leaves, what is checked, kept, and refused."""

import json
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from config.commands import data
from config.commands.data_allocation import WhoMissing, put_out, take_in
from madoguchi.ledgers.office import granting
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import ExceptionKind, Power, Role
from madoguchi.ledgers.office.session import enter_municipality, full_sight
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.allocation.actions import compute_round, export_round, open_round, take_in_result
from madoguchi.services.allocation.errors import NotComputed, OutsideFaulty, RoundUnclear
from madoguchi.services.allocation.market.checking import check
from madoguchi.services.allocation.market.faults import FileUnreadable, InstanceFaulty
from madoguchi.services.allocation.market.interchange import instance_of
from madoguchi.services.allocation.models import Placement, Round, Trial, TrialPlacement
from madoguchi.services.allocation.outside import read_result
from madoguchi.services.allocation.queries import comparison, runs_of
from madoguchi.services.applications.models import Application
from tests.factories_allocation import PERIOD, accepted, accepted_out_of_sight, few_seats, with_sibling
from tests.factories_protection import protected_family

SLUG = "gakudo-club"
NAME = f"{SLUG}/{PERIOD}"


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="shinsa")


@pytest.fixture
def people(section: Any, reviewer: Any, now: datetime) -> dict[str, Application]:
    """One seat in club01, two in club04; はな and the siblings もも and りく (同じ施設だけ)."""
    loaded = few_seats(now, club01=1, club04=2)
    both = ["club01", "club04"]
    found = {"はな": accepted(loaded, reviewer, now, "はな", both)}
    for given, other in (("もも", "りく"), ("りく", "もも")):
        told = with_sibling(other, both, "same_only")
        found[given] = accepted(loaded, reviewer, now, given, both, **told)
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    compute_round(round_id=opened.id, by=reviewer, at=now)
    return found


def exported(reviewer: Any, now: datetime) -> dict[str, Any]:
    told = export_round(name=NAME, by=reviewer, at=now, purpose="監査の検算").told
    return json.loads(json.dumps(told))


def ours() -> dict[str, str]:
    rows = Placement.objects.exclude(facility_code="").select_related("application")
    return {row.application.number: row.facility_code for row in rows}


def written(folder: Path, placed: dict[str, str | None], name: str = "RESULT.json") -> Path:
    file = folder / name
    file.write_text(json.dumps({"placed": placed}), encoding="utf-8")
    return file


def taken(file: Path, reviewer: Any, now: datetime, title: str = "B社") -> Any:
    return take_in_result(name=NAME, result=read_result(file), title=title, by=reviewer, at=now)


def test_a_round_leaves_as_a_market_without_names(
    people: dict[str, Application], reviewer: Any, now: datetime
) -> None:
    told = exported(reviewer, now)
    market = instance_of(told)
    numbers = {each.number for each in people.values()}
    assert {child.id for child in market.children} == numbers
    assert {family.id for family in market.families} <= numbers
    assert sorted(len(family.children) for family in market.families) == [1, 2]
    assert check(market, ours()).passed
    text = json.dumps(told, ensure_ascii=False)
    assert not [word for word in ("見本", "はな", "もも", "りく", "さくら台") if word in text]
    assert told["round"] == NAME
    left = trace_of(Subject("allocation.round", str(Round.objects.get().pk)))
    row = next(each for each in left if each.verb == "allocation.exported")
    assert (row.purpose, row.note["children"]) == ("監査の検算", 3)


def test_our_own_result_comes_back_without_a_finding_and_is_kept_once(
    people: dict[str, Application], reviewer: Any, now: datetime, tmp_path: Path
) -> None:
    before = list(Placement.objects.order_by("pk").values())
    first = taken(written(tmp_path, ours()), reviewer, now)
    assert (first.violations, first.blocking, first.again) == (0, 0, False)
    again = taken(
        written(
            tmp_path,
            {
                **ours(),
            },
            "other.json",
        ),
        reviewer,
        now,
        "別の名前",
    )
    assert (again.again, again.key, again.name) == (True, first.key, "B社")
    assert Trial.objects.count() == 1
    told = comparison(Round.objects.get().pk, "0", first.key)
    assert told.moved == ()
    assert told.one.outcomes == told.other.outcomes
    assert told.other.finding is not None
    assert (told.other.finding.violations, told.other.finding.claims) == ((), ())
    assert list(Placement.objects.order_by("pk").values()) == before


def test_a_result_that_breaks_the_rules_is_kept_with_what_the_checker_found(
    people: dict[str, Application], reviewer: Any, now: datetime, tmp_path: Path
) -> None:
    """Too many in club01, siblings apart, one child passed over: kept to be compared, decided by nobody."""
    hana, momo, riku = (people[given].number for given in ("はな", "もも", "りく"))
    file = tmp_path / "kekka.csv"
    file.write_text(
        f"施設,受付番号,備考\nclub01,{momo},\nclub01,{riku},x\n,{hana},\n\n", encoding="utf-8-sig"
    )
    kept = taken(file, reviewer, now, "")
    assert (kept.name, kept.placed) == ("kekka.csv", 2)
    run = next(run for run in runs_of(Round.objects.get().pk) if run.key == kept.key)
    assert run.told == ("kekka.csv の結果を取り込んだもの",)
    assert run.finding is not None
    assert any("1席ですが、2人います" in sentence for sentence in run.finding.violations)
    assert [(claim.children, claim.number) for claim in run.finding.claims] == [((hana,), 2)]
    assert run.finding.current
    rows = {row.application_id: row for row in TrialPlacement.objects.all()}
    assert rows[people["はな"].pk].outcome == "waitlisted"
    assert rows[people["もも"].pk].wish_rank == 1
    assert len(comparison(Round.objects.get().pk, "0", kept.key).moved) == 3


def test_the_finding_is_withheld_from_who_does_not_see_everybody(
    people: dict[str, Application], reviewer: Any, now: datetime, tmp_path: Path
) -> None:
    kept = taken(written(tmp_path, ours()), reviewer, now)
    trial = Trial.objects.get(pk=int(kept.key))
    trial.finding["children"] += 1
    trial.save()
    run = next(run for run in runs_of(trial.round_id) if run.key == kept.key)
    assert run.finding is not None
    assert (run.finding.withheld, run.finding.violations, run.finding.claims) == (True, (), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("受付番号,施設\nHK-1,club01\n", ["2行目: 受付番号「HK-1」は、この回の子どもにありません。"]),
        (
            "受付番号,施設\n{0},club99\n",
            ["2行目: 施設「club99」は、この回の施設にありません。", "施設のコード"],
        ),
        ("受付番号,施設\n{0},club01\n{0},\n", ["3行目 受付番号: 「{0}」は2行目にもあります。", "1人を1行に"]),
        ("番号,施設\n{0},club01\n", ["1行目: 列「受付番号」がありません。", "1行目を「受付番号,施設」に"]),
        ("", ["1行目: 列「受付番号」「施設」がありません。"]),
        ("受付番号,施設\n" + "x,club99\n" * 1 + "y,club99\nz,club99\n", ["ほかに1か所あります。"]),
    ],
)
def test_a_table_not_of_this_round_is_refused_with_its_lines(
    people: dict[str, Application], reviewer: Any, now: datetime, tmp_path: Path, text: str, said: list[str]
) -> None:
    number = people["はな"].number
    file = tmp_path / "kekka.csv"
    file.write_text(text.replace("{0}", number), encoding="utf-8")
    with pytest.raises(OutsideFaulty) as refused:
        taken(file, reviewer, now)
    for part in said:
        assert part.replace("{0}", number) in str(refused.value)
    assert not Trial.objects.exists()


def test_a_file_of_another_kind_is_refused(
    people: dict[str, Application], reviewer: Any, now: datetime, tmp_path: Path
) -> None:
    with pytest.raises(OutsideFaulty, match=r"placed\.HK-9: 受付番号「HK-9」は"):
        taken(written(tmp_path, {"HK-9": "club01"}), reviewer, now)
    (tmp_path / "a.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(InstanceFaulty):
        read_result(tmp_path / "a.json")
    (tmp_path / "b.csv").write_bytes("受付番号,施設".encode("cp932"))
    with pytest.raises(FileUnreadable, match="UTF-8"):
        read_result(tmp_path / "b.csv")
    (tmp_path / "c.csv").write_text('受付番号,施設\n"x,club01\n', encoding="utf-8")
    with pytest.raises(FileUnreadable, match="引用符"):
        read_result(tmp_path / "c.csv")
    with pytest.raises(FileUnreadable):
        read_result(tmp_path / "none.csv")
    assert not Trial.objects.exists()


def test_only_who_may_and_only_a_round_that_is_there(
    people: dict[str, Application], reviewer: Any, staff_with: Any, now: datetime, tmp_path: Path
) -> None:
    clerk = staff_with(Role.REGISTRY_CLERK, login="clerk")
    with pytest.raises(NotAllowed):
        export_round(name=NAME, by=clerk, at=now, purpose="x")
    with pytest.raises(NotAllowed):
        taken(written(tmp_path, ours()), clerk, now)
    with pytest.raises(RoundUnclear, match=f"指定してください（{NAME}）"):
        export_round(name="hoiku/2030-04", by=reviewer, at=now, purpose="x")
    assert export_round(name="", by=reviewer, at=now, purpose="x").round == NAME
    Round.objects.update(computed_at=None)
    with pytest.raises(NotComputed):
        export_round(name=NAME, by=reviewer, at=now, purpose="x")


def test_a_round_with_somebody_out_of_sight_is_for_who_sees_them(
    people: dict[str, Application], reviewer: Any, staff_with: Any, now: datetime, tmp_path: Path
) -> None:
    """支援措置: the number of a hidden case is in the file, so the file is for those who may know it."""
    family = protected_family(staff_with(Role.REGISTRY_CLERK, login="registry"), now)
    loaded = package_of(Round.objects.get().version_id)
    hidden = accepted_out_of_sight(loaded, reviewer, now, "ゆい", ["club01"], family.mother)
    compute_round(round_id=Round.objects.get().pk, by=reviewer, at=now)
    with pytest.raises(NotAllowed, match=Power.SEE_PROTECTED.label):
        export_round(name=NAME, by=reviewer, at=now, purpose="検算")
    with pytest.raises(NotAllowed, match=Power.SEE_PROTECTED.label):
        taken(written(tmp_path, {}), reviewer, now)
    chief = staff_with(Role.IT_ADMIN, login="chief")
    granting.make_exception(
        login="shinsa", power=Power.SEE_PROTECTED, kind=ExceptionKind.ADD, reason="検算", by=chief, at=now
    )
    told = export_round(name=NAME, by=reviewer, at=now, purpose="検算").told
    assert hidden in {child["id"] for child in told["children"]}
    kept = taken(written(tmp_path, {}), reviewer, now)
    run = next(run for run in runs_of(Round.objects.get().pk) if run.key == kept.key)
    assert run.finding is not None
    assert run.finding.withheld


def test_the_command_from_file_to_file(
    people: dict[str, Application], town: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def options(*words: str) -> Any:
        parser = ArgumentParser()
        data.arguments(parser)
        return parser.parse_args([*words, "--municipality", town.code])

    enter_municipality(None)
    out = tmp_path / "INSTANCE.json"
    said = ("--round", NAME, "--staff", "shinsa")
    assert put_out(options("export", "allocation", *said, "--out", str(out))) == 0
    assert "子ども3人" in capsys.readouterr().out
    assert len(instance_of(json.loads(out.read_text(encoding="utf-8"))).children) == 3
    result = written(tmp_path, {})
    assert take_in(options("import", "allocation", str(result), *said)) == 1
    assert "席を求められる家族2" in capsys.readouterr().out
    assert take_in(options("import", "allocation", str(result), *said)) == 1
    assert "前に取り込んでいます" in capsys.readouterr().out
    with pytest.raises(WhoMissing):
        put_out(options("export", "allocation", "--round", NAME, "--out", str(out)))
    enter_municipality(town.pk)
    with full_sight():
        assert Trial.objects.count() == 1
