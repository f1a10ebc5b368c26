"""An open case taken over to a new version: what becomes of its answers, and whether that is safe by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .assessing import Assess, Assessment, Situation, assess
from .changes import compare
from .fields import Field
from .package import Package
from .readers import Raw
from .renames import form_pairs, pairs, renaming


@dataclass(frozen=True)
class Rebased:
    """What a case would be under the new version. marks are the questions that changed for this case (their keys)."""

    raw: dict[str, list[str]]
    answers: Mapping[str, Any]
    marks: tuple[str, ...]
    safe: bool
    why_not: tuple[str, ...]
    before: Assessment
    after: Assessment


def rebase(
    raw: Raw,
    old: Package,
    new: Package,
    facts: Mapping[str, Any],
    on: date,
    *,
    period_code: str = "",
    channel: str = "online",
    assessed: Assess | None = None,
) -> Rebased:
    """Read a case of the old version with the new one.

    Safe only when the answers read without new faults, no answer is lost, and stage, score and letters stay the
    same. `assessed` replaces how a case is worked out (the applications room knows more facts than the package).
    """
    if period_code and not any(period.code == period_code for period in new.periods):
        return unreachable(raw, old, facts, on, period_code, channel, assessed)
    work = assessed or own_assess(facts, on, period_code, channel)
    moved = renaming(old.form, new.form).raw(raw)
    before, after = work(old, raw), work(new, moved)
    why_not = tuple(reasons(old, new, before, after))
    return Rebased(
        moved, after.answers, tuple(marks(old, new, before, after)), not why_not, why_not, before, after
    )


def own_assess(facts: Mapping[str, Any], on: date, period_code: str, channel: str) -> Assess:
    def work(package: Package, raw: Raw) -> Assessment:
        period = package.period(period_code) if period_code else package.open_period(on)
        return assess(package, raw, Situation(period, on, facts, channel))

    return work


def unreachable(
    raw: Raw,
    old: Package,
    facts: Mapping[str, Any],
    on: date,
    period_code: str,
    channel: str,
    assessed: Assess | None,
) -> Rebased:
    before = (assessed or own_assess(facts, on, period_code, channel))(old, raw)
    why = (f"新しい版に受付期間「{period_code}」がありません。",)
    kept = {name: list(values) for name, values in raw.items()}
    return Rebased(kept, before.answers, (), False, why, before, before)


def reasons(old: Package, new: Package, before: Assessment, after: Assessment) -> Iterator[str]:
    """Why a person has to decide; nothing when the case may be taken over by itself."""
    faults = [sentence for name, sentence in after.errors.items() if name not in before.errors]
    if faults:
        yield f"新しい版では{len(faults)}か所が足りないか、読めません（{faults[0]}）"
    lost = list(lost_answers(old, new, before.answers, after.answers))
    if lost:
        yield f"答えが使われなくなります（{'、'.join(lost)}）。"
    if before.stage != after.stage:
        yield "自動の確認の結果が変わり、段階が変わります。"
    changed = [
        key for key in {**before.checks, **after.checks} if before.checks.get(key) != after.checks.get(key)
    ]
    if changed and before.stage == after.stage:
        yield f"自動の確認の結果が変わります（{'、'.join(check_names(new, old, changed))}）。"
    if before.score != after.score:
        yield f"点数が {before.score or 'なし'} から {after.score or 'なし'} に変わります。"
    elif before.rows != after.rows:
        yield "点数は同じですが、数える行が変わります。"
    letters = [key for key in before.letters if before.letters[key] != after.letters.get(key)]
    if letters:
        names = [old.flow.outcomes[key].label.ja for key in letters]
        yield f"通知の内容が変わります（{'、'.join(names)}）。"


def check_names(new: Package, old: Package, keys: list[str]) -> list[str]:
    labels = {check.key: check.label.ja for check in (*old.flow.checks, *new.flow.checks)}
    return [labels.get(key, key) for key in keys]


def lost_answers(
    old: Package, new: Package, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[str]:
    """Labels of questions whose answer would not be there, or not be the same, under the new version."""
    names = renaming(old.form, new.form).options
    for pair in form_pairs(old.form, new.form):
        if pair.old is None or pair.old.type in ("calculated", "explanation"):
            continue
        was = before.get(pair.old.key, pair.old.empty)
        if was == pair.old.empty:
            continue
        now = after.get(pair.new.key) if pair.new else None
        if pair.new is None or not same_answer(pair.old, pair.new, was, now, names, pair.old.key):
            yield pair.old.label.ja


def same_answer(old: Field, new: Field, was: Any, now: Any, names: Mapping[str, Any], path: str) -> bool:
    """Whether an answer came over whole, renamed options and columns apart."""
    if old.has_rows and new.has_rows and isinstance(was, list) and isinstance(now, list):
        return len(was) == len(now) and all(
            same_row(old, new, one, other, names) for one, other in zip(was, now, strict=True)
        )
    told = names.get(path, {})
    if isinstance(was, list):
        return bool([told.get(each, each) for each in was] == now)
    return bool((told.get(was, was) if isinstance(was, str) else was) == now)


def same_row(
    old: Field, new: Field, was: Mapping[str, Any], now: Mapping[str, Any], names: Mapping[str, Any]
) -> bool:
    for pair in pairs(old.columns, new.columns):
        if pair.old is None or pair.old.type == "calculated":
            continue
        answer = was.get(pair.old.key, pair.old.empty)
        if answer == pair.old.empty:
            continue
        path = f"{old.key}.{pair.old.key}"
        if pair.new is None or not same_answer(
            pair.old, pair.new, answer, now.get(pair.new.key), names, path
        ):
            return False
    return True


def marks(old: Package, new: Package, before: Assessment, after: Assessment) -> Iterator[str]:
    """Questions of this case to look at: changed in the package, or answered differently, and shown or lost here."""
    changed = compare(old, new).fields
    for pair in form_pairs(old.form, new.form):
        was = before.answers.get(pair.old.key) if pair.old else None
        now = after.answers.get(pair.new.key) if pair.new else None
        here = (pair.old is not None and pair.old.key in before.answers) or (
            pair.new is not None and pair.new.key in after.answers
        )
        if here and (pair.key in changed or was != now):
            yield pair.key
