"""Sentences of the messages on the case."""

TEXTS: dict[str, tuple[str, str, str]] = {
    "message.title": ("担当課との連絡", "Messages with the section", "市役所と 話す"),
    "message.lead": (
        "この申請について、担当課と連絡できます。返事が届くと、メールでお知らせします。",
        "You can write to the section about this application. We send an e-mail when an answer arrives.",
        "この 申請の ことを 書いて 送る ことが できます。返事が 来ると、メールで 知らせます。",
    ),
    "message.hours": (
        "返事は、役所の開いている日にします。急ぐときは下のお電話へ。",
        "We answer on office days. If it is urgent, please call the number below.",
        "返事は、市役所が 開いて いる 日に します。急ぐ ときは 電話して ください。",
    ),
    "message.none": ("まだ連絡はありません。", "No messages yet.", "まだ ありません。"),
    "message.from-you": ("あなたから", "From you", "あなたから"),
    "message.from-section": ("担当課から", "From the section", "市役所から"),
    "message.read": ("読まれました", "Read", "読みました"),
    "message.unread": ("まだ読まれていません", "Not read yet", "まだ 読んで いません"),
    "message.new": ("新しい連絡", "New", "新しい"),
    "message.text": ("連絡の文", "Your message", "書く ところ"),
    "message.text-help": (
        "2,000文字まで。マイナンバーは書かないでください。",
        "Up to 2,000 characters. Please do not write your individual number.",
        "2,000文字までです。マイナンバーは 書かないで ください。",
    ),
    "message.file": ("書類や写真を付ける", "Attach documents or photos", "写真や 書類を つける"),
    "message.send": ("担当課へ送る", "Send to the section", "市役所へ 送る"),
    "message.done": (
        "担当課へ送りました。2回押しても、連絡は1通だけです。",
        "Sent to the section. Pressing twice sends it only once.",
        "市役所へ 送りました。2回 押しても、1つだけ 送ります。",
    ),
    "message.history": ("これまでの連絡", "Messages so far", "今までの 話"),
    "message.write": ("担当課に聞く・伝える", "Write to the section", "市役所に 聞く・話す"),
    "message.waiting": (
        "担当課から新しい連絡が{count}通あります",
        "{count} new messages from the section",
        "市役所から 新しい 話が {count}つ あります",
    ),
    "refusal.applications.message_empty": (
        "連絡の文がありません。伝えたいことを書いてから送ってください。",
        "The message is empty. Please write what you want to say, then send it.",
        "何も 書いて ありません。書いてから 送って ください。",
    ),
    "refusal.applications.message_too_long": (
        "文が長すぎます。連絡は1通2,000文字までです。短くするか、2通に分けてください。書いた文は残っています。",
        "The message is too long. Please keep it within 2,000 characters or send two. What you wrote is still here.",
        "長すぎます。2,000文字までに して ください。書いた ことは あります。",
    ),
    "refusal.applications.too_many_messages": (
        "10分間に送れる連絡は5通までです。しばらく待ってから送ってください。書いた文は残っています。",
        "You can send 5 messages in 10 minutes. Please wait a while. What you wrote is still here.",
        "たくさん 送りました。10分 待ってから 送って ください。書いた ことは あります。",
    ),
}
