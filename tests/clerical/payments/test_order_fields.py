"""支出命令データ beside the printed 支出負担行為兼支出命令書 of 前橋市 (R5 内部統制のDX推進WG): no field is lost without a word."""

from madoguchi.clerical.payments.order_csv import COLUMNS

PRINTED = {
    "年度": "fiscal_year",
    "会計": "account",
    "所属": "section",
    "予算区分": "budget_kind",
    "起票日": "committed_on",
    "款": "kan",
    "項": "kou",
    "目": "moku",
    "事業": "project",
    "節": "setsu",
    "細節": "saisetsu",
    "決裁区分": "decision_rank",
    "支払口座": "account_number",
    "支出区分": "spending_kind",
    "支払予定日": "due_on",
    "予算残額": "budget_then",
    "負担行為残額": "left_then",
    "命令額": "amount",
    "所得税": "tax",
    "差引金額": "net",
    "決裁欄 主管課": "approver",
    "決裁欄 会計室": "payer",
}
"""Field of the printed form → where it stands in the data."""

LEFT_OUT = {
    "様式名": "the name of the paper",
    "内線": "blank on the source; the section says who to ask",
    "事業率(細)": "the source repeats the project, and its label is cut",
    "細々節": "blank on the source",
    "受取": "the cell is cut on the source; every payment of this product is a transfer",
    "配当残額": "an allotment within the budget, which the accounting system keeps",
    "消費税等": "blank on the source; a subsidy bears none",
    "雇用(保険)": "blank on the source; of wages only",
}
SOURCE = (
    "様式名 年度 会計 所属 内線 決裁欄_会計室 決裁欄_主管課 予算区分 起票日 款 項 目 事業 事業率(細) 節 細節 細々節 決裁区分"
    " 支払口座 支出区分 受取 支払予定日 予算残額 負担行為残額 配当残額 命令額 消費税等 所得税 雇用(保険) 差引金額"
)
"""The fields in the order of the form."""


def test_every_field_of_the_printed_order_is_in_the_data_or_says_why_not() -> None:
    fields = [field.replace("_", " ") for field in SOURCE.split()]
    assert sorted(fields) == sorted([*PRINTED, *LEFT_OUT])
    assert set(PRINTED.values()) <= set(COLUMNS)
    assert all(LEFT_OUT.values())
    same = {field for field, key in PRINTED.items() if COLUMNS[key] == field}
    assert len(same) == 18, "they go by the words of the form"
