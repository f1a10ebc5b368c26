from madoguchi.common.by_identity import by_identity


def test_a_thing_is_worked_out_once_for_each_way_of_asking() -> None:
    asked: list[tuple[int, str]] = []

    @by_identity(2)
    def length(thing: list[int], voice: str) -> int:
        asked.append((len(thing), voice))
        return len(thing)

    here, same = [1, 2], [1, 2]
    assert [length(here, "ja"), length(here, "ja"), length(here, "en"), length(same, "ja")] == [2] * 4
    assert asked == [(2, "ja"), (2, "en"), (2, "ja")]


def test_a_thing_that_is_gone_leaves_its_result_to_no_other() -> None:
    kept = by_identity(64)(lambda thing: thing[0])
    assert [kept([each]) for each in range(500)] == list(range(500))
