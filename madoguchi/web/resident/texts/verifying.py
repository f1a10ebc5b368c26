"""Sentences of the page on which anybody verifies a letter."""

TEXTS: dict[str, tuple[str, str, str]] = {
    "verify.title": (
        "｜市《し》からの｜通知《つうち》が｜本物《ほんもの》か｜確《たし》かめる",
        "Check whether a letter is genuine",
        "｜通知《つうち》が ほんものか しらべる",
    ),
    "verify.lead": (
        "市が出した通知のPDFには、電子署名が付いています。受け取ったPDFをここに入れると、市が出したものか、後から変えられていないかがわかります。",
        "Letters of the municipality carry an electronic signature. Choose the PDF you received to see whether it came "
        "from us and was not changed.",
        "｜市《し》の PDFを ここに いれます。ほんものか わかります。",
    ),
    "verify.privacy": (
        "入れたファイルは、調べたあとすぐに消します。だれが調べたかも記録しません。本人確認はいりません。",
        "The file is forgotten as soon as it was checked, and we do not record who checked it. You need not say who you are.",
        "ファイルは のこりません。｜名前《なまえ》も いりません。",
    ),
    "verify.file": ("｜確《たし》かめるPDF", "PDF to check", "しらべる PDF"),
    "verify.file-help": (
        "印刷した紙を撮った写真では確かめられません。メールや申請状況のページで受け取ったPDFを、そのまま選んでください。",
        "A photo of a printed letter cannot be checked. Choose the PDF as you received it.",
        "｜写真《しゃしん》は だめです。もらった PDFを えらびます。",
    ),
    "verify.go": ("｜確《たし》かめる", "Check", "しらべる"),
    "verify.busy": ("調べています", "Checking", "しらべて います"),
    "verify.another": ("｜別《べつ》のPDFを｜確《たし》かめる", "Check another PDF", "ほかの PDFを しらべる"),
    "verify.missing": (
        "PDFが選ばれていません。確かめるPDFを選んでください。",
        "No PDF was chosen. Choose the PDF to check.",
        "PDFを えらんで ください。",
    ),
    "verify.too-large": (
        "ファイルが大きすぎます。市の通知は{limit}MBより小さいPDFです。受け取ったPDFを選び直してください。",
        "The file is too large. Letters of the municipality are smaller than {limit} MB.",
        "ファイルが ｜大《おお》きすぎます。",
    ),
    "verify.genuine": ("｜本物《ほんもの》です", "Genuine", "ほんものです"),
    "verify.genuine-text": (
        "{signer}の電子署名があり、署名のあと、どこも変えられていません。",
        "Signed by {signer}; nothing was changed since.",
        "｜市《し》の ものです。かわって いません。",
    ),
    "verify.altered": ("変えられています", "Changed", "かわって います"),
    "verify.altered-text": (
        "市の電子署名がありますが、署名のあとに中身が変えられたか、壊れています。この通知のとおりに手続きをせず、下の電話でお問い合わせください。",
        "It carries our signature, but was changed or damaged afterwards. Do not act on it; please call the number below.",
        "｜市《し》の ものと ちがいます。｜電話《でんわ》を して ください。",
    ),
    "verify.foreign": ("市の電子署名ではありません", "Not our signature", "｜市《し》の ものでは ありません"),
    "verify.foreign-text": (
        "ほかのだれかの電子署名が付いています。市が出した通知か｜心配《しんぱい》なときは、下の電話でお問い合わせください。",
        "It was signed by somebody else. If in doubt please call the number below.",
        "ほかの ｜人《ひと》の ものです。しんぱいな ときは ｜電話《でんわ》を して ください。",
    ),
    "verify.unsigned": ("電子署名がありません", "No signature", "しるしが ありません"),
    "verify.unsigned-text": (
        "電子署名のないPDFなので、市が出したものか、ここではわかりません。印刷してスキャンしたものや、別の形で保存し直したものからは、電子署名が消えます。",
        "Without a signature we cannot tell. A signature is lost when a letter is printed and scanned or saved anew.",
        "ほんものか わかりません。",
    ),
    "verify.unreadable": ("読み取れませんでした", "Could not be read", "よめません"),
    "verify.unreadable-text": (
        "PDFではないか、壊れているため、調べられませんでした。受け取ったPDFをそのまま選び直してください。",
        "It is not a PDF or is damaged. Choose the PDF as you received it.",
        "もらった PDFを えらんで ください。",
    ),
    "verify.number": ("文書番号", "Letter number", "ばんごう"),
    "verify.released": ("市が出した日時", "Sent out", "｜出《だ》した ｜日《ひ》"),
    "verify.signed": ("署名した日時", "Signed", "しるしの ｜日《ひ》"),
    "verify.signed-by": ("署名した人", "Signed by", "しるしの ｜人《ひと》"),
    "verify.no-record": (
        "この通知は、市の記録の保存期間が終わっているか、まだ出されていません。文書番号は通知の右上にあります。",
        "It is no longer, or not yet, on record here.",
        "｜市《し》には もう ない かもしれません。",
    ),
    "verify.own": (
        "ご自分のプログラムで確かめるとき",
        "To check with a program of your own",
        "じぶんの プログラムで しらべる とき",
    ),
    "verify.own-text": (
        "PDFを｜見《み》るソフトなどに、市の証明書を読み込ませてください。指紋（SHA-256）は窓口でもお知らせします。",
        "Load our certificate into your PDF reader. We also tell its fingerprint (SHA-256) at the counter.",
        "｜市《し》の しるしを ファイルで わたします。",
    ),
    "verify.pem": ("証明書を保存する（PEM）", "Save the certificates (PEM)", "ファイルを もらう（PEM）"),
    "verify.valid": ("{starts}から{ends}まで", "{starts} to {ends}", "{starts} から {ends} まで"),
    "verify.none": (
        "市は、まだ電子署名のある通知を出していません。通知が｜本物《ほんもの》か｜心配《しんぱい》なときは、下の電話でお問い合わせください。",
        "The municipality has not signed letters yet. If in doubt about a letter please call the number below.",
        "まだ しるしの ある ｜通知《つうち》は ありません。しんぱいな ときは ｜電話《でんわ》を して ください。",
    ),
    "verify.link": (
        "この通知が｜本物《ほんもの》か確かめる",
        "Check whether this letter is genuine",
        "ほんものか しらべる",
    ),
    "foot.verify": ("通知の確認", "Check a letter", "｜通知《つうち》を しらべる"),
}
