"""What rooms refuse, for readers of English and やさしい日本語, by the code of the refusal.

The Japanese sentence comes from the room itself, with its figures; the first text here stands in when it does not.
"""

_AGAIN = (
    "もう一度はじめから確かめてください。",
    "Please ask for a new code.",
    "もう いちど 番号を もらって ください。",
)

TEXTS: dict[str, tuple[str, str, str]] = {
    "refusal.payments.no_creditor": (
        "振込先の登録がまだです。担当課へお電話ください。",
        "Your account is not registered yet. Please call the section in charge.",
        "｜口座《こうざ》の 登録が まだです。電話して ください。",
    ),
    "refusal.subsidies.not_granted": (
        "いまは請求できません。通知が届いてから請求してください。",
        "You cannot claim now. Please wait for the letter.",
        "いまは できません。お知らせを まって ください。",
    ),
    "refusal.subsidies.holder_differs": (
        "登録されている口座の名義が、申請した人と違います。担当課へお電話ください。",
        "The registered account is in another name. Please call the section in charge.",
        "｜口座《こうざ》の ｜名前《なまえ》が ちがいます。電話して ください。",
    ),
    "refusal.other": (
        "この操作はできませんでした。画面を読み直してください。困ったときは、下のお電話へ。",
        "This could not be done. Please reload the page, or call the number below.",
        "できませんでした。ページを もう いちど 開いて ください。わからない ときは 電話して ください。",
    ),
    "refusal.applications.answers_incomplete": (
        "まだ送れません。赤い印の項目を直して、もう一度送ってください。入力した内容は残っています。",
        "It cannot be sent yet. Please correct the marked fields and send again. What you entered is kept.",
        "まだ 送れません。赤い しるしの ところを なおして ください。書いた ことは あります。",
    ),
    "refusal.applications.period_closed": (
        "いまは受付期間ではありません。受付期間のほかに申し込みたいときは、担当課へお電話ください。",
        "Applications are not open now. Please call the section in charge.",
        "いまは 申請できません。電話して ください。",
    ),
    "refusal.applications.no_such_period": (
        "この受付期間はありません。手続の案内から入り直してください。",
        "There is no such round. Please start again from the page of the procedure.",
        "その 期間は ありません。はじめの ページから 入って ください。",
    ),
    "refusal.applications.already_applied": (
        "この方の申請は、もう届いています。申請の状況の画面で確かめてください。",
        "An application for this person has already arrived. Please see it under My applications.",
        "この 人の 申請は もう あります。「わたしの 申請」を 見て ください。",
    ),
    "refusal.applications.no_longer_unsent": (
        "この入力はもう送られたか、保存の期限が過ぎています。",
        "It was already sent, or the time to keep it is over. Please see My applications.",
        "もう 送ったか、のこす 期間が 終わりました。「わたしの 申請」を 見て ください。",
    ),
    "refusal.applications.wrong_stage": (
        "いまの状態では、この操作はできません。画面を読み直してください。",
        "This cannot be done at the present stage. Please reload the page.",
        "いまは できません。ページを もう いちど 開いて ください。",
    ),
    "refusal.applications.correction_unanswered": (
        "お願いした項目が直されていません。黄色い印の項目を直してから送ってください。",
        "The requested fields were not corrected. Please correct them, then send.",
        "なおして いません。黄色い しるしの ところを なおして ください。",
    ),
    "refusal.applications.nothing_to_correct": (
        "補正をお願いしている項目はありません。",
        "There is nothing to correct. Please reload the page.",
        "なおす ところは ありません。",
    ),
    "refusal.registry.proof_refused": _AGAIN,
    "refusal.registry.proof_expired": (
        "この確認番号は使えません。もう一度送ってください。",
        "This code can no longer be used. Please ask for a new one.",
        "この 番号は 使えません。もう いちど 番号を もらって ください。",
    ),
    "refusal.registry.wrong_code": (
        "確認番号が違います。メールの6けたの数字を確かめてください。",
        "The code is wrong. Please check the 6 digits in the mail.",
        "番号が ちがいます。メールの 6つの 数字を 見て ください。",
    ),
    "refusal.registry.too_many_tries": (
        "確認番号を何回もまちがえました。もう一度送ってください。",
        "The code was wrong too many times. Please ask for a new one.",
        "なんども まちがえました。もう いちど 番号を もらって ください。",
    ),
    "refusal.registry.asked_too_often": (
        "確認番号を何回も送りました。1時間ほど待って、もう一度お試しください。",
        "Too many codes were sent. Please wait about an hour.",
        "たくさん 送りました。1時間 待って ください。",
    ),
    "refusal.registry.demo_identity_off": (
        "この確認方法は使えません。",
        "This way of confirming is not available.",
        "この やりかたは 使えません。",
    ),
    "refusal.documents.file_refused": (
        "このファイルは受け取れません。",
        "This file cannot be accepted.",
        "この ファイルは うけとる ことが できません。",
    ),
    "refusal.documents.file_empty": (
        "ファイルの中身がありません。選び直してください。",
        "The file is empty. Please choose another.",
        "ファイルに 何も ありません。ほかの ファイルを えらんで ください。",
    ),
    "refusal.documents.file_too_large": (
        "ファイルが大きすぎます。10MBまでのファイルを選んでください。",
        "The file is too large. Please choose one of up to 10 MB.",
        "ファイルが 大きすぎます。10MBまでです。",
    ),
    "refusal.documents.file_kind_refused": (
        "この種類のファイルは受け取れません。PDFか写真を選んでください。",
        "This kind of file is not accepted. Please choose a PDF or a photo.",
        "この ファイルは だめです。PDFか 写真を えらんで ください。",
    ),
}
