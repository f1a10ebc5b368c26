"""催促 by mail: the clerical rooms do not know each other, so this floor hands a long wait to the notices. Part of actions.py."""

from django.conf import settings
from django.utils.timezone import localdate, localtime

from madoguchi.clerical.decisions import bells
from madoguchi.clerical.notices.actions import queue_mail
from madoguchi.ledgers.office.queries import municipality_here


@bells.waits_long.answer
def answer_waits_long(waits: bells.WaitsLong) -> None:
    """One mail a step and day to whoever holds a draft up. It names the number only: mails announce, pages tell."""
    if not waits.approver.email:
        return
    town, on = municipality_here(), localdate(waits.at)
    days = (on - localdate(waits.since)).days
    public = settings.MADOGUCHI_PUBLIC_URL
    where = f"{public}/desk/decisions/{waits.draft_id}/" if public else "窓口の「決裁」"
    body = (
        f"{waits.approver.name}様\n\n起案 {waits.number} が、{localtime(waits.since):%-m月%-d日}から{days}日、"
        f"あなたの決裁を待っています。\n次の画面で、読んで決裁するか、差し戻してください。\n{where}\n\n"
        "決裁できない日が続くときは、「役職と不在」に不在を登録すると、代決者が決裁できます。\n"
    )
    queue_mail(
        to=waits.approver.email,
        subject=f"【{town.name}】決裁を待つ起案があります（{waits.number}）",
        body=body,
        message_id=f"<waits-{town.code}-{waits.step_id}-{on.isoformat()}@{town.host or 'madoguchi.invalid'}>"[
            :120
        ],
        at=waits.at,
    )
