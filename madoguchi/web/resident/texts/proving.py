"""Sentences of the pages on which one shows who one is: stepping up, SMS, the card."""

TEXTS: dict[str, tuple[str, str, str]] = {
    "prove.step-up": (
        "この手続には、より確かな｜本人確認《ほんにんかくにん》が必要です",
        "This procedure needs a stronger confirmation",
        "もっと しっかり ｜確認《かくにん》します",
    ),
    "prove.step-up-text": (
        "下の方法のどれかで確認してください。入力した内容は残っています。確認が終わると、続きの画面に戻ります。",
        "Please use one of the ways below. What you entered is kept, and you return to it afterwards.",
        "｜下《した》の どれかで ｜確認《かくにん》して ください。｜書《か》いた ことは のこって います。",
    ),
    "prove.no-way": (
        "この手続の本人確認は、いまこの画面ではできません",
        "This confirmation is not possible online now",
        "いまは ここで できません",
    ),
    "prove.no-way-text": (
        "マイナンバーカードなど顔写真つきの書類を持って、担当課の窓口へお越しください。入力した内容は残っています。",
        "Please bring an identity document with photo to the counter. What you entered is kept.",
        "カードを もって、｜市役所《しやくしょ》に ｜来《き》て ください。",
    ),
    "prove.sms": (
        "携帯電話のSMSで｜進《すす》む",
        "Use a text message",
        "けいたい｜電話《でんわ》で する",
    ),
    "prove.sms-label": ("携帯電話の番号", "Mobile number", "けいたい｜電話《でんわ》の ばんごう"),
    "prove.sms-help": (
        "数字6けたの番号を送ります。番号は10分使えます。例 090-1234-5678",
        "We send a 6-digit code, valid for 10 minutes. Example: 090-1234-5678",
        "ばんごうを おくります。10分 つかえます。",
    ),
    "prove.sms-also": (
        "メールアドレスの確認は済んでいます。SMSも確認すると、この手続に進めます。",
        "Your e-mail address is confirmed. Confirm by text message too to go on.",
        "メールは できました。SMSも して ください。",
    ),
    "prove.sms-body": (
        "本人確認の番号は {code} です。10分使えます。だれにも教えないでください。",
        "Your code is {code}, valid for 10 minutes. Do not tell anyone.",
        "ばんごうは {code} です。だれにも おしえないで ください。",
    ),
    "prove.app-text": (
        "マイナアプリの画面に移ります。カードと暗証番号を用意してください。市が受け取るのは{items}だけです。マイナンバーは受け取りません。",
        "You go to the My Number app. Have your card and PIN ready. We receive only: {items}. Not your number.",
        "アプリに いきます。カードを ｜用意《ようい》して ください。{items}だけ もらいます。マイナンバーは もらいません。",
    ),
    "prove.app-items": (
        "氏名・住所・生年月日",
        "name, address, date of birth",
        "なまえ・じゅうしょ・うまれた ｜日《ひ》",
    ),
    "prove.app-go": ("カードで確認する", "Confirm with the card", "カードで ｜確認《かくにん》する"),
    "prove.app-failed": (
        "カードでの確認を終えられませんでした。もう一度お試しいただくか、ほかの方法で進んでください。",
        "The card could not be confirmed. Please try again or use another way.",
        "カードの ｜確認《かくにん》が できませんでした。もう｜一度《いちど》 して ください。",
    ),
}
