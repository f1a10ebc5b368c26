"""What an approval covers, in one writing, so that anybody can take its hash again; no queries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

WORDS = (
    "number", "title", "body", "figures", "item_count", "subject_kind", "subject_id", "subject_sha256",
    "kind", "amount", "class_code", "retention", "disclosure", "disclosure_reason", "mode", "paper_reason",
    "paper_note", "urgent", "important",
)  # fmt: skip


def content_of(
    draft: Any, attachments: Iterable[Mapping[str, Any]], papers: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Everything on the page that is decided on: words, marks, the hash of every attachment, what stays on paper."""
    return {
        **{word: getattr(draft, word) for word in WORDS},
        "quoted_from": draft.quoted_from_id,
        "attachments": [dict(each) for each in attachments],
        "papers": [dict(each) for each in papers],
    }


def content_bytes(content: Mapping[str, Any]) -> bytes:
    """The one writing a hash is taken of: JSON with sorted keys, no spaces, UTF-8."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return written.encode("utf-8")


def content_sha256(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content as JSON with sorted keys, no spaces, UTF-8."""
    return hashlib.sha256(content_bytes(content)).hexdigest()
