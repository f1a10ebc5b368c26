"""When the database cannot be reached or its disk is full, and when a form cannot be read."""

TEXTS = {
    "outage.gone": (
        "いま、記録の保管場所につながりません",
        "The records cannot be reached at the moment",
        "いま ｜記録《きろく》に つながりません",
    ),
    "outage.full": (
        "いま、記録の保管場所がいっぱいで保存できません",
        "The place where records are kept is full at the moment",
        "いま ｜記録《きろく》の ｜場所《ばしょ》が いっぱいです",
    ),
    "outage.not-kept": (
        "いま送った内容は、まだ保存されていません。入力した内容は、この画面の中に全部あります。"
        "1分ほど待って、下の「もう一度送る」を押してください。2回送っても、申請は1件だけです。",
        "What you just sent has not been saved. Everything you typed is held in this page: wait about a minute and press"
        " Send again below. Sending twice makes only one application.",
        "いま ｜送《おく》った ことは まだ ありません。この ページに ぜんぶ あります。"
        "1｜分《ぷん》 まって、「もう｜一度《いちど》 ｜送《おく》る」を ｜押《お》して ください。"
        "2｜回《かい》 ｜送《おく》っても ｜申請《しんせい》は 1つです。",
    ),
    "outage.not-kept-plain": (
        "いま送った内容は、まだ保存されていません。1分ほど待って、前の画面から、もう一度送ってください。",
        "What you just sent has not been saved. Wait about a minute, go back and send it again.",
        "いま ｜送《おく》った ことは まだ ありません。1｜分《ぷん》 まって、｜戻《もど》って ください。",
    ),
    "outage.send": (
        "もう｜一度《いちど》｜送《おく》る",
        "Send again",
        "もう｜一度《いちど》 ｜送《おく》る",
    ),
    "outage.words": (
        "入力した内容を見る",
        "See what you typed",
        "｜書《か》いた ことを ｜見《み》る",
    ),
    "outage.file": (
        "ファイルは、もう一度選んでください",
        "Please choose the file again",
        "ファイルを もういちど えらんで ください",
    ),
    "outage.file-name": ("前に選んだもの：{name}", "Chosen before: {name}", "まえの ファイル：{name}"),
    "outage.typed": (
        "入力した内容は消えていません。ブラウザーの「戻る」で前の画面に戻ると、残っています。",
        "What you typed is not lost. It is still there when you go back in your browser.",
        "｜書《か》いた ことは ｜消《き》えて いません。「｜戻《もど》る」を ｜押《お》すと あります。",
    ),
    "outage.wait": (
        "1分ほど待って、もう一度開いてください。保存した内容はなくなっていません。",
        "Please wait about a minute and open the page again. What you saved is not lost.",
        "1｜分《ぷん》 まって、もう｜一度《いちど》 ｜開《ひら》いて ください。｜書《か》いた ことは あります。",
    ),
    "outage.again": ("もう一度開く", "Open again", "もう｜一度《いちど》 ｜開《ひら》く"),
    "outage.call": (
        "10分たってもつながらないときは、担当の課に電話してください。職員の方は、情報システム担当に知らせてください。",
        "If it still does not work after ten minutes, please call the section. Staff: please tell the IT section.",
        "10｜分《ぷん》 まっても だめな ときは、｜電話《でんわ》して ください。",
    ),
    "outage.unfit": (
        "この内容は受け取れません",
        "This cannot be accepted",
        "これは うけとれません",
    ),
    "outage.unfit-text": (
        "項目が多すぎるか、文字ではないものが入っています。前の画面に戻って、入力し直してください。",
        "There are too many fields, or something that is not text. Go back and type it again.",
        "｜前《まえ》の ページに ｜戻《もど》って、もう｜一度《いちど》 ｜書《か》いて ください。",
    ),
    "limits.title": (
        "短い時間に、何度も送られました",
        "This was sent too many times in a short while",
        "みじかい ｜時間《じかん》に なんども ｜送《おく》りました",
    ),
    "limits.text": (
        "{minutes}分ほど待って、もう一度お試しください。急ぐときは、担当の課に電話してください。",
        "Please wait about {minutes} minutes and try again. If it is urgent, please call the section.",
        "{minutes}｜分《ふん》 まって、もういちど して ください。いそぐ ときは ｜電話《でんわ》して ください。",
    ),
    "csrf.title": (
        "この画面からは送れませんでした",
        "This could not be sent from this page",
        "この ページから ｜送《おく》れません",
    ),
    "csrf.text": (
        "画面を開いてから時間がたったか、ブラウザーがクッキーを受け取らない設定です。前の画面に戻って開き直し、もう一度送ってください。",
        "The page was open for too long, or your browser does not accept cookies. Go back, reload the page and send again.",
        "｜前《まえ》の ページを もういちど ひらいて、｜送《おく》って ください。",
    ),
}
