"""Fictional content for the gallery. Nobody here exists."""

from datetime import datetime
from typing import Any

from django.utils import timezone


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=timezone.get_current_timezone())


STEPS = [
    {"name": "受付", "when": "11/18", "state": "done", "word": "済み"},
    {"name": "確認", "when": "12/2", "state": "done", "word": "済み"},
    {"name": "選考", "when": "1/15", "state": "now", "word": "いまここ"},
    {"name": "決定", "when": "1/29", "state": "later", "word": "まだ"},
]
WAY = [
    {"name": "受け付けました", "text": "11月18日（水）", "done": True},
    {"name": "担当が確認します", "text": "12月4日（金）ごろまで。聞きたいことがあればメールします。"},
    {"name": "結果をお知らせします", "text": "1月29日（金）10時"},
]
CHECKS = [
    {
        "state": "look",
        "name": "父の就労時刻に根拠がない",
        "reason": "開業届に時刻がありません。自己申告書を頼むか、申告どおり認めるか選んでください。",
        "acts": [
            {"text": "書類を頼む", "name": "ask", "value": "hours", "primary": True},
            {"text": "認めて理由を書く", "name": "settle", "value": "hours"},
        ],
    },
    {"state": "pass", "name": "同じ世帯に住民登録がある", "kind": "世帯"},
    {"state": "pass", "name": "ほかの経路に同じ申請がない", "kind": "重複"},
    {"state": "pass", "name": "4月の学年が 1〜6年", "kind": "年齢"},
    {"state": "idle", "name": "証明書と入力が一致（母）", "kind": "書類"},
]
SCORE = [
    {"text": "母　月20日以上・終業17時以降", "points": "10", "table": "表1-2", "href": "#"},
    {"text": "父　月20日以上・自営（中心者）", "points": "9", "table": "表1-7", "href": "#"},
    {"text": "通勤 片道30分以上（母）", "points": "+2", "table": "表2-1", "href": "#"},
    {"text": "新1年生", "points": "+10", "table": "表3-1", "href": "#"},
]
CHANGES = [
    {
        "name": "仕事の終わり（母）",
        "before": "16:00",
        "after": "17:30",
        "note": "証明書の読み取り値 17:30 と一致",
    },
    {"name": "就労証明書（母）", "before": "令和6年度様式", "after": "令和8年度様式.pdf"},
]
ENTRIES = [
    {
        "at": _at(11, 18, 10, 47),
        "icon": "pen",
        "title": "補正が届いた",
        "text": "2項目　時計を再開",
        "who": "本人",
    },
    {
        "at": _at(11, 13, 9, 5),
        "icon": "mail",
        "title": "補正を頼んだ",
        "text": "「証明書の様式」",
        "who": "佐藤例",
    },
    {
        "at": _at(11, 12, 8, 31),
        "icon": "robot",
        "title": "自動チェック 7件",
        "text": "1件に印",
        "who": "自動",
    },
    {
        "at": _at(11, 12, 8, 30),
        "icon": "phone-net",
        "title": "受け付けた",
        "text": "版 2026-04",
        "who": "本人",
    },
]
ANSWERS = [
    {"name": "児童", "value": "試験 ゆい　令和2年8月3日生（6歳）", "mark": "known"},
    {"name": "希望するクラブ", "value": "① 中央　② さくら台　③ みなみ第二"},
    {"name": "きょうだい", "value": "なし"},
    {"name": "配慮", "value": "エピペンあり", "note": "指示書 書類3"},
]
ROUTE = [
    {
        "state": "done",
        "role": "起案",
        "name": "佐藤",
        "on": "9.1.22",
        "title": "起案",
        "words": ["佐藤例", "1/22 16:40"],
    },
    {"state": "done", "role": "係長", "name": "高橋", "on": "9.1.25", "title": "審査", "words": ["高橋例"]},
    {"state": "you", "title": "専決：課長", "words": ["規程 別表2-14"]},
    {"state": "later", "role": "施行", "title": "施行", "words": ["1/29 10:00"]},
]
KPIS = [
    {
        "name": "オンライン率",
        "value": "36.0",
        "unit": "%",
        "parts": "2,106 ／ 5,849件",
        "verdict": "good",
        "target": "目標 30%以上",
        "spark": "0,4 20,12 45,18 88,24",
    },
    {
        "name": "補正（100件あたり）",
        "value": "8.4",
        "unit": "件",
        "parts": "オンライン 5.1・窓口 3.9・紙 14.2",
        "verdict": "look",
        "target": "目標 8.0件以下",
        "spark": "0,4 30,14 60,22 88,25",
    },
    {
        "name": "満足度",
        "value": "93.4",
        "unit": "%",
        "parts": "満足＋やや満足 385 ／ 412人",
        "verdict": "good",
        "target": "目標 70%以上",
        "spark": "0,24 30,14 60,12 88,4",
    },
]


def _row(
    number: str, at: str, channel: str, name: str, kana: str, grade: int, club: str, score: str, state: str
) -> dict:
    keys = ("number", "at", "channel", "name", "kana", "grade", "club", "score", "state")
    return dict(zip(keys, (number, at, channel, name, kana, grade, club, score, state), strict=True))


ROWS = [
    _row("GK0421763", "11/18 14:41", "online", "見本 そら", "ミホン ソラ", 1, "みなみ第一", "34", "received"),
    _row(
        "GK0421758", "11/18 13:20", "counter", "例示 あおい", "レイジ アオイ", 1, "さくら台", "31", "received"
    ),
    _row("GK0421745", "11/18 11:02", "paper", "仮名 はると", "カメイ ハルト", 2, "みなみ第二", "—", "typing"),
    _row("GK0421741", "11/18 10:47", "online", "試験 ゆい", "シケン ユイ", 1, "中央", "33", "corrected"),
    _row("GK0421698", "11/17 20:15", "online", "見本 りく", "ミホン リク", 3, "さくら台", "22", "accepted"),
    _row("GK0421690", "11/17 19:48", "proxy", "例題 めい", "レイダイ メイ", 1, "北の森", "36", "deciding"),
    _row(
        "GK0421603", "11/16 21:37", "online", "見本 さな", "ミホン サナ", 1, "みなみ第一", "34", "duplicate"
    ),
    _row(
        "GK0421571", "11/16 13:44", "paper", "仮名 つむぎ", "カメイ ツムギ", 1, "北の森", "32", "correcting"
    ),
    _row("GK0420839", "11/04 18:45", "online", "見本 なぎ", "ミホン ナギ", 5, "北の森", "15", "withdrawn"),
]


def gallery() -> dict[str, Any]:
    names = {
        "steps": STEPS,
        "way": WAY,
        "checks": CHECKS,
        "score": SCORE,
        "changes": CHANGES,
        "entries": ENTRIES,
        "answers": ANSWERS,
        "route": ROUTE,
        "kpis": KPIS,
    }
    return names | {
        "problems": [
            ("#wrong", "第3希望：第1希望と同じクラブです"),
            ("#wrong", "お迎えの時刻：閉所の 19:00 より後です"),
        ],
        "head": [{"text": "指標"}, {"text": "値", "number": True}, {"text": "もとの数", "number": True}],
        "rows": [
            [
                {"text": "満足度", "label": "指標"},
                {"text": "93.4%", "number": True, "label": "値"},
                {"text": "385 ／ 412", "number": True, "label": "もとの数", "href": "#"},
            ],
            [
                {"text": "オンライン率", "label": "指標"},
                {"text": "36.0%", "number": True, "label": "値"},
                {"text": "2,106 ／ 5,849", "number": True, "label": "もとの数", "href": "#"},
            ],
        ],
    }


def desk() -> dict[str, Any]:
    return gallery() | {
        "ledger": ROWS,
        "pages": [{"number": 1, "now": True}, {"number": 2, "href": "#"}, {"number": 3, "href": "#"}],
    }
