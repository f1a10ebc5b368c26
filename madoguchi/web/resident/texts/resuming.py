"""Sentences about going on later and about the end of what was saved."""

TEXTS: dict[str, tuple[str, str, str]] = {
    "resume.saved": (
        "{until}まで保存しています。保存するたびに、この期限は延びます。",
        "Kept until {until}. Every time you save, the date moves on.",
        "{until}まで のこします。｜書《か》くと ｜日《ひ》が のびます。",
    ),
    "resume.elsewhere": (
        "｜別《べつ》のスマートフォンやパソコンで｜続《つづ》ける",
        "Continue on another device",
        "ほかの スマホや パソコンで つづける",
    ),
    "resume.how-open": (
        "別の端末で、下の四角い印を読むか、アドレスを開きます。",
        "On the other device scan the code below or open the address.",
        "しかくい しるしを ｜読《よ》みます。",
    ),
    "resume.how-prove": (
        "今と同じ方法で本人確認をします。",
        "Confirm who you are in the same way as now.",
        "いまと おなじ ｜方法《ほうほう》で ｜確認《かくにん》します。",
    ),
    "resume.how-code": (
        "再開コードを入れます。コードだけでは、だれにも開けません。",
        "Enter the resume code. The code alone opens nothing.",
        "コードを いれます。",
    ),
    "resume.code": ("｜再開《さいかい》コード", "Resume code", "つづきの コード"),
    "resume.qr": ("｜読《よ》み｜取《と》ると｜開《ひら》きます", "Scan to open", "よむと ひらきます"),
    "resume.qr-text": (
        "名前や入力した内容は入っていません。",
        "It holds neither your name nor your answers.",
        "｜名前《なまえ》は はいって いません。",
    ),
    "resume.qr-alt": (
        "続きから入力するページを開く四角い印",
        "Code that opens the page to continue",
        "つづきの ページの しかくい しるし",
    ),
    "resume.anew": ("コードを｜作《つく》り｜直《なお》す", "Make a new code", "コードを かえる"),
    "resume.anew-text": (
        "前のコードは使えなくなります。",
        "The former code will no longer work.",
        "まえの コードは つかえません。",
    ),
    "resume.anew-done": (
        "新しい再開コードを作りました。前のコードは使えません。",
        "A new code was made. The former one no longer works.",
        "コードを かえました。まえの コードは つかえません。",
    ),
    "resume.title": (
        "｜続《つづ》きから｜入力《にゅうりょく》する",
        "Continue an application",
        "つづきを ｜書《か》く",
    ),
    "resume.lead": (
        "「保存しました」の画面にある再開コードを入力してください。",
        "Enter the code shown on the page “Saved”.",
        "「のこしました」の ページの コードを ｜書《か》いて ください。",
    ),
    "resume.code-help": (
        "英字と数字の10文字です。小文字・全角でも、間の「-」がなくてもかまいません。",
        "Ten letters and digits. Capitals, width and the hyphen do not matter.",
        "10の ｜文字《もじ》です。",
    ),
    "resume.go": ("｜続《つづ》きを｜開《ひら》く", "Continue", "つづきを ひらく"),
    "resume.mine": (
        "コードがないときは「あなたの申請」から",
        "No code? See your applications",
        "コードが ない ときは ここ",
    ),
    "resume.from-code": (
        "｜再開《さいかい》コードで｜続《つづ》きを｜開《ひら》く",
        "Continue with a resume code",
        "コードで つづきを ひらく",
    ),
    "resume.ends-soon": (
        "保存の期限が近づいています",
        "What you saved will soon be deleted",
        "もうすぐ ｜消《き》えます",
    ),
    "resume.ends-soon-text": (
        "{until}を過ぎると、入力した内容と付けた書類は消えます。続きを入力すると期限は延びます。",
        "After {until} your answers and documents are deleted. Continuing moves the date on.",
        "{until}の あとは ｜消《き》えます。つづきを ｜書《か》くと のびます。",
    ),
    "resume.kept-until": ("{until}まで保存します", "Kept until {until}", "{until}まで のこします"),
    "resume.days-left": (
        "あと{days}日で消えます",
        "Deleted in {days} days",
        "あと {days}にちで ｜消《き》えます",
    ),
    "resume.last-day": ("今日までで消えます", "Deleted after today", "きょうで ｜消《き》えます"),
    "resume.expired": (
        "｜保存《ほぞん》の｜期限《きげん》が｜過《す》ぎました",
        "What you saved has been deleted",
        "｜消《き》えました",
    ),
    "resume.expired-text": (
        "入力の途中の申請は、保存の期限（{until}）が過ぎたため、付けた書類と一緒に消しました。申請はまだ届いていません。"
        "申請するときは、もう一度入力してください。",
        "Your unfinished application was kept until {until} and has been deleted with its documents. No application was"
        " made. To apply, please begin again.",
        "{until}を すぎたので ｜消《け》しました。｜申請《しんせい》は まだです。もういちど ｜書《か》いて ください。",
    ),
    "resume.expired-again": (
        "｜手続《てつづき》の｜案内《あんない》から｜始《はじ》める",
        "Begin again",
        "もういちど はじめる",
    ),
}
