from django.utils.safestring import SafeString

from madoguchi.web.components.definitions import drawn
from madoguchi.web.components.words import Reader


def told(*items: dict[str, object], reader: Reader | None = None) -> str:
    return drawn(items, reader or Reader(), lambda mark: f"[{mark}]")


def test_what_was_typed_is_escaped_and_keeps_its_lines() -> None:
    html = told({"name": "理由", "value": "<b>夜勤</b>\n&週3日"})
    assert "<dd>&lt;b&gt;夜勤&lt;/b&gt;<br>&amp;週3日</dd>" in html
    assert "<dd>&lt;i&gt;</dd>" in told({"name": "理由", "value": "<i>"})
    assert "<dd><i>印</i></dd>" in told({"name": "理由", "value": SafeString("<i>印</i>")})


def test_names_are_read_with_furigana_and_hold_no_html() -> None:
    item = {"name": "｜住所《じゅうしょ》<", "value": ""}
    assert "<dt>住所&lt;</dt>" in told(item)
    assert "<rt>じゅうしょ</rt>" in told(item, reader=Reader(furigana=True))


def test_a_row_holds_its_answers_and_marks_stand_behind() -> None:
    inside = [{"name": "氏名", "value": "ひかり", "mark": "later"}]
    html = told({"name": "保護者 1", "inside": inside, "note": "1人目"})
    assert '<dl class="pairs"><div><dt>氏名</dt><dd>ひかり [later]</dd></div></dl>' in html
    assert html.index("</dl>") < html.index('<small class="quiet">1人目</small>')
