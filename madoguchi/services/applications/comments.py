"""メモと呼びかけ. Words among staff on a case. The resident never reads them, a disclosure request may."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import colleagues_of_section
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.casework_views import EDITED_WITHIN
from madoguchi.services.applications.mention_rules import called_in
from madoguchi.services.applications.models import Application, Comment, Mention
from madoguchi.services.applications.moving import found, mark
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.rules import spoken

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

LIMIT = 1000


class CommentRefused(Refusal):
    code = "applications.comment_refused"


@transaction.atomic
def write_comment(*, number: str, by: "Staff", at: datetime, text: str, calls: Sequence[str] = ()) -> int:
    """Write a comment and call for colleagues: those chosen by login, and those named with @ in the text."""
    held = require(by, Power.SEE_CASES, at=at)
    application = found(seen_by(by, at, held=held).only("pk", "section_id"), number)
    comment = Comment.objects.create(application=application, author=by, text=_said(text), written_at=at)
    told = _call(comment, application, calls)
    mark(application, "commented", actor_of(by), at=at, comment=comment.pk, told=told)
    return comment.pk


@transaction.atomic
def edit_comment(*, number: str, comment_id: int, by: "Staff", at: datetime, text: str) -> None:
    """Change the words of an own comment, shortly after it was written."""
    application, comment = _own(number, comment_id, by, at)
    if at > comment.written_at + EDITED_WITHIN:
        raise CommentRefused(
            "書いてから10分を過ぎたメモは直せません。",
            next_step="取り消し線を付けて、新しいメモを書いてください。",
        )
    comment.text, comment.edited_at = _said(text), at
    comment.save(update_fields=["text", "edited_at"])
    _call(comment, application, ())
    mark(application, "comment_edited", actor_of(by), at=at, comment=comment.pk)


@transaction.atomic
def strike_comment(*, number: str, comment_id: int, by: "Staff", at: datetime) -> None:
    """Strike an own comment through: everybody still reads it, and that it no longer holds."""
    application, comment = _own(number, comment_id, by, at)
    comment.struck_at = at
    comment.save(update_fields=["struck_at"])
    mark(application, "comment_struck", actor_of(by), at=at, comment=comment.pk)


def _own(number: str, comment_id: int, by: "Staff", at: datetime) -> tuple[Application, Comment]:
    held = require(by, Power.SEE_CASES, at=at)
    application = found(seen_by(by, at, held=held).only("pk", "section_id"), number)
    rows = Comment.objects.select_for_update().filter(pk=comment_id, application=application, author=by)
    comment = rows.filter(struck_at__isnull=True).first()
    if comment is None:
        raise NotFound("メモ")
    return application, comment


def _said(text: str) -> str:
    said = spoken(text, LIMIT)
    if not said:
        raise CommentRefused("メモが空です。", next_step="伝えたいことを書いてください。")
    return said


def _call(comment: Comment, application: Application, logins: Iterable[str]) -> list[str]:
    """Colleagues of the section that has the case, once each; names of others call nobody."""
    people = colleagues_of_section(application.section_id)
    named = called_in(comment.text, [(each.login, each.name) for each in people]) | set(logins)
    chosen = [each for each in people if each.login in named]
    Mention.objects.bulk_create(
        (Mention(comment=comment, staff=each) for each in chosen), ignore_conflicts=True
    )
    return [each.name for each in chosen]


def mentions_seen(application_id: int, staff_id: int, *, at: datetime) -> None:
    """A colleague has opened the case: what called for them there is seen."""
    Mention.objects.filter(comment__application=application_id, staff=staff_id, seen_at__isnull=True).update(
        seen_at=at
    )
