"""What one form page shows: fields, errors with their summary, progress, what comes after."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.procedures.fields import Field
from madoguchi.ledgers.procedures.form import Page
from madoguchi.services.applications.proxies import for_another
from madoguchi.services.applications.rules import belongs_to
from madoguchi.services.applications.unsent import subject_of_unsent
from madoguchi.web.components import speech, words
from madoguchi.web.components.field_views import Shown
from madoguchi.web.components.filled import Filled
from madoguchi.web.resident import prefill
from madoguchi.web.resident.drafts import ends_soon
from madoguchi.web.resident.form_pages import Paper, deciding_names, input_names


@dataclass(frozen=True)
class PageView:
    """One page as it stands now; `judged` adds what is wrong after a press."""

    unsent: Any
    paper: Paper
    page: Page
    pages: list[Page]
    filled: Filled
    fields: list[Field]
    offered_children: list[Any] = field(default_factory=list)
    errors: list[Any] = field(default_factory=list)
    grew: bool = False
    came_from: str = ""
    looks: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, request: HttpRequest, visitor: Any, unsent: Any, paper: Paper, key: str) -> "PageView":
        page = next((each for each in paper.package.form.pages if each.key == key), None)
        if page is None:
            raise Http404
        known = known_here(request, visitor, unsent, paper, page) if asks_for_known(page) else {}
        if not typed_here(paper.raw, page):
            paper = paper.with_raw({**paper.raw, **known})
        reading = paper.reading
        pages = paper.pages(reading.values)
        if page not in pages:
            raise Http404
        filled = paper.filled(
            reading.values,
            echoes=reading.echoes,
            known=known_fields(page, paper.raw, known),
            open_rows=opened_rows(request),
            focus=request.GET.get("focus", ""),
        )
        return cls(
            unsent, paper, page, pages, filled, paper.fields(page, reading.values),
            offered_children=offered_children(unsent, paper) if asks_for_child(page) else [],
            came_from=request.GET.get("from", ""),
        )  # fmt: skip

    def judged(self, wrong: list[Any], *, grew: bool) -> "PageView":
        first: dict[str, str] = {}
        for error in wrong:
            first.setdefault(error.name, error.sentence)
        return replace(self, filled=replace(self.filled, errors=first), errors=wrong, grew=grew)

    @property
    def for_another(self) -> bool:
        """The page on which somebody says that they apply for another person."""
        return self.has("proxy_for") and for_another(self.unsent.raw) and self.paper.package.proxy is not None

    @property
    def is_compared(self) -> bool:
        """Whether answers of this page are compared with what the town knows."""
        return any(self.has(truth.field) for truth in self.paper.package.flow.truths)

    def has(self, name: str) -> bool:
        return any(each.key == name for each in self.fields)

    def asked(self, questions: list[Any]) -> "PageView":
        """The page again with what should be looked at. What must be changed is told beside its question."""
        must = [LookHere(first_input(each.field, self.fields), self.look_sentence(each.field))
                for each in questions if each.demand == "fix"]  # fmt: skip
        view = self.judged(must, grew=False) if must else self
        return replace(view, looks=[each for each in questions if each.demand == "confirm"])

    def look_sentence(self, name: str) -> str:
        """A sentence that hangs on the question alone, so that it says nothing about anybody."""
        return speech.speak_plain("look.again", self.paper.reader, label=self.label_of(name))

    @property
    def look_boxes(self) -> list[dict[str, str]]:
        return [
            {
                "field": each.field,
                "label": self.label_of(each.field),
                "sentence": self.look_sentence(each.field),
                "href": f"#{first_input(each.field, self.fields)}",
            }
            for each in self.looks
        ]

    @property
    def shown(self) -> list[Shown]:
        return [Shown(each, each.key, self.filled) for each in self.fields]

    def new_questions(self, before: str) -> set[str]:
        """Questions an answer has just opened: they are asked, not complained about."""
        asked = set(before.split())
        return {name for name in input_names(self.shown) if name not in asked} if asked else set()

    def was_asked(self, error_name: str, new: set[str]) -> bool:
        return not belongs_to(error_name, new)

    @property
    def number(self) -> int:
        return [page.key for page in self.pages].index(self.page.key) + 1

    def address(self, page: Page) -> str:
        return reverse("resident:page", kwargs={"unsent_id": self.unsent.id, "page": page.key})

    def following(self, came_from: str) -> str:
        if came_from == "review" or self.number == len(self.pages):
            return reverse("resident:review", kwargs={"unsent_id": self.unsent.id})
        return self.address(self.pages[self.number])

    @property
    def back(self) -> str:
        if self.came_from == "review":
            return reverse("resident:review", kwargs={"unsent_id": self.unsent.id})
        if self.number == 1:
            return reverse("resident:procedure", kwargs={"slug": self.paper.package.slug})
        return self.address(self.pages[self.number - 2])

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [(f"#{error.name}", self.problem(error)) for error in self.errors]

    def problem(self, error: Any) -> str:
        """The question and what is wrong with it; the question is not said twice."""
        label = self.label_of(error.name)
        return error.sentence if label and label in error.sentence else f"{label}：{error.sentence}"

    def label_of(self, name: str) -> str:
        """The question an error belongs to, without furigana, for the summary."""
        found = next((each for each in self.fields if belongs_to(name, [each.key])), None)
        return words.without_readings(words.marked(found.label, self.paper.reader.voice)) if found else ""

    @property
    def filled_with_files(self) -> Filled:
        """What is drawn: the names of attached files are asked for only now, and only where a file is."""
        if not asks_for_files(self.page):
            return self.filled
        files = documents_of(subject_of_unsent(self.unsent.id))
        return replace(self.filled, files={str(each.id): each for each in files})

    def as_context(self) -> dict[str, Any]:
        return {
            "view": self, "unsent": self.unsent, "package": self.paper.package, "page": self.page,
            "fields": self.fields, "filled": self.filled_with_files, "now": self.number, "count": len(self.pages) + 1,
            "problems": self.problems, "shown_names": " ".join(input_names(self.shown)),
            "decides": " ".join(sorted(deciding_names(self.page))), "aids_form": "page",
            "multipart": any(each.type == "file" for each in self.fields), "children": self.offered_children,
            "ends_soon": ends_soon(self.unsent, self.paper.context.on),
        }  # fmt: skip


@dataclass(frozen=True)
class LookHere:
    """What is wrong under one input."""

    name: str
    sentence: str


def first_input(key: str, fields: list[Field]) -> str:
    """The HTML name of the first input of a question."""
    found = next((each for each in fields if each.key == key), None)
    parts = prefill.PARTS.get(found.type, ()) if found else ()
    return f"{key}-{parts[0]}" if parts else key


def own_email(unsent: Any, visitor: Any) -> str:
    """The proven address; not where somebody fills in the applicant's, who is another person."""
    return "" if for_another(unsent.raw) else str(visitor.email)


def typed_here(raw: Any, page: Page) -> bool:
    """Whether this page was ever sent: its names are there, even when every answer was emptied."""
    keys = {each.key for each in page.fields}
    return any(belongs_to(name, keys) for name in raw)


def known_fields(page: Page, raw: Any, known: Any) -> frozenset[str]:
    """Fields that still stand as the register has them."""
    same = {name for name, texts in known.items() if (raw.get(name) or [""]) == texts}
    return frozenset(
        each.key
        for each in page.fields
        if (own := [name for name in known if belongs_to(name, [each.key])])
        and all(name in same for name in own)
    )


def asks_for_files(page: Page) -> bool:
    return any(each.type == "file" for own in page.fields for each in (own, *own.columns))


def asks_for_child(page: Page) -> bool:
    return any(each.prefill.startswith("child.") for each in page.fields)


def asks_for_known(page: Page) -> bool:
    return any(each.prefill for each in page.fields)


def known_here(
    request: HttpRequest, visitor: Any, unsent: Any, paper: Paper, page: Page
) -> Mapping[str, list[str]]:
    """What the register knows for this page, for the child it is about."""
    fits = prefill.fitting(paper.package.form, paper.context)
    child = chosen_child(request, unsent, fits)
    return prefill.page_raw(page, prefill.sources(unsent.facts, own_email(unsent, visitor), child, fits))


def offered_children(unsent: Any, paper: Paper) -> list[Any]:
    return prefill.children(unsent.facts, prefill.fitting(paper.package.form, paper.context))


def chosen_child(request: HttpRequest, unsent: Any, fits: prefill.Fits) -> int | None:
    """The child picked on the page, else the one already typed, else the only one there is."""
    picked = request.GET.get("child", "")
    offered = prefill.children(unsent.facts, fits)
    if picked.isdigit():
        return int(picked)
    for at, child in enumerate(offered):
        if (unsent.raw.get("child_name-given") or [""])[0] == child["name"]["given"]:
            return at
    return 0 if len(offered) == 1 else None


def opened_rows(request: HttpRequest) -> dict[str, int]:
    pairs = (part.split(":") for part in request.GET.getlist("open"))
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}
