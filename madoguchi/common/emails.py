"""E-mail addresses: a check that stops slips of the hand, not a judgement whether the address exists."""

import re

from madoguchi.common.errors import EmailUnreadable as EmailUnreadable
from madoguchi.common.kana import fold_width
from madoguchi.common.text import in_quotes

# Old addresses of Japanese mobile carriers have doubled dots and a dot before @, against RFC 5321.
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_LONGEST = 254


def parse_email(text: str) -> str:
    """The address in half width with its domain in small letters; refused with the reason."""
    address = fold_width(text).strip()
    local, at, domain = address.rpartition("@")
    if not at or "@" in local:
        raise _unreadable(
            text, "に「@」が1つではありません。", "「hanako@example.jp」のように入れてください。"
        )
    if "," in address or "、" in address or " " in address:
        raise _unreadable(
            text, "に読点や空白があります。", "「.」（ピリオド）との打ち間違いがないか確かめてください。"
        )
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain.lower()) or len(address) > _LONGEST:
        raise _unreadable(text, "を読み取れません。", "「hanako@example.jp」のように入れてください。")
    return f"{local}@{domain.lower()}"


def _unreadable(text: str, what: str, next_step: str) -> EmailUnreadable:
    return EmailUnreadable(f"メールアドレス{in_quotes(text)}{what}", next_step=next_step)
