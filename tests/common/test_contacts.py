import pytest

from madoguchi.common.emails import EmailUnreadable, parse_email
from madoguchi.common.phones import PhoneUnreadable, format_phone, is_mobile, parse_phone


@pytest.mark.parametrize(
    "text",
    [
        "09012345678",
        "090-1234-5678",
        "０９０－１２３４－５６７８",
        "090ー1234ー5678",
        "+81 90-1234-5678",
        "(090)1234 5678",
    ],
)
def test_parse_phone__one_number_however_it_was_typed(text):
    assert parse_phone(text) == "09012345678"


@pytest.mark.parametrize(
    ("text", "shown", "mobile"),
    [
        ("0312345678", "03-1234-5678", False),
        ("+81-3-1234-5678", "03-1234-5678", False),
        ("0155621234", "0155621234", False),
        ("0120123456", "0120-123-456", False),
        ("08001234567", "0800-123-4567", False),
        ("0570012345", "0570-012-345", False),
        ("05012345678", "050-1234-5678", False),
        ("070-1234-5678", "070-1234-5678", True),
    ],
)
def test_format_phone(text, shown, mobile):
    assert format_phone(parse_phone(text)) == shown
    assert is_mobile(parse_phone(text)) is mobile


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("62-1234", "市外局番"),
        ("090-1234-567", "1けた足りません"),
        ("090-1234-56789", "1けた多すぎます"),
        ("03-1234-567", "1けた足りません"),
        ("0012345678", "番号はありません"),
        ("電話なし", "読み取れません"),
        ("", "読み取れません"),
    ],
)
def test_parse_phone__refused_with_the_reason(text, why):
    with pytest.raises(PhoneUnreadable, match=why):
        parse_phone(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("hanako@example.jp", "hanako@example.jp"),
        (" Hanako.Y+1@Example.JP ", "Hanako.Y+1@example.jp"),
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"),
        ("abc..def.@docomo.example.jp", "abc..def.@docomo.example.jp"),
    ],
)
def test_parse_email(text, address):
    assert parse_email(text) == address


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hanako.example.jp", "@"),
        ("a@b@example.jp", "@"),
        ("hanako@example,jp", "読点"),
        ("hana ko@example.jp", "空白"),
        ("hanako@example", "読み取れません"),
        ("hanako@example.jp\nBcc:x@example.jp", "@"),
        ("hanako\n@example.jp", "読み取れません"),
        ("花子@example.jp", "読み取れません"),
        ("a" * 65 + "@example.jp", "読み取れません"),
        ("", "@"),
    ],
)
def test_parse_email__refused_with_the_reason(text, why):
    with pytest.raises(EmailUnreadable, match=why):
        parse_email(text)
