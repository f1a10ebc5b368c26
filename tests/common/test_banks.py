import pytest

from madoguchi.common.addresses import split_address
from madoguchi.common.banks import bank, branch, find_banks, find_branches
from madoguchi.common.errors import CodeUnreadable


def test_a_bank_is_found_by_its_code_however_typed() -> None:
    assert bank("0001").name == bank("１").name == "みずほ"
    assert branch("0001", "001").name == branch("1", "１").name == "東京営業部"


@pytest.mark.parametrize("code", ["9999", "12345", "みずほ", ""])
def test_no_bank_is_said_so(code: str) -> None:
    with pytest.raises(CodeUnreadable):
        bank(code)


def test_no_branch_is_said_so_with_the_banks_name() -> None:
    with pytest.raises(CodeUnreadable, match="みずほに支店コード「999」"):
        branch("0001", "999")


@pytest.mark.parametrize("typed", ["みずほ", "ミズホ", "ﾐｽﾞﾎ"])
def test_banks_are_found_by_name_and_reading(typed: str) -> None:
    assert find_banks(typed)[0].code == "0001"
    assert find_banks(" ") == ()


def test_branches_are_found_by_reading() -> None:
    found = find_branches("0001", "マルノウチ")
    assert found
    assert all(each.bank.code == "0001" and each.kana.startswith("マルノウチ") for each in found)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "東京都見本区みなみ町三丁目3番4号　見本荘101",
            ("東京都", "見本区", "みなみ町三丁目", "3番4号", "見本荘101"),
        ),
        (
            "サンプル県サンプル市さくら台一丁目１２番３号",
            ("サンプル県", "サンプル市", "さくら台一丁目", "12番3号", ""),
        ),
        ("三重県四日市市諏訪町1番5号", ("三重県", "四日市市", "諏訪町", "1番5号", "")),
        (
            "サンプル県見本郡見本町大字見本123番地の4",
            ("サンプル県", "見本郡見本町", "大字見本", "123番地の4", ""),
        ),
        ("どこか", ("", "", "どこか", "", "")),
    ],
)
def test_an_address_in_one_column_is_taken_apart(text: str, parts: tuple[str, ...]) -> None:
    found = split_address(text)
    assert (found.prefecture, found.city, found.town, found.block, found.building) == parts
