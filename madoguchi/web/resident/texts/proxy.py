"""Sentences for somebody who applies for another person."""

TEXTS: dict[str, tuple[str, str, str]] = {
    "proxy.mandate": ("｜委任状《いにんじょう》", "Letter of mandate", "｜委任状《いにんじょう》"),
    "proxy.mandate-text": (
        "ここまでに入力した内容で委任状を作れます。頼んだ方が署名した紙を、写真で付けるか、窓口で見せてください。",
        "A letter of mandate can be printed with what you typed so far. Have it signed, then attach a photo or show it.",
        "たのんだ ｜人《ひと》の ｜名前《なまえ》を ｜書《か》いて もらって ください。",
    ),
    "proxy.mandate-get": (
        "｜委任状《いにんじょう》を｜開《ひら》く（PDF）",
        "Open the letter of mandate (PDF)",
        "｜委任状《いにんじょう》を ひらく",
    ),
    "proxy.status": (
        "{name} さんに代わって出した申請です",
        "You applied for {name}",
        "{name}さんの ｜代《か》わりの ｜申請《しんせい》です",
    ),
    "proxy.letters-them": (
        "結果の通知は、委任した方へ届きます。この画面では、状況だけを見られます。",
        "The result goes to the person who gave the mandate. Here you can follow the status.",
        "けっかは たのんだ ｜人《ひと》に ｜届《とど》きます。",
    ),
    "proxy.letters-you": (
        "結果の通知は、代理人のあなたへ届きます。",
        "The result comes to you.",
        "けっかは あなたに ｜届《とど》きます。",
    ),
}
