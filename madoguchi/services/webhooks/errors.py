from madoguchi.common.errors import Refusal


class NoSuchWebhook(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "その宛先は見つかりません。",
            next_step="宛先の一覧を確かめてください。",
            code="webhooks.not_found",
        )


class WebhookUnfit(Refusal):
    """The address cannot be told anything."""

    code = "webhooks.unfit"


class NotDelivered(Exception):
    """A notice certainly or possibly did not arrive; `reason` in Japanese, for the desk."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
