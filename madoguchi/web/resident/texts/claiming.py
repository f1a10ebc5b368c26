"""Claiming a granted subsidy: the account is checked, the claim is received, the money is on its way."""

TEXTS: dict[str, tuple[str, str, str]] = {
    "claim.title": (
        "｜補助金《ほじょきん》の請求",
        "Claim the subsidy",
        "お金を もらう ｜手続《てつづ》き",
    ),
    "claim.go": ("口座を確かめて請求する", "Check the account and claim", "｜口座《こうざ》を 見て もらう"),
    "claim.amount-is": (
        "{amount}の交付が決まりました。振込先を確かめて請求してください。",
        "You are granted {amount}. Please check the account and claim it.",
        "{amount}を もらえます。｜口座《こうざ》を たしかめて ください。",
    ),
    "claim.amount": ("金額", "Amount", "お金"),
    "claim.bank": ("金融機関・支店の番号", "Bank and branch code", "｜銀行《ぎんこう》の 番号"),
    "claim.account": ("口座番号の終わり", "End of the account number", "｜口座《こうざ》の 番号の 終わり"),
    "claim.holder": ("口座の名義", "Account holder", "｜口座《こうざ》の ｜名前《なまえ》"),
    "claim.confirm": (
        "この口座は申請した人の名義で、まちがいありません",
        "This is the applicant’s own account",
        "わたしの ｜口座《こうざ》です。まちがい ありません",
    ),
    "claim.confirm-missing": (
        "口座を確かめて、印を付けてください",
        "Please check the account and tick the box",
        "｜口座《こうざ》を 見て、しるしを つけて ください",
    ),
    "claim.wrong-account": (
        "口座が違うときは、請求せずに担当課へお電話ください。",
        "If the account is wrong, do not claim; please call the section in charge.",
        "｜口座《こうざ》が ちがう ときは 電話して ください。",
    ),
    "claim.later": ("あとで請求する（申請の状況に戻る）", "Later (back to the status)", "あとで する"),
    "claim.other-title": ("いまは請求できません", "You cannot claim yet", "いまは できません"),
    "claim.other": (
        "登録されている口座の名義が、申請した人と違います。担当課へお電話ください。登録を直すと、ここから請求できます。",
        "The registered account is in another name. Please call the section in charge; once corrected you can claim here.",
        "｜口座《こうざ》の ｜名前《なまえ》が ちがいます。電話して ください。",
    ),
    "claim.receipt": ("請求を受け付けました", "Your claim was received", "うけつけました"),
    "claim.receipt-link": ("請求の控えを見る", "Receipt of the claim", "ひかえを 見る"),
    "claim.order": ("請求の受付番号", "Number of the claim", "｜受付《うけつけ》の 番号"),
    "claim.paid": (
        "支払の手続きが済みました。{amount}を{day}までに、登録されている口座へ振り込みます。",
        "The payment is on its way. {amount} reaches your registered account by {day}.",
        "お金を はらいます。{amount}が {day}までに ｜口座《こうざ》に 入ります。",
    ),
    "claim.failed-title": ("振り込めませんでした", "The transfer failed", "お金を 入れられませんでした"),
    "claim.failed": (
        "登録されている口座に振り込めませんでした。口座の登録を担当課と確かめてから、もう一度請求してください。",
        "The money could not be paid in. Please check the account with the section in charge, then claim again.",
        "お金を 入れられませんでした。電話して から、もう いちど して ください。",
    ),
}
