"""What the form says when an answer cannot be taken: what is wrong, the rule, what to do now."""

from __future__ import annotations

from .words import Words

MESSAGES: dict[str, Words] = {
    "write": Words(
        "「{label}」を入力してください。", "Please enter “{label}”.", "「{label}」を 書いて ください。"
    ),
    "choose": Words(
        "「{label}」を選んでください。", "Please choose “{label}”.", "「{label}」を えらんで ください。"
    ),
    "attach": Words(
        "「{label}」を付けてください。スマートフォンで撮った写真でもかまいません。",
        "Please attach “{label}”. A photo taken with your phone is fine.",
        "「{label}」を つけて ください。写真でも いいです。",
    ),
    "agree": Words(
        "「{label}」を読んで、同意するときは印を付けてください。",
        "Please read “{label}” and tick the box if you agree.",
        "「{label}」を 読んで ください。よいときは しるしを つけて ください。",
    ),
    "add_row": Words(
        "「{label}」を{least}件以上入力してください。",
        "Please enter at least {least} for “{label}”.",
        "「{label}」を {least}つ 書いて ください。",
    ),
    "too_many_rows": Words(
        "「{label}」は{most}件までです。多いときは担当課へお電話ください。",
        "“{label}” can have up to {most}. If you need more, please call the section in charge.",
        "「{label}」は {most}つまでです。もっと 多い ときは 電話して ください。",
    ),
    "too_long": Words(
        "{length}文字あります。「{label}」は{most}文字までです。短くしてください。",
        "You entered {length} characters. “{label}” can have up to {most}. Please shorten it.",
        "「{label}」は {most}文字までです。いま {length}文字です。短く して ください。",
    ),
    "family": Words(
        "姓（名字）を入力してください。", "Please enter the family name.", "名字を 書いて ください。"
    ),
    "given": Words(
        "名を入力してください。姓だけの方は「名」に「－」を入力してください。",
        "Please enter the given name. If there is none, enter “-”.",
        "名前を 書いて ください。",
    ),
    "kana": Words(
        "「{typed}」にかな以外の文字があります。ひらがなかカタカナで入力してください。",
        "“{typed}” has characters other than kana. Please use hiragana or katakana.",
        "ひらがなか カタカナで 書いて ください。",
    ),
    "date": Words(
        "「{typed}」を日付として読めません。「令和2年6月14日」や「2020/6/14」のように入力してください。",
        "“{typed}” could not be read as a date. Please enter it like 2020/6/14.",
        "「{typed}」は 日にちでは ありません。「2020/6/14」のように 書いて ください。",
    ),
    "time": Words(
        "「{typed}」を時刻として読めません。「17:15」や「午後5時15分」のように入力してください。",
        "“{typed}” could not be read as a time. Please enter it like 17:15.",
        "「{typed}」は 時間では ありません。「17:15」のように 書いて ください。",
    ),
    "postcode": Words(
        "郵便番号「{typed}」は7けたではありません。「123-4567」のように入力してください。",
        "The postcode “{typed}” does not have 7 digits. Please enter it like 123-4567.",
        "郵便番号は 数字 7つです。「123-4567」のように 書いて ください。",
    ),
    "town": Words(
        "町名を入力してください。郵便番号からは見つかりませんでした。",
        "Please enter the town. It was not found from the postcode.",
        "町の名前を 書いて ください。",
    ),
    "block": Words(
        "番地を入力してください。番地がないときは「無番地」と入力してください。",
        "Please enter the block and house number.",
        "番地を 書いて ください。",
    ),
    "phone": Words(
        "電話番号「{typed}」は{length}けたです。市外局番から10けたか11けたで入力してください。",
        "The phone number “{typed}” has {length} digits. Please enter 10 or 11 digits beginning with 0.",
        "電話番号は 0から 書いて ください。数字は 10か 11です。",
    ),
    "email": Words(
        "「{typed}」はメールアドレスの形になっていません。「name@example.jp」のように入力してください。",
        "“{typed}” is not an e-mail address. Please enter it like name@example.jp.",
        "メールアドレスを 「name@example.jp」のように 書いて ください。",
    ),
    "number": Words(
        "「{typed}」を数として読めません。数字だけを入力してください。",
        "“{typed}” could not be read as a number. Please enter digits only.",
        "数字だけを 書いて ください。",
    ),
    "whole": Words(
        "「{typed}」には小数があります。整数で入力してください。",
        "“{typed}” has decimals. Please enter a whole number.",
        "「{typed}」は だめです。1、2、3のように 書いて ください。",
    ),
    "least": Words(
        "{shown}と読み取りました。「{label}」は{least}以上です。確かめて入力し直してください。",
        "Read as {shown}. “{label}” must be {least} or more. Please check and enter it again.",
        "{shown}は 小さすぎます。「{label}」は {least}か もっと 大きい 数を 書いて ください。",
    ),
    "most": Words(
        "{shown}と読み取りました。「{label}」は{most}以下です。確かめて入力し直してください。",
        "Read as {shown}. “{label}” must be {most} or less. Please check and enter it again.",
        "{shown}は 大きすぎます。「{label}」は {most}か もっと 小さい 数を 書いて ください。",
    ),
    "no_option": Words(
        "「{typed}」は今の選択肢にありません。表示されている中から選び直してください。",
        "“{typed}” is not among the present choices. Please choose from the list again.",
        "もういちど えらんで ください。",
    ),
    "twice": Words(
        "第{rank}希望と同じものが選ばれています。違うものを選ぶか、空欄にしてください。",
        "This is the same as choice {rank}. Please choose another one or leave it blank.",
        "おなじ ものは 1回だけ えらべます。ちがう ものを えらんで ください。",
    ),
    "yes_no": Words(
        "「はい」か「いいえ」を選んでください。",
        "Please choose yes or no.",
        "「はい」か 「いいえ」を えらんで ください。",
    ),
}


def say(code: str, lang: str, **parts: object) -> str:
    """The sentence for a code, with what was typed put in as it is (escaping is the page's work)."""
    return MESSAGES[code].in_language(lang).format(**parts)
