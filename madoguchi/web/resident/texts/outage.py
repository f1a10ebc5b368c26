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
        "いま送った内容は、まだ保存されていません。1分ほど待って、この画面を再読み込みしてください。"
        "同じ内容をもう一度送ります。2回送っても、申請は1件だけです。",
        "What you just sent has not been saved. Wait about a minute and reload this page: it sends the same again."
        " Sending twice makes only one application.",
        "いま ｜送《おく》った ことは まだ ありません。1｜分《ぷん》 まって、この ページを もう｜一度《いちど》 ｜開《ひら》いて ください。"
        "2｜回《かい》 ｜送《おく》っても ｜申請《しんせい》は 1つです。",
    ),
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
}
