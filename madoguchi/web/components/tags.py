"""The closed list of 札 and channel marks. A new state gets its words and its tone here, nowhere else.

Tones: plain (waiting for us), work (in hand), good, soon (wants attention), alarm, over, wait (nothing to do), route.
Channels carry no tone, so that no way to the office looks worse than another.
"""

TAGS: dict[str, tuple[str, str, str]] = {
    "received": ("plain", "受理待ち", ""),
    "reviewing": ("plain", "確認中", ""),
    "correcting": ("soon", "補正中", ""),
    "corrected": ("soon", "補正届く", ""),
    "accepted": ("work", "受理", ""),
    "deciding": ("route", "決裁中", ""),
    "decided": ("good", "決定", "check"),
    "withdrawn": ("wait", "取下げ", ""),
    "granted": ("good", "承認", "check"),
    "waitlisted": ("soon", "待機（不承認）", ""),
    "refused": ("plain", "不承認", ""),
    "typing": ("plain", "入力待ち", ""),
    "duplicate": ("alarm", "重複の疑い", ""),
    "open": ("good", "受付中", "done"),
    "closed": ("wait", "受付は終わりました", ""),
    "soon": ("soon", "まもなく", ""),
    "later": ("soon", "あとで出す", ""),
    "all-online": ("plain", "オンラインで終わります", ""),
    "known": ("good", "住民登録から", "done"),
    "card": ("good", "カードで確認", "done"),
    "signed": ("good", "市の電子署名を確認済み", "lock"),
    "with-paper": ("plain", "紙の添付あり（併用）", "paper"),
    "reached": ("good", "達成", "check"),
    "missed": ("alarm", "未達", ""),
    "no-target": ("wait", "目標なし", ""),
    "soon-due": ("soon", "期限あり", ""),
    "drafted": ("plain", "起案", ""),
    "approved": ("good", "決裁済み", "check"),
    "returned": ("soon", "差し戻し", ""),
    "rejected": ("alarm", "却下", ""),
    "today": ("alarm", "今日まで", ""),
    "delegated": ("work", "専決", ""),
    "substitute": ("soon", "代決", ""),
    "released": ("good", "施行済み", "check"),
    "unread": ("plain", "未読", ""),
    "read": ("good", "読まれた", "check"),
    "failed": ("alarm", "届かなかった", ""),
    "measured": ("work", "実測", ""),
    "printed": ("plain", "印刷された値", ""),
}

CHANNELS: dict[str, tuple[str, str]] = {
    "online": ("phone-net", "ネット"),
    "counter": ("counter", "窓口"),
    "paper": ("paper", "紙"),
    "proxy": ("proxy", "代理"),
    "api": ("link", "API"),
}
