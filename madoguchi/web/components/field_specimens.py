"""One field of every type, filled in, for the gallery and its tests."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from madoguchi.ledgers.procedures.context import Context
from madoguchi.ledgers.procedures.fields import Field, Option
from madoguchi.ledgers.procedures.words import Words
from madoguchi.web.components.filled import Filled
from madoguchi.web.components.words import Reader


def _field(key: str, kind: str, label: str, help_text: str = "", **more: Any) -> Field:
    return Field(key=key, type=kind, label=Words(label), line=0, help=Words(help_text), **more)


CLUBS = tuple(
    Option(code, Words(name), Words("定員60人／昨年の申請58人"))
    for code, name in (
        ("A1", "A1 みなみ第一学童クラブ"),
        ("A2", "A2 さくら台学童クラブ"),
        ("A3", "A3 北の森学童クラブ"),
    )
)
WAYS = (
    Option("same", Words("必ず同じクラブに入りたい")),
    Option("either", Words("できれば同じがよいが、別でもよい")),
)
DAYS = (
    Option("sat", Words("土曜日も使う")),
    Option("summer", Words("夏休みだけ使う"), Words("7月21日〜8月31日")),
)

FIELDS: tuple[Field, ...] = (
    _field("birth", "date", "｜生年月日《せいねんがっぴ》", "和暦でも西暦でも。例　令和2年6月14日",
        required=True, prefill="resident.birth"),
    _field("child", "name", "お子さんの名前", required=True, prefill="resident.name"),
    _field("child_kana", "kana", "お子さんの名前（かな）"),
    _field("tel", "phone", "電話番号", "日中つながる番号。例　090-0000-0000", required=True),
    _field("mail", "email", "メールアドレス"),
    _field("home", "address", "住所", prefill="resident.address"),
    _field("pickup", "time", "平日のお迎えの時刻", "24時間で。例　18:30", required=True),
    _field("days", "number", "1か月に働く日数", unit=Words("日")),
    _field("income", "money", "1年の収入"),
    _field("clubs", "ranked", "希望する学童クラブ", "通いたい順に、5つまで選べます。順番は選考の点数に影響しません。",
        options=CLUBS, required=True),
    _field("siblings", "choice", "きょうだいの入所", options=WAYS, required=True),
    _field("use", "choice", "使い方", options=DAYS, look="check"),
    _field("club", "choice", "いまのクラブ", options=CLUBS, look="select"),
    _field("allergy", "yes_no", "食物アレルギーがありますか", required=True),
    _field("notes", "longtext", "伝えておきたいこと"),
    _field("certificate", "file", "就労証明書", "写真でかまいません。", later=True, accept=("application/pdf", "image/jpeg")),
    _field(
        "guardians", "group", "保護者", min_rows=1, row_label=Words("保護者"),
        columns=(_field("work", "text", "勤め先", required=True), _field("from", "time", "仕事の始まり")),
        column_order=("work", "from"),
    ),
    _field("notice", "explanation", "きょうだいの入力は写せます", "次のページで選べます。"),
    _field("grade", "calculated", "4月の学年"),
    _field("agree", "consent", "入力した内容は事実です。選考のため、市が住民登録と税の記録を確かめることに同意します。", required=True),
)  # fmt: skip

RAW: dict[str, list[str]] = {
    "birth": ["R2.6.14"], "child-family": ["見本"], "child-given": ["そら"], "tel": ["090-0000-000"],
    "pickup": ["午後7時半"], "clubs-1": ["A1"], "clubs-2": ["A2"], "clubs-3": ["A1"], "siblings": ["same"],
    "use": ["sat"], "certificate": ["9f3a"],
}  # fmt: skip
ERRORS = {
    "tel": "数字が1つ足りません。10けたか11けたで入力してください。",
    "pickup": "19:30 と読み取りました。クラブは 19:00 に閉まります。19:00 までの時刻を入力してください。",
    "clubs-3": "第1希望と同じクラブです。別のクラブを選ぶか、この欄を消してください。",
    "guardians-0-work": "「勤め先」を入力してください。",
}
ECHOES = {"birth": "令和2年（2020年）6月14日・4月に小学1年生", "grade": "小学1年生"}


def filled(reader: Reader) -> Filled:
    return Filled(
        raw=RAW, context=Context(on=date(2026, 11, 18)), scope={}, reader=reader, errors=ERRORS, echoes=ECHOES,
        known=frozenset({"child"}), files={"9f3a": SimpleNamespace(name="就労証明書（母）.jpg", size=812_000)},
    )  # fmt: skip
