"""代理. Somebody applies for another person (GIF: 委任者, 委任者の役割, 委任内容); no queries."""

from collections.abc import Mapping
from typing import Any

from madoguchi.services.applications.rules import full_name
from madoguchi.services.applications.states import Channel

KIND_NAMES = {"legal": "法定代理人", "mandate": "任意代理人"}
AT_THE_COUNTER = (
    "「窓口で見せる」と答えています。届いたら、委任者・代理人の氏名と委任内容を見比べてください。"
)
ATTACHED = "書類が付いています。委任者・代理人の氏名と委任内容を見比べてください。"
NOT_YET = "代理の書類がまだありません。窓口か写真で出してもらってください。"
LABEL = "代理の権限が分かる書類"
CORRECTION = "委任状など、代理の権限が分かる書類を出してください。"


def for_another(raw: Mapping[str, Any]) -> bool:
    """Whether what was typed is an application for somebody else."""
    return bool((raw.get("proxy_for") or [""])[0] == "proxy")


def portal_channel(raw: Mapping[str, Any]) -> Channel:
    """ネット, or 代理 when somebody applies on the portal for another person."""
    return Channel.PROXY if for_another(raw) else Channel.ONLINE


def proxy_of(package: Any, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The proxy apart from the applicant; nothing when the applicant applies in person."""
    if getattr(package, "proxy", None) is None or answers.get("proxy_for") != "proxy":
        return {}
    kind = str(answers.get("proxy_kind") or "")
    return {
        "代理人": full_name(answers.get("proxy_name")),
        "代理人フリガナ": full_name(answers.get("proxy_kana")),
        "代理人電話番号": str(answers.get("proxy_phone") or ""),
        "委任者": full_name(applicant_of(package, answers)),
        "委任者の役割": str(answers.get("proxy_relationship") or ""),
        "委任内容": str(answers.get("proxy_scope") or ""),
        "代理の種類": KIND_NAMES.get(kind, kind),
        "書類": "attached" if answers.get("proxy_paper") else str(answers.get("proxy_evidence") or ""),
        "通知先": package.proxy.letters_to,
    }


def applicant_of(package: Any, answers: Mapping[str, Any]) -> Any:
    fields = (field.key for field in package.form.fields.values() if field.prefill == "resident.name")
    return answers.get(next(fields, ""))


def evidence_sentence(proxy: Mapping[str, Any]) -> str:
    """What staff have to do about the evidence: it is always looked at by a person."""
    return {"attached": ATTACHED, "counter": AT_THE_COUNTER}.get(str(proxy.get("書類")), NOT_YET)


def mail_goes_to(proxy: Mapping[str, Any], applicant: str, sender: str) -> str:
    """The address for letters and messages: never the proxy's unless the package says so."""
    if not proxy:
        return applicant or sender
    return sender or applicant if proxy["通知先"] == "proxy" else applicant
