"""An allocation from a file and back, and the files it refuses."""

from typing import Any

import pytest

from madoguchi.services.allocation.errors import InstanceUnreadable
from madoguchi.services.allocation.files import allocate_file

FACILITIES = [{"code": "f1", "name": "さくら学童クラブ", "capacity": 1}]


def applicant(name: str, total: object, **more: object) -> dict[str, Any]:
    return {"id": name, "wishes": [{"facility": "f1", "total": total}], **more}


def test_the_higher_total_is_placed_and_the_result_is_checked() -> None:
    children = [applicant("a", "35.5"), applicant("b", 36)]
    result = allocate_file({"facilities": FACILITIES, "children": children})
    assert result["placed"] == {"b": "f1"}
    assert result["check"]["passed"]
    assert [told["outcome"] for told in result["children"]] == ["waitlisted", "placed"]
    assert result["facilities"][0]["cut_off"] == "36"


def test_a_waiver_takes_a_seat_before_any_total() -> None:
    children = [applicant("a", 99), applicant("b", 1, waiver=True, phase=3)]
    assert allocate_file({"facilities": FACILITIES, "children": children})["placed"] == {"b": "f1"}


@pytest.mark.parametrize(
    "children",
    [
        [{"id": "a"}],
        [applicant("a", "たくさん")],
        [applicant("a", "NaN")],
        [applicant("a", 1, together="apart")],
        [{"id": "a", "wishes": [{"facility": "f9", "total": 1}]}],
        [applicant("a", 1), applicant("a", 2)],
        ["a"],
        None,
    ],
)
def test_an_unreadable_instance_is_refused_with_the_child_to_blame(children: object) -> None:
    with pytest.raises(InstanceUnreadable) as refused:
        allocate_file({"facilities": FACILITIES, "children": children})
    assert refused.value.sentence


@pytest.mark.parametrize(
    "broken", [{"phases": ["一次"]}, {"phases": {"first": "一次"}}, {"tie_order": "学年"}]
)
def test_wording_that_cannot_be_read_is_refused_too(broken: dict[str, Any]) -> None:
    with pytest.raises(InstanceUnreadable):
        allocate_file({"facilities": FACILITIES, "children": [applicant("a", 1)], **broken})
