"""Who may sign in to the demo, and what to try: shown by `make run` and on the sign-in page. No Django here."""

from dataclasses import dataclass

PASSWORD = "demo"  # noqa: S105 - printed on the sign-in page of the demo


@dataclass(frozen=True)
class Words:
    """A sentence in Japanese and in English."""

    ja: str
    en: str


@dataclass(frozen=True)
class Account:
    """One member of staff of the demo. `roles` are those of office.roles; `section` is a section code; `post` a 役職."""

    login: str
    name: str
    name_kana: str
    section: str
    roles: tuple[str, ...]
    title: Words
    about: Words
    post: str = ""


ACCOUNTS = (
    Account(
        "madoguchi", "鈴木　例", "スズキ　レイ", "kodomo", ("counter_clerk",),
        Words("窓口担当", "counter clerk"),
        Words("窓口や紙の申請を入力し、住民を探す", "key in counter and paper applications, find residents"),
    ),
    Account(
        "shinsa", "佐藤　例", "サトウ　レイ", "kodomo", ("reviewer",),
        Words("審査担当", "reviewer"),
        Words("申請を確かめて受理し、補正を頼み、選考する", "review, ask for corrections, accept in bulk, allocate"),
    ),
    Account(
        "kacho", "高橋　例", "タカハシ　レイ", "kodomo", ("section_head",),
        Words("課長", "section head"),
        Words("起案を読み、決裁し、成績を見る", "read a draft and approve it, see the measures"),
        post="課長",
    ),
    Account(
        "eisei", "小林　例", "コバヤシ　レイ", "eisei", ("counter_clerk", "reviewer"),
        Words("審査担当（衛生検査課）", "reviewer (sanitary inspection)"),
        Words("猫の手術費補助金の申請を確かめ、交付決定を起案する", "review cat subsidies, draft the decision"),
    ),
    Account(
        "eikacho", "加藤　例", "カトウ　レイ", "eisei", ("section_head",),
        Words("課長（衛生検査課）", "section head (sanitary inspection)"),
        Words("交付決定と支出命令を決裁する", "approve subsidies and payment orders"),
    ),
    Account(
        "zaisei", "吉田　例", "ヨシダ　レイ", "zaisei", ("budget_clerk",),
        Words("財政担当", "budget clerk"),
        Words("予算を登録し、補正・流用を入れる", "enter budgets and their changes"),
    ),
    Account(
        "jumin", "山本　例", "ヤマモト　レイ", "shimin", ("registry_clerk",),
        Words("住民記録担当", "registry clerk"),
        Words("住民データを取り込み、支援措置を登録する", "import residents, register protective measures"),
    ),
    Account(
        "joho", "田中　例", "タナカ　レイ", "dx", ("it_admin",),
        Words("情報システム担当", "IT staff"),
        Words("手続パッケージと成績を見る", "look after procedure packages, see the measures"),
    ),
    Account(
        "kansa", "渡辺　例", "ワタナベ　レイ", "kansa", ("auditor",),
        Words("監査", "auditor"),
        Words("だれが何を見て何をしたかの記録を確かめる", "read who saw and did what"),
    ),
    Account(
        "kaikei", "中村　例", "ナカムラ　レイ", "kaikei", ("accountant",),
        Words("会計", "accountant"),
        Words(
            "支払のデータを書き出し、内部統制の例外を見て、抽出して確かめる",
            "hand payment orders over, see the exceptions of controls, draw samples",
        ),
    ),
)  # fmt: skip

NEIGHBOUR = Account(
    "mihon", "見本　例", "ミホン　レイ", "kodomo", ("counter_clerk", "reviewer", "section_head"),
    Words("見本町の職員", "staff of another town"),
    Words("ほかの団体の記録が見えないことを確かめる", "see that nothing of the other town can be reached"),
)  # fmt: skip


def staff_accounts() -> list[dict[str, str]]:
    """The accounts as the sign-in page shows them: login, password, name, role, about (and in English)."""
    return [
        {
            "login": account.login,
            "password": PASSWORD,
            "name": account.name,
            "role": account.title.ja,
            "role_en": account.title.en,
            "about": account.about.ja,
            "about_en": account.about.en,
        }
        for account in ACCOUNTS
    ]


def welcome(address: str) -> str:
    """What the start command prints when the pages answer at `address` (with a slash at its end)."""
    lines = [
        "",
        "madoguchi 窓口 — サンプル市のデモが動いています。人も町も架空です。",
        "The demo town is running. Everybody and everything in it is fictional.",
        "",
        f"  住民 residents   {address}",
        "     「放課後 預けたい」と探し、学童クラブを申請します。本人確認は「見本の本人確認」で。",
        "     Look for an after-school club, apply, and use the demo identity to sign in.",
        f"  職員 staff       {address}desk/   合言葉 password: {PASSWORD}",
        *(
            f"     {account.login:<10} {account.title.ja}：{account.about.ja}\n"
            f"     {'':<10} {account.title.en}: {account.about.en}"
            for account in ACCOUNTS
        ),
        "",
        "  終わるときは Ctrl-C（データは残ります）。 Ctrl-C stops; the data are kept.",
        "",
    ]
    return "\n".join(lines)
