"""States of the office's own records; no queries."""

from django.db.models import TextChoices


class JobState(TextChoices):
    WAITING = "waiting", "待っています"
    RUNNING = "running", "処理中"
    STOPPED = "stopped", "止めました"
    FINISHED = "finished", "終わりました"
    FAILED = "failed", "失敗しました"
