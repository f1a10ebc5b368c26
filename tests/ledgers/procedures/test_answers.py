import pytest

from madoguchi.ledgers.procedures.answers import read_all, read_page, scope_of, visible_fields, visible_pages
from madoguchi.ledgers.procedures.prefill import prefilled
from tests.factories_procedures import context_for, errors_of, field, form_of, package_with, read

JOBS = field(
    "jobs",
    "group",
    "min_rows = 1",
    "max_rows = 3",
    "[[page.field.column]]",
    'key = "reason"',
    'type = "choice"',
    'label.ja = "理由"',
    "required = true",
    'option = [{ value = "work", ja = "仕事" }, { value = "ill", ja = "病気" }]',
    "[[page.field.column]]",
    'key = "start"',
    'type = "time"',
    'label.ja = "始まり"',
    "visible = \"reason == 'work'\"",
    "required = true",
    "[[page.field.column]]",
    'key = "end"',
    'type = "time"',
    'label.ja = "終わり"',
    "visible = \"reason == 'work'\"",
    "[[page.field.column]]",
    'key = "hours"',
    'type = "calculated"',
    'label.ja = "時間"',
    'rule = "hours_between(start, end)"',
)


def test_rows__are_read_one_by_one_with_their_own_rules() -> None:
    raw = {"jobs-0-reason": "work", "jobs-0-start": "8:30", "jobs-0-end": "17:15", "jobs-2-reason": "ill"}
    reading = read(form_of(JOBS), raw)
    assert errors_of(reading) == {}
    assert [row["hours"] for row in reading.values["jobs"]] == [8.75, None]
    assert [row["reason"] for row in reading.values["jobs"]] == ["work", "ill"]


def test_rows__name_the_input_of_the_row_as_it_was_typed() -> None:
    raw = {"jobs-0-reason": "ill", "jobs-2-reason": "work"}
    assert list(errors_of(read(form_of(JOBS), raw))) == ["jobs-2-start"]


def test_rows__ask_for_the_least_number_of_rows() -> None:
    assert list(errors_of(read(form_of(JOBS), {}))) == ["jobs-0-reason"]


def test_rows__refuse_more_than_there_may_be() -> None:
    raw = {f"jobs-{index}-reason": "ill" for index in range(5)}
    reading = read(form_of(JOBS), raw)
    assert "3件まで" in errors_of(reading)["jobs"]
    assert len(reading.values["jobs"]) == 3


def test_hidden_field__has_no_value_and_no_error() -> None:
    form = form_of(field("ask", "yes_no"), field("why", "text", 'visible = "ask == true"', "required = true"))
    assert "why" not in read(form, {"ask": "no", "why": "前に書いた"}).values
    assert list(errors_of(read(form, {"ask": "yes"}))) == ["why"]


def test_hidden_field__counts_for_nothing_in_later_rules() -> None:
    form = form_of(
        field("ask", "yes_no"),
        field("amount", "number", 'visible = "ask == true"'),
        field("total", "calculated", 'rule = "number(amount) * 2.0"'),
    )
    assert read(form, {"ask": "no", "amount": "5"}).values["total"] == 0
    assert read(form, {"ask": "yes", "amount": "5"}).values["total"] == 10


def test_calculated_field__cannot_be_typed() -> None:
    form = form_of(field("one", "number"), field("two", "calculated", 'rule = "one * 2"'))
    assert read(form, {"one": "3", "two": "999"}).values["two"] == 6


def test_check__says_its_sentence_with_the_reading_and_worked_out_parts() -> None:
    form = form_of(
        field("clubs", "ranked", 'options_from = "facilities"'),
        field(
            "pickup",
            "time",
            "[[page.field.check]]",
            'rule = "clubs.all(each, pickup <= facilities[each].closes_at)"',
            'says.ja = "{value}と読み取りました。{closes}までにしてください。"',
            'with.closes = "min(clubs.map(each, facilities[each].closes_at))"',
        ),
    )
    raw = {"clubs-1": "c2", "clubs-2": "c1", "pickup": "午後7時半"}
    assert errors_of(read(form, raw)) == {"pickup": "19:30と読み取りました。18:00までにしてください。"}
    assert errors_of(read(form, {"clubs-1": "c2", "pickup": "19:00"})) == {}


def test_check__that_reads_something_unanswered_does_not_complain() -> None:
    check = ["[[page.field.check]]", 'rule = "one <= two"', 'says.ja = "大きすぎます。"']
    form = form_of(field("one", "number", *check), field("two", "number"))
    assert errors_of(read(form, {"one": "5"})) == {}
    assert list(errors_of(read(form, {"one": "5", "two": "4"}))) == ["one"]


def test_required__can_depend_on_the_channel() -> None:
    form = form_of(field("email", "email", "required = 'channel == \"online\"'"))
    assert list(errors_of(read(form, {}))) == ["email"]
    assert errors_of(read(form, {}, channel="paper")) == {}


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "=HYPERLINK(1)", "{{ 7*7 }}", "'; DROP TABLE x"]
)
def test_html_and_formulas__are_data(typed: str) -> None:
    assert read(form_of(field("x", "text")), {"x": typed}).values["x"] == typed


def test_unknown_names__are_ignored_and_raw_is_left_alone() -> None:
    raw = {"x": ["Ａ"], "municipality_id": ["1"], "jobs-0-evil": ["1"]}
    package = package_with(form=form_of(field("x", "text"), JOBS))
    reading = read_all(package.form, raw, context_for(package))
    assert set(reading.values) == {"x", "jobs"}
    assert raw == {"x": ["Ａ"], "municipality_id": ["1"], "jobs-0-evil": ["1"]}


TWO_PAGES = (
    form_of(field("ask", "yes_no", "required = true"))
    + '\n[[page]]\nkey = "second"\ntitle.ja = "つぎ"\nvisible = "ask == true"\n'
    + "\n[[page.field]]\n"
    + field("why", "text", "required = true")
    + "\n"
)


def test_page__reads_only_its_own_errors_but_sees_all_answers() -> None:
    package = package_with(form=TWO_PAGES)
    page = read_page(package.form, "second", {"ask": ["yes"]}, context_for(package))
    assert [error.name for error in page.errors] == ["why"]
    assert set(page.values) == {"why"}
    with pytest.raises(KeyError):
        read_page(package.form, "third", {}, context_for(package))


def test_page__that_is_hidden_is_left_out() -> None:
    package = package_with(form=TWO_PAGES)
    context = context_for(package)
    assert read_all(package.form, {"ask": ["no"]}, context).pages == ("first",)
    assert [page.key for page in visible_pages(package.form, {"ask": True}, context)] == ["first", "second"]
    page = package.form.page("first")
    assert [each.key for each in visible_fields(package.form, page, {}, context)] == ["ask"]


def test_scope__has_every_field_with_the_empty_value() -> None:
    package = package_with(form=TWO_PAGES)
    scope = scope_of(package.form, {"ask": True}, context_for(package))
    assert (scope["ask"], scope["why"], scope["on"]) == (True, "", "2026-11-21")


def test_prefill__types_what_the_town_knows() -> None:
    member = [
        "[[page.field.column]]",
        'key = "name"',
        'type = "name"',
        'label.ja = "氏名"',
        'prefill = "name"',
    ]
    form = form_of(
        field("who", "name", 'prefill = "resident.name"'),
        field("birth", "date", 'prefill = "resident.birth"'),
        field("members", "household", 'prefill = "household"', *member),
        field("unknown", "text", 'prefill = "resident.nickname"'),
    )
    sample = {"family": "見本", "given": "花子"}
    sources = {
        "resident": {"name": sample, "birth": "1990-04-01"},
        "household": [{"name": sample}],
    }
    package = package_with(form=form)
    raw = prefilled(package.form, sources)
    assert raw["birth"] == ["1990-04-01"]
    values = read_all(package.form, raw, context_for(package)).values
    assert (values["who"], values["members"]) == (sample, [{"name": sample}])
    assert "unknown" not in raw
