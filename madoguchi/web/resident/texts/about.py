"""Sentences of the accessibility statement (JIS X 8341-3:2016, みんなの公共サイト運用ガイドライン)."""

TEXTS: dict[str, tuple[str, str, str]] = {
    "about.accessibility": (
        "JIS X 8341-3:2016 の適合レベル AA に準拠することを目標にしています。",
        "This site aims to conform to level AA of JIS X 8341-3:2016 (WCAG 2.0), and to WCAG 2.2 AA.",
        "だれでも 使える ように 作って います。",
    ),
    "about.scope": ("対象の範囲", "Scope", "どの ページ"),
    "about.scope-text": (
        "この手続の窓口の、住民の方が使うすべてのページと、ここから開く控えと通知のPDFです。",
        "Every page of this desk for residents, and the receipts and letters in PDF.",
        "この 窓口の ページ ぜんぶと、PDFです。",
    ),
    "about.tested": ("試験していること", "What is tested", "しらべて いる こと"),
    "about.tested-when": (
        "次のことを、プログラムを変えるたびに自動で試験しています。合わないときは公開しません。",
        "The following is tested automatically at every change. What fails is not published.",
        "つぎの ことを いつも しらべて います。",
    ),
    "about.test-axe": (
        "axe-core で、レベルAとAAの達成基準に反するところがないこと",
        "axe-core finds nothing against the criteria of levels A and AA",
        "きまりに 合って いる こと",
    ),
    "about.test-zoom": (
        "200%に拡大しても、横幅320ピクセルでも、文が切れず、横に動かさずに読めること",
        "At 200 % and at a width of 320 pixels nothing is cut off and nothing scrolls sideways",
        "大きく しても 読める こと",
    ),
    "about.test-keys": (
        "キーボードだけで、読む順番のとおりに、すべての操作ができること",
        "Everything works by keyboard alone, in reading order, with a visible focus",
        "キーボードだけで できる こと",
    ),
    "about.test-speech": (
        "読み上げソフトに、見出し・項目の名前・誤りが、順番どおりに伝わること",
        "Headings, names of fields and errors are told to screen readers in their order",
        "声で 聞く ことが できる こと",
    ),
    "about.test-target": (
        "ボタンと入力欄の高さが44ピクセル以上あること",
        "Buttons and fields are at least 44 pixels high",
        "ボタンが 大きい こと",
    ),
    "about.test-script": (
        "スクリプトが動かない端末でも、申請の初めから終わりまでできること",
        "The whole application works without scripts",
        "古い スマホでも できる こと",
    ),
    "about.test-colour": (
        "色だけで意味を伝えないこと、強制カラーモードと印刷でも読めること",
        "Colour never speaks alone; forced colours and print are readable",
        "色が なくても わかる こと",
    ),
    "about.test-words": (
        "すべての文に、日本語・英語・やさしい日本語・ふりがながあること",
        "Every sentence in Japanese, English and easy Japanese, with furigana",
        "やさしい 日本語と ふりがなが ある こと",
    ),
    "about.exceptions": (
        "例外と、わかっている課題",
        "Exceptions and known problems",
        "まだ できて いない こと",
    ),
    "about.exception-papers": (
        "住民の方や事業所が出した写真やPDFは、そのままの形で保管し、作り直していません。",
        "Photos and PDF files that people hand in are kept as they are.",
        "みなさんが 送った 写真は そのままです。",
    ),
    "about.exception-letters": (
        "通知と控えのPDFは、タグ付きPDF（PDF/A-2a）です。同じ内容をページの文でも読めます。",
        "Letters and receipts are tagged PDF (PDF/A-2a); the same text stands on the page.",
        "PDFと 同じ ことを ページでも 読めます。",
    ),
    "about.exception-people": (
        "障害のある方による評価は、まだ行っていません。機械の試験だけで、使いやすさのすべてはわかりません。",
        "No test with disabled people has been made yet. Machines cannot tell everything.",
        "まだ いろいろな 人に 使って もらって いません。",
    ),
    "about.report": ("使いにくいところを知らせる", "Tell us what is hard to use", "使いにくい ときは"),
    "about.report-text": (
        "使いにくいところや読めないところは、このページの下のお電話でお知らせください。ほかの方法（窓口・紙・電話）でも、同じ申請ができます。",
        "Please call the number below. You can make the same application at the counter, on paper or by phone.",
        "下の 番号に 電話して ください。窓口や 紙でも 同じ 申請が できます。",
    ),
}
