"""What a key of the API may do; no queries."""

from django.db.models import TextChoices


class Scope(TextChoices):
    PROCEDURES_READ = "procedures.read", "手続を読む"
    APPLICATIONS_WRITE = "applications.write", "申請を送る"
    APPLICATIONS_READ = "applications.read", "申請を読む"
    WEBHOOKS_MANAGE = "webhooks.manage", "知らせの宛先を決める"
    SENSITIVE_READ = "sensitive.read", "機微な項目を読む"
    IDENTITY_2 = "identity.2", "本人確認レベル2を保証する"
    IDENTITY_3 = "identity.3", "本人確認レベル3を保証する"


def vouched_level(scopes: frozenset[Scope]) -> int:
    """The level (IAL and AAL) to which the key's own system has proven the person; 1 is the person's own word."""
    if Scope.IDENTITY_3 in scopes:
        return 3
    return 2 if Scope.IDENTITY_2 in scopes else 1
