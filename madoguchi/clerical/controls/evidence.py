"""証拠: exceptions and samples as files, each with its SHA-256, so that nobody has to trust the way they came. No queries."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from madoguchi.clerical.controls.models import SampledCase
from madoguchi.clerical.controls.overseeing import SampleView
from madoguchi.clerical.controls.sampling import Candidate, list_lines
from madoguchi.clerical.controls.states import SampleResult
from madoguchi.clerical.controls.views import ChecklistView, FactSeen, FindingView
from madoguchi.common.text import spreadsheet_safe
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.controls import STEP_NAMES, ControlStep

MANIFEST = "manifest.sha256"
WITHHELD = "（伏せています）"
HEAD = (
    "番号", "件", "手続", "統制点", "名前", "段階", "結果", "状態", "文", "残す証拠", "見た事実", "足りない事実",
    "見つけた日時", "調べた人", "例外を認めた人", "立場", "理由", "認めた日時", "解消した日時", "解消の訳",
)  # fmt: skip
SAMPLE_HEAD = ("順", "件", "重み", "重みの訳", "結果", "所見", "確かめた人", "日時")


def finding_lines(findings: Iterable[FindingView], *, sensitive: bool) -> list[Sequence[str]]:
    """Header and one line an exception: what, facts, source, when, who, and who let it stand why."""
    return [HEAD, *(_line(each, sensitive=sensitive) for each in findings)]


def _line(each: FindingView, *, sensitive: bool) -> tuple[str, ...]:
    over = each.override
    return (
        str(each.id), each.case, each.procedure, each.key, each.label, STEP_NAMES[ControlStep(each.step)],
        each.result.label, each.state.label, each.sentence, each.evidence,
        "\n".join(fact_line(fact, sensitive=sensitive) for fact in each.facts), "、".join(each.missing),
        each.found_at.isoformat(), each.found_by,
        over.by if over else "", over.post if over else "", over.reason if over else "",
        over.at.isoformat() if over else "",
        each.cleared_at.isoformat() if each.cleared_at else "", each.cleared_because,
    )  # fmt: skip


def fact_line(fact: FactSeen, *, sensitive: bool) -> str:
    """One fact as a line: name, value, source and time."""
    return f"{fact.label}＝{shown(fact, sensitive=sensitive)}（{fact.source} {fact.seen_at}）"


def shown(fact: FactSeen, *, sensitive: bool) -> str:
    """The value as people read it; withheld where the answer is sensitive and the reader may not see such."""
    if fact.sensitive and not sensitive:
        return WITHHELD
    if fact.name:
        return f"{fact.name}（{fact.value}）"
    if isinstance(fact.value, bool):
        return "はい" if fact.value else "いいえ"
    return "－" if fact.value in (None, "") else str(fact.value)


def finding_json(each: FindingView, *, sensitive: bool) -> dict[str, Any]:
    """One exception with its facts, for programs."""
    told = {
        name: value
        for name, value in vars(each).items()
        if name not in ("subject", "facts", "override", "found_at", "cleared_at", "remedy")
    }
    facts = {
        fact.path: {
            "label": fact.label,
            "value": shown(fact, sensitive=False) if fact.sensitive and not sensitive else fact.value,
            "source": fact.source,
            "seen_at": fact.seen_at,
        }
        for fact in each.facts
    }
    over = vars(each.override) if each.override else None
    times = {"found_at": each.found_at, "cleared_at": each.cleared_at}
    return {**told, **times, "subject": vars(each.subject), "facts": facts, "override": over}


def sample_lines(items: Iterable[SampledCase]) -> list[Sequence[str]]:
    """Header and one line a drawn case, counted over those that may be seen."""
    return [SAMPLE_HEAD, *(_sample_line(place, item) for place, item in enumerate(items, start=1))]


def _sample_line(place: int, item: SampledCase) -> tuple[str, ...]:
    return (
        str(place),
        item.label or item.subject_id,
        str(item.points),
        "、".join(item.reasons),
        SampleResult(item.result).label,
        item.note,
        item.judged_by.name if item.judged_by else "",
        item.judged_at.isoformat() if item.judged_at else "",
    )


def sample_files(view: SampleView, listed: Iterable[Candidate]) -> dict[str, bytes]:
    """What it takes to draw a sample again: the list as it was hashed, seed, weights, and what each look said."""
    sample = view.sample
    about = {
        name: getattr(sample, name)
        for name in (
            "kind",
            "procedure",
            "since",
            "until",
            "asked",
            "seed",
            "list_sha256",
            "weights",
            "drawn_at",
        )
    }
    about |= {
        "id": str(sample.id),
        "drawn_by": sample.drawn_by.name,
        "listed": view.listed,
        "repeats": view.repeats,
    }
    return {
        "sample.json": as_json(about),
        "list.tsv": "\n".join(list_lines(listed)).encode(),
        "sample.csv": as_csv(sample_lines(view.items)),
    }


def finding_files(
    findings: Sequence[FindingView], checklists: Iterable[tuple[Subject, ChecklistView]], *, sensitive: bool
) -> dict[str, bytes]:
    """The exceptions as CSV and as JSON, and every checklist of their cases."""
    return {
        "checklists.json": as_json([{"subject": vars(about), **vars(each)} for about, each in checklists]),
        "findings.csv": as_csv(finding_lines(findings, sensitive=sensitive)),
        "findings.json": as_json([finding_json(each, sensitive=sensitive) for each in findings]),
    }


def as_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, so that every spreadsheet reads it; no cell becomes a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([spreadsheet_safe(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def as_json(thing: Any) -> bytes:
    return json.dumps(thing, ensure_ascii=False, indent=1, sort_keys=True, default=_plain).encode()


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def manifest(files: Mapping[str, bytes]) -> bytes:
    """SHA-256 and name, a line a file, as `sha256sum -c` reads it."""
    lines = [f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in sorted(files.items())]
    return "".join(lines).encode()


def packed(files: Mapping[str, bytes], about: Mapping[str, Any], at: datetime) -> bytes:
    """A ZIP with these files, about.json (who, when, why) and the manifest; equal for equal content."""
    whole = {**files, "about.json": as_json({**about, "made_at": at})}
    whole[MANIFEST] = manifest(whole)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in sorted(whole.items()):
            file.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return body.getvalue()
