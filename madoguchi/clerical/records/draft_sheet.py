"""起案文書 on paper: one draft with its route, each step with who, as whom, when and on what hash; no queries."""

from __future__ import annotations

from typing import Any

from madoguchi.clerical.records.sheets import typeset

SHEET = """
#let told = json(bytes(sys.inputs.cases))
#set page(paper: "a4", margin: 16mm, footer: context [
  #text(8pt)[#told.number] #h(1fr) #text(8pt)[#counter(page).display("1 / 1", both: true)]
])
#set text(font: "IPAexGothic", size: 10pt, lang: "ja")
#set document(title: told.number + " " + told.title)
#let part(name) = block(above: 10pt, below: 6pt, text(11pt)[■ #name])
#text(9pt)[起案文書　#told.number]
#linebreak()
#text(15pt)[#told.title]
#line(length: 100%)
#table(columns: (3.2cm, 1fr), stroke: 0.4pt + gray, inset: 4pt, ..told.marks.flatten())
#part("伺い")
#for line in told.body [#line #linebreak()]
#if told.figures.len() > 0 [
  #part("内訳")
  #table(columns: (1fr, auto), stroke: 0.4pt + gray, inset: 4pt, ..told.figures.flatten())
]
#part("決裁の経路")
#set text(size: 8pt)
#table(
  columns: (auto, auto, 1fr, auto, auto, auto), stroke: 0.4pt + gray, inset: 3.5pt,
  table.header[段][区分][誰が・誰として][結果][日時][見た内容のハッシュ],
  ..told.steps.flatten()
)
#if told.comments.len() > 0 [
  #part("意見")
  #for each in told.comments [#each #linebreak()]
]
#if told.files.len() > 0 [
  #part("添付")
  #table(columns: (auto, 1fr, auto, auto), stroke: 0.4pt + gray, inset: 3.5pt,
    table.header[番][名前][添付した人・日時][ハッシュ], ..told.files.flatten())
]
#if told.papers.len() > 0 [
  #part("紙の資料")
  #for each in told.papers [#each #linebreak()]
]
#v(4pt)
#told.foot
#if told.missing != "" [#linebreak() 書体にない文字を〓で示しました（#told.missing）。もとの文字は draft.json にあります。]
"""
WIDTH = 16
MARKS = (
    ("起案", "drafted"),
    ("課", "section"),
    ("状態", "state_words"),
    ("決裁日時", "settled"),
    ("分類・保存年限", "filing"),
    ("公開区分", "open"),
    ("金額", "yen"),
    ("決裁の方法", "mode_words"),
)
OPEN = {"open": "公開", "partly": "部分公開", "closed": "非公開", "": "—"}
MODES = {"electronic": "電子", "mixed": "併用", "paper": "紙"}


def draft_pdf(evidence: dict[str, Any], *, seconds: int) -> bytes:
    """The sheet of a draft from its evidence; the same evidence gives the same bytes."""
    return typeset(SHEET, told_of(evidence), seconds=seconds)


def told_of(evidence: dict[str, Any]) -> dict[str, Any]:
    draft = evidence["draft"]
    words = {
        **draft,
        "drafted": f"{second(draft['drafted_at'])}　{draft['drafted_by']}",
        "settled": second(draft["settled_at"]),
        "filing": "　".join(filter(None, [draft["class_code"], draft["retention"]])) or "—",
        "open": "　".join(filter(None, [OPEN.get(draft["disclosure"], ""), draft["disclosure_reason"]])),
        "yen": f"{draft['amount']:,}円" if draft["amount"] is not None else "—",
        "mode_words": MODES.get(draft["mode"], draft["mode"]),
    }
    return {
        "number": draft["number"],
        "title": draft["title"],
        "marks": [[label, str(words[key] or "—")] for label, key in MARKS],
        "body": draft["body"].splitlines(),
        "figures": [_figure(each) for each in draft["figures"]],
        "steps": [_step(step) for step in evidence["steps"]],
        "comments": [f"{step['who']}「{step['comment']}」" for step in evidence["steps"] if step["comment"]],
        "files": [
            [
                str(each["place"]),
                each["name"],
                f"{each['added_by']}\n{second(each['added_at'])}",
                folded(each["sha256"]),
            ]
            for each in evidence["attachments"]
        ],
        "papers": [f"{each['what']}（{each['sheets']}枚）　{each['kept_at']}" for each in evidence["papers"]],
        "foot": f"内容のハッシュ（SHA-256）　{draft['content_sha256']}",
    }


def _figure(each: dict[str, Any]) -> list[str]:
    value = each.get("value", "")
    shown = f"{value:,}" if isinstance(value, int) else str(value)
    return [str(each.get("label", "")), f"{shown}{each.get('unit', '')}"]


def _step(step: dict[str, Any]) -> list[str]:
    place = f"{step['submission']}-{step['stage']}"
    who = "　".join(filter(None, [step["post"], step["who"]]))
    if step["capacity"] != "own":
        who += f"\n（{step['capacity_words']}: {step['stands_for'] or '—'}）"
    return [
        place,
        step["kind_words"],
        who,
        step["outcome_words"] or "—",
        second(step["decided_at"]).replace(" ", "\n"),
        folded(step["seen_sha256"]),
    ]


def second(told: str | None) -> str:
    """「2026-11-21 10:00:05」 of a time in ISO 8601."""
    return told[:19].replace("T", " ") if told else "—"


def folded(sha256: str) -> str:
    """A hash in lines that fit a column."""
    return "\n".join(sha256[at : at + WIDTH] for at in range(0, len(sha256), WIDTH)) or "—"
