"""Sentences that ask to look again. They hang on the question alone and say nothing about anybody."""

TEXTS: dict[str, tuple[str, str, str]] = {
    "look.title": (
        "入力の内容を、もう一度確かめてください",
        "Please look at your answers once more",
        "｜書《か》いた ことを もう｜一度《いちど》 ｜見《み》て ください",
    ),
    "look.again": (
        "「{label}」を、お手元の書類と見比べてください。",
        "Please compare “{label}” with your papers.",
        "「{label}」を ｜紙《かみ》と ｜見《み》くらべて ください。",
    ),
    "look.text": (
        "違うところは直してください。合っているときは、下の欄に印を付けると、そのまま進めます。",
        "Correct what is different. If it is right, tick the box below and go on.",
        "ちがう ときは なおして ください。あって いる ときは、｜下《した》に しるしを つけて ください。",
    ),
    "look.sure-title": (
        "合っているときは、印を付けてください",
        "Tick this if it is right",
        "あって いる とき",
    ),
    "look.sure": (
        "「{label}」を確かめました。このまま進みます。",
        "I have checked “{label}” and go on.",
        "「{label}」を ｜見《み》ました。このまま すすみます。",
    ),
    "correct.only": (
        "直せるのは、お願いした項目だけです。ほかの内容は変わりません。",
        "Only what was asked can be changed. Everything else stays.",
        "ここだけ なおす ことが できます。",
    ),
    "correct.received": (
        "直していただいた内容を受け取りました。担当が確認します。",
        "Your corrections have arrived. Staff will check them.",
        "うけとりました。たしかめます。",
    ),
    "correct.now": ("｜直《なお》した｜後《あと》の｜内容《ないよう》", "As it is now", "いまの こと"),
    "correct.mail-subject": (
        "【サンプル市】補正を受け取りました（{number}）",
        "Corrections received ({number})",
        "うけとりました（{number}）",
    ),
    "correct.mail": (
        "直していただいた内容を受け取りました。\n\n受付番号：{number}\n\n控えは次のページで見られます。\n{link}\n",
        "Your corrections have arrived.\n\nReceipt number: {number}\n\nYour copy:\n{link}\n",
        "うけとりました。\n\nばんごう：{number}\n\n{link}\n",
    ),
    "look.review": (
        "確かめていただきたいところがあります",
        "Please look at these answers once more",
        "もう｜一度《いちど》 ｜見《み》て ほしい ところが あります",
    ),
}
