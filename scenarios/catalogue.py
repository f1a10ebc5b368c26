"""Every scenario and bench by name."""

from collections.abc import Callable
from importlib import import_module

from scenarios.report import Report
from scenarios.stage import Stage

Play = Callable[[Stage], Report]

SCENARIOS = {
    "gakudo-club": (
        "scenarios.gakudo_club.story",
        "学童クラブ入所申請: 1回の受付を初めから終わりまで（八王子市の 5,849件）",
    ),
    "hoiku-minato": (
        "scenarios.hoiku_minato.story",
        "保育所の利用調整: 3,000人の受付から空き枠の再調整まで（港区。15人で1週間と並べて）",
    ),
    "neko-hojokin": (
        "scenarios.neko_hojokin.story",
        "猫の手術費補助金: 受付から支払のデータまで。統制点ごとに誤りを混ぜる（500件）",
    ),
    "yoichi-mobile": (
        "scenarios.yoichi_mobile.story",
        "出張中の課長がスマートフォンで決裁する1か月: 代決・後閲・まとめて決裁（余市町・昭和村）",
    ),
    "kessai-kanagawa": (
        "scenarios.kessai_kanagawa.story",
        "電子決裁の6年: 36.7%から98.2%まで、課・月・理由の割合を数え直す（神奈川県の6万件）",
    ),
}
BENCHES = {
    "start": ("scenarios.bench_start", "最初と2回目の起動にかかる秒"),
    "receipts": ("scenarios.bench_receipts", "1秒に受け付けられる申請の数"),
    "letters": ("scenarios.bench_letters", "1秒に作れる通知の数"),
    "ledger": ("scenarios.bench_ledger", "100万件の台帳: 一覧・絞り込み・並べ替え・検索・書き出し"),
    "residents": ("scenarios.bench_residents", "住民データの取り込みの速さと、住民を探す速さ"),
    "submit": (
        "scenarios.bench_submit",
        "申請1件の初めから終わりまで（受付票の PDF を含む）の速さと計算時間",
    ),
    "tenants": ("scenarios.bench_tenants", "全国の市区町村が1つのデータベースにあるときの画面の速さ"),
    "approve": (
        "scenarios.bench_approve",
        "5,849件の起案1つの決裁と、1万件の起案が待つ決裁の一覧の速さ",
    ),
    "allocate": (
        "scenarios.bench_allocate",
        "利用調整をファイルから検算済みの結果まで計算する速さ（8,000人・311施設まで、素の CP-SAT と並べて）",
    ),
    "portal": ("scenarios.bench_portal", "1秒に出せる画面の数"),
}


def load(entry: tuple[str, str]) -> Play:
    """The function that plays one entry of the catalogue."""
    play: Play = import_module(entry[0]).play
    return play
