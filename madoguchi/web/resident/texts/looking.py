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
    "look.review": (
        "確かめていただきたいところがあります",
        "Please look at these answers once more",
        "もう｜一度《いちど》 ｜見《み》て ほしい ところが あります",
    ),
}
