"""From the procedure's page to the receipt, by links and submit buttons alone."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.resident.walking import answers, apply, begin, fill

pytestmark = pytest.mark.django_db


def test_the_procedure_says_everything_before_the_button(client: Any, loaded: Any) -> None:
    page = client.get("/procedures/mihon-club/").content.decode()

    assert "11月30日（月）" in page
    assert page.index("受付期間") < page.index("申請をはじめる")
    assert "窓口で申請する" in page
    assert client.get("/procedures/nothing/").status_code == 404


def test_a_stranger_proves_first_and_comes_back(client: Any, loaded: Any) -> None:
    answer = client.get("/procedures/mihon-club/begin/?period=r9")
    assert answer.url.startswith("/prove/?next=%2Fprocedures%2Fmihon-club")


def test_apply_to_the_receipt(hikari: Any) -> None:
    number = apply(hikari)

    receipt = hikari.get(f"/applications/{number}/receipt/").content.decode()
    assert "申請を受け付けました" in receipt
    assert "<svg" in receipt
    assert "hikari@example.jp" in receipt
    assert number in hikari.get("/my/").content.decode()


def test_pressing_twice_makes_one_application(hikari: Any) -> None:
    paper = begin(hikari)
    fill(hikari, paper)
    urls = {hikari.post(f"{paper}review/").url for _ in range(3)}
    assert len(urls) == 1


def test_an_error_stands_beside_its_field_and_in_the_title(hikari: Any) -> None:
    paper = begin(hikari)
    answer = hikari.post(f"{paper}child/", answers("child", child_birth="きのう", child_name__given=""))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "<title>エラー：" in page
    assert page.index('id="error-summary"') < page.index("<h1>")
    assert 'href="#child_birth"' in page
    assert 'id="error:child_birth"' in page
    assert 'value="きのう"' in page


def test_what_was_typed_wrong_is_there_the_next_day(hikari: Any) -> None:
    paper = begin(hikari)
    hikari.post(f"{paper}child/", answers("child", child_birth="きのう"))
    assert begin(hikari) == paper
    assert 'value="きのう"' in hikari.get(f"{paper}child/").content.decode()


def test_save_and_leave_keeps_the_page(hikari: Any) -> None:
    paper = begin(hikari)
    answer = hikari.post(f"{paper}child/", answers("child") | {"_save": "1"})

    assert answer.url == f"{paper}saved/"
    assert "12月22日" in hikari.get(answer.url).content.decode()
    assert "入力の途中です" in hikari.get("/").content.decode()


def test_a_reading_aid_inside_the_form_loses_nothing(hikari: Any) -> None:
    paper = begin(hikari)
    answer = hikari.post(f"{paper}child/", {"child_name-family": ["見本"], "_aid": "furigana:on"})

    assert answer.cookies["furigana"].value == "on"
    assert 'value="見本"' in hikari.get(f"{paper}child/").content.decode()


def test_wishes_move_without_a_script(hikari: Any) -> None:
    paper = begin(hikari)
    answer = hikari.post(f"{paper}wishes/", {"clubs-1": "A1", "clubs-2": "B1", "_up": "clubs-2"})

    page = hikari.get(answer.url).content.decode()
    chosen = re.findall(r'<option value="(\w+)" selected>', page)
    assert chosen == ["B1", "A1"]
    assert "autofocus" in page


def test_the_same_wish_twice_is_told_at_its_rank(hikari: Any) -> None:
    paper = begin(hikari)
    answer = hikari.post(f"{paper}wishes/", {"clubs-1": "A1", "clubs-2": "A1"})
    assert 'id="error:clubs-2"' in answer.content.decode()


def test_a_change_returns_to_the_review(hikari: Any) -> None:
    paper = begin(hikari)
    fill(hikari, paper)
    review = hikari.get(f"{paper}review/").content.decode()

    assert f"{paper}child/?from=review" in review
    assert hikari.post(f"{paper}child/?from=review", answers("child")).url == f"{paper}review/"


def test_the_review_names_what_is_missing_and_does_not_send(hikari: Any) -> None:
    paper = begin(hikari)
    page = hikari.get(f"{paper}review/").content.decode()
    assert "まだ答えていないところがあります" in page
    assert hikari.post(f"{paper}review/").url == f"{paper}review/"


def test_a_file_is_attached_and_taken_off(hikari: Any) -> None:
    paper = begin(hikari)
    file = SimpleUploadedFile("就労証明書.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    hikari.post(
        f"{paper}applicant/", answers("applicant") | {"_attach": "certificate", "file-certificate": file}
    )
    page = hikari.get(f"{paper}applicant/").content.decode()
    assert "就労証明書.pdf" in page

    kept = re.search(r'name="_drop" value="(certificate:[^"]+)"', page)
    assert kept
    hikari.post(f"{paper}applicant/", {"certificate": kept[1].split(":")[1], "_drop": kept[1]})
    assert "就労証明書.pdf" not in hikari.get(f"{paper}applicant/").content.decode()


def test_a_web_page_named_pdf_is_refused_beside_the_field(hikari: Any) -> None:
    paper = begin(hikari)
    file = SimpleUploadedFile("certificate.pdf", b"<html><script>alert(1)</script></html>")
    answer = hikari.post(f"{paper}applicant/", {"_attach": "certificate", "file-certificate": file})

    assert answer.status_code == 422
    assert 'id="error:certificate"' in answer.content.decode()


def test_markup_typed_is_shown_as_text(hikari: Any) -> None:
    paper = begin(hikari)
    fill(hikari, paper, child_name__given="<script>alert(1)</script>")
    assert "<script>alert" not in hikari.get(f"{paper}review/").content.decode()


def test_the_postcode_is_looked_up_by_the_server(hikari: Any) -> None:
    paper = begin(hikari)
    answer = hikari.post(
        f"{paper}applicant/", {"address-postcode": "１００-０００１", "_postcode": "address"}
    )
    assert "東京都千代田区千代田" in hikari.get(answer.url).content.decode()


def test_an_unknown_postcode_is_told(hikari: Any) -> None:
    paper = begin(hikari)
    answer = hikari.post(f"{paper}applicant/", {"address-postcode": "999-9999", "_postcode": "address"})
    assert "見つかりません" in hikari.get(answer.url).content.decode()


def test_a_page_carries_no_inline_script_or_style(hikari: Any) -> None:
    paper = begin(hikari)
    for address in (f"{paper}child/", f"{paper}wishes/", f"{paper}review/", "/", "/my/", "/prove/"):
        page = hikari.get(address).content.decode()
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page), address


@pytest.mark.parametrize(
    "forged",
    [
        {"_up": "clubs-x"},
        {"_up": "nothing-1"},
        {"_remove": "clubs:x"},
        {"_add": "nothing"},
        {"_drop": "certificate:x"},
    ],
)
def test_a_forged_button_is_a_page_that_is_not_there(hikari: Any, forged: dict[str, str]) -> None:
    assert hikari.post(f"{begin(hikari)}wishes/", forged).status_code == 404
