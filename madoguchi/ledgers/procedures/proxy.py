"""[proxy] of procedure.toml: who may apply for somebody else, and what shows that they may (委任).

The questions stand in form.toml, in the package's own words, under names this room knows.
"""

from __future__ import annotations

from dataclasses import dataclass

from .form import Form
from .toml_source import Table
from .words import NOTHING, Words

KINDS = ("legal", "mandate")
"""法定代理人 (parent, guardian) and 任意代理人 (by a 委任状)."""
GOES_TO = ("applicant", "proxy")
FIELDS = {
    "proxy_for": "choice",
    "proxy_kind": "choice",
    "proxy_name": "name",
    "proxy_kana": "kana",
    "proxy_relationship": "text",
    "proxy_phone": "phone",
    "proxy_scope": "longtext",
    "proxy_evidence": "choice",
    "proxy_paper": "file",
}
OPTIONS = {"proxy_for": ("self", "proxy"), "proxy_kind": KINDS, "proxy_evidence": ("upload", "counter")}


@dataclass(frozen=True)
class ProxyRules:
    """`letters_to`: who gets letters and messages. `evidence`: what to bring or attach, told before the start."""

    kinds: tuple[str, ...]
    letters_to: str = "applicant"
    evidence: Words = NOTHING


def read_proxy(table: Table) -> ProxyRules | None:
    """The [proxy] table; None where nobody may apply for another."""
    table.only({"kinds", "letters_to", "evidence"})
    if not table.data:
        return None
    kinds = table.texts("kinds") or KINDS
    for kind in kinds:
        if kind not in KINDS:
            table.blame("kinds", f"「{kind}」は使えません。{'、'.join(KINDS)} から選んでください。")
    return ProxyRules(
        kinds, table.one_of("letters_to", GOES_TO, "applicant"), table.words("evidence", must=True)
    )


def missing_fields(rules: ProxyRules | None, form: Form) -> list[str]:
    """What the form lacks for [proxy], as sentences for the author."""
    if rules is None:
        return []
    found = []
    for key, kind in FIELDS.items():
        field = form.fields.get(key)
        if field is None or field.type != kind:
            found.append(f"[proxy] には、form.toml に項目「{key}」（type = {kind}）が必要です。")
        elif set(OPTIONS.get(key, ())) and not {one.value for one in field.options} <= set(OPTIONS[key]):
            found.append(f"項目「{key}」の value は {'、'.join(OPTIONS[key])} から選んでください。")
    return found
