"""知らせ: where another system wants to be told that something happened."""

from uuid import UUID

from ninja import Router, Status

from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.scopes import Scope
from madoguchi.services.webhooks import actions, queries
from madoguchi.web.api.door import needs, told
from madoguchi.web.api.schemas import NewWebhook, WebhookIn, WebhookOut, Webhooks

router = Router(tags=["知らせ"])
MANAGE = needs(Scope.WEBHOOKS_MANAGE)


@router.get("/webhooks", response=told(200, Webhooks), operation_id="listWebhooks", **MANAGE)
def listed(request):
    """この鍵の宛先。"""
    return Webhooks(items=[WebhookOut(**vars(each)) for each in queries.webhooks_of(request.auth.id)])


@router.post("/webhooks", response=told(201, NewWebhook), operation_id="addWebhook", **MANAGE)
def add(request, body: WebhookIn):
    """宛先を加える。返った secret で、届いた知らせの署名を確かめてください。secret は二度と示しません。"""
    made = actions.add_webhook(key=request.auth, url=body.url, events=body.events, at=now())
    return Status(201, NewWebhook(**vars(made.view), secret=made.secret))


@router.delete(
    "/webhooks/{uuid:webhook_id}", response=told(204, None), operation_id="removeWebhook", **MANAGE
)
def remove(request, webhook_id: UUID):
    """宛先を外す。まだ届いていない知らせも送りません。"""
    actions.remove_webhook(key=request.auth, webhook_id=webhook_id, at=now())
    return Status(204, None)
