"""What the small buttons of a form page do without a script. The page was saved before any of them runs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.procedures.fields import Field
from madoguchi.ledgers.procedures.postcodes import town_of_postcode
from madoguchi.services.applications import actions
from madoguchi.web.components.field_views import Shown
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident import prefill
from madoguchi.web.resident.form_pages import with_move, without_row
from madoguchi.web.resident.page_view import PageView
from madoguchi.web.resident.refusals import refused as said
from madoguchi.web.resident.views.aids import remember
from madoguchi.web.resident.visiting import now


@dataclass(frozen=True)
class Press:
    request: HttpRequest
    visitor: Any
    view: PageView
    value: str

    def say(self, key: str, **parts: object) -> str:
        return speak_plain(key, self.view.paper.reader, **parts)

    def field(self, key: str) -> Field:
        return self.view.paper.package.form.fields[key]

    def field_exists(self, name: str) -> bool:
        return any(shown.name == name for shown in every_file(self.view.shown))

    def save(self, raw: Any) -> None:
        actions.save_page(
            unsent_id=self.view.unsent.id, owner=self.visitor, page_key=self.view.page.key, raw=raw, at=now()
        )

    def again(self, anchor: str = "", **query: str) -> HttpResponse:
        """The same page, opened anew at the place of the press."""
        kept = {"from": self.view.came_from} if self.view.came_from else {}
        opened = [("open", each) for each in self.request.GET.getlist("open") if "open" not in query]
        pairs = [*kept.items(), *opened, *query.items()]
        address = self.view.address(self.view.page) + (f"?{urlencode(pairs)}" if pairs else "")
        return redirect(f"{address}#{anchor}" if anchor else address)


def every_file(shown: Iterable[Shown]) -> Iterator[Shown]:
    """File questions drawn on the page, also those inside rows."""
    for each in shown:
        if each.field.has_rows:
            for row in each.rows:
                yield from every_file(row["fields"])
        elif each.field.type == "file":
            yield each


def move(press: Press, button: str) -> HttpResponse:
    key = press.value.rpartition("-")[0]
    raw, focus = with_move(press.view.paper.raw, button, press.value, press.field(key))
    press.save(raw)
    return press.again(focus, focus=focus)


def more(press: Press) -> HttpResponse:
    key, _, rank = press.value.partition(":")
    return press.again(f"{key}-{rank}", open=press.value, focus=f"{key}-{rank}")


def add_row(press: Press) -> HttpResponse:
    field = press.field(press.value)
    indexes = press.view.filled.row_indexes(field)
    free = next((index for index in range(field.max_rows) if index not in indexes), field.max_rows - 1)
    return press.again(f"{field.key}-{free}", open=f"{field.key}:{len(indexes) + 1}")


def remove_row(press: Press) -> HttpResponse:
    key, _, index = press.value.rpartition(":")
    press.save(without_row(press.view.paper.raw, key, int(index)))
    left = max(len(press.view.filled.row_indexes(press.field(key))) - 1, 0)
    return press.again(key, open=f"{key}:{left}")


def postcode(press: Press) -> HttpResponse:
    """The town of a postcode is written into its input; nothing outside the town's own machine is asked."""
    code = (press.view.paper.raw.get(f"{press.value}-postcode") or [""])[0]
    reading = press.view.paper.reading
    told = (reading.values.get(press.value.split("-")[0]) or {}) if "-" not in press.value else {}
    town = town_of_postcode(told.get("postcode") or code)
    if town:
        press.save({**press.view.paper.raw, f"{press.value}-town": [town]})
    else:
        messages.warning(press.request, press.say("apply.town-missing"))
    return press.again(f"{press.value}-{'block' if town else 'town'}")


def attach(press: Press) -> HttpResponse:
    file = press.request.FILES.get(f"file-{press.value}")
    if file is None:
        return refused(press, press.say("apply.file-missing"))
    try:
        attach_file(press, press.value, file)
    except Refusal as error:
        return refused(press, said(error, reader_of(press.request)))
    return press.again(press.value)


def attach_file(press: Press, name: str, file: Any) -> None:
    actions.add_file(
        unsent_id=press.view.unsent.id,
        owner=press.visitor,
        field=name,
        name=file.name,
        body=file.read(),
        at=now(),
    )


def attach_chosen(press: Press) -> None:
    """A file that was chosen but not yet attached goes along with 次へ進む."""
    for name, file in press.request.FILES.items():
        if press.field_exists(name.removeprefix("file-")):
            attach_file(press, name.removeprefix("file-"), file)


def refused(press: Press, sentence: str) -> HttpResponse:
    """A file that was not taken is told beside its question, like any other error."""
    error = _Wrong(press.value, sentence)
    view = press.view.judged([error], grew=False)
    return render(press.request, "resident/page.html", view.as_context(), status=422)


@dataclass(frozen=True)
class _Wrong:
    name: str
    sentence: str


def drop(press: Press) -> HttpResponse:
    name, _, document_id = press.value.rpartition(":")
    actions.drop_file(
        unsent_id=press.view.unsent.id,
        owner=press.visitor,
        field=name,
        document_id=UUID(document_id),
        at=now(),
    )
    return press.again(name)


def child(press: Press) -> HttpResponse:
    """このお子さんの分: the child's questions are filled from the register anew."""
    asked = [each.key for each in press.view.page.fields if each.prefill.startswith("child.")]
    kept = {name: value for name, value in press.view.paper.raw.items() if name.split("-")[0] not in asked}
    press.save(kept | child_raw(press))
    return press.again(child=press.value)


def child_raw(press: Press) -> Any:
    number = int(press.value) if press.value.isdigit() else None
    fits = prefill.fitting(press.view.paper.package.form, press.view.paper.context)
    found = prefill.sources(press.view.unsent.facts, press.visitor.email, number, fits)
    return prefill.page_raw(press.view.page, found)


def aid(press: Press) -> HttpResponse:
    return remember(press.again(), press.value)


def save(press: Press) -> HttpResponse:
    return redirect(reverse("resident:saved", kwargs={"unsent_id": press.view.unsent.id}))


def work(press: Press, button: str) -> HttpResponse:
    """Do what the button says. A value that no button of ours ever had is a page that is not there."""
    try:
        return BUTTON_WORK[button](press)
    except (KeyError, ValueError, IndexError) as error:
        raise Http404 from error


BUTTON_WORK: dict[str, Callable[[Press], HttpResponse]] = {
    "_up": lambda press: move(press, "_up"),
    "_down": lambda press: move(press, "_down"),
    "_clear": lambda press: move(press, "_clear"),
    "_more": more,
    "_add": add_row,
    "_remove": remove_row,
    "_postcode": postcode,
    "_attach": attach,
    "_drop": drop,
    "_aid": aid,
    "_save": save,
    "_child": child,
    "_look": lambda press: press.again(),
}
