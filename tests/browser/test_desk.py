"""A case from the clerk's keyboard to the letter and the measures, and every other page of the desk."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from madoguchi.ledgers.registry.sample_file import town_csv
from madoguchi.ledgers.registry.town_generator import generate_families
from scenarios.browser import Browser
from tests.browser.eyes import PHONE, Eyes
from tests.portal_family import Family, at_review, number_of, press
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
Window = Callable[..., Eyes]
PATIENCE_SECONDS = 90
CODE_WORD = re.compile(
    r"\b(office|registry|procedures|documents|decisions|notices|controls|payments|records|applications|allocation|subsidies|webhooks|insight)\.\w+"
)


def entered(eyes: Eyes, login: str) -> Eyes:
    """Sign in by hand."""
    eyes.go("/desk/")
    eyes.page.fill("#login", login)
    eyes.page.fill("#password", "demo")
    eyes.page.press("#password", "Enter")
    eyes.page.wait_for_url("**/desk/")
    return eyes


def waited(eyes: Eyes, until: Callable[[], bool]) -> None:
    """Ask the page anew until the worker is done."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not until():
        assert time.monotonic() < end, eyes.text()[:600]
        eyes.page.wait_for_timeout(300)
        eyes.page.reload()


def resident(eyes: Eyes, family: Family) -> Eyes:
    """The same family comes back on its phone."""
    eyes.go("/prove/")
    eyes.page.select_option("#resident", str(family.resident))
    eyes.page.locator("form:has(#resident) button").click()
    eyes.page.wait_for_load_state()
    return eyes


@pytest.fixture
def applied(site: Site, offered: Iterator[Family]) -> tuple[Family, str]:
    """A family that the proof page offers, and its application."""
    browser = Browser(site.address)
    listed = browser.get("/prove/").text
    family = next(each for each in offered if f'value="{each.resident}"' in listed)
    return family, number_of(press(browser, at_review(browser, family)))


def test_from_the_ledger_to_the_measures(
    window: Window, applied: tuple[Family, str], been: set[str], site: Site, tmp_path: Path
) -> None:
    family, number = applied
    desk, home = entered(window(), "shinsa"), resident(window(size=PHONE, script=False), family)
    desk.look("desk-home")
    ledger_by_keyboard(desk)
    correction(desk, home, number)
    accept_by_hand(desk, number)
    accept_everything(desk)
    draft = allocation(desk, site, tmp_path)
    head = entered(window(size=PHONE), "kacho")
    approval(head, draft)
    letters(desk)
    read_and_answered(home, number)
    for eyes, address, picture in (
        (desk, "/desk/measures/gakudo-club/", "measures"),
        (head, "/desk/", "head-home"),
    ):
        eyes.go(address)
        eyes.look(picture)
    for eyes in (desk, home, head):
        been |= eyes.seen


def ledger_by_keyboard(desk: Eyes) -> None:
    """J J X: the second row is chosen and the bar says so; Enter opens it."""
    desk.go("/desk/gakudo-club/")
    desk.look("ledger")
    desk.page.locator("h1").click()
    for key in ("j", "j", "x"):
        desk.page.keyboard.press(key)
    expect(desk.page.locator("#bulk")).to_be_visible()
    expect(desk.page.locator("[data-selected]")).to_have_text(re.compile("1件"))
    row = desk.page.locator("[data-ledger] tbody tr").nth(1)
    opened = row.locator("a").first.inner_text()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(f"**/desk/cases/{opened}/")
    desk.look("case")


def correction(desk: Eyes, home: Eyes, number: str) -> None:
    """Staff ask for one answer, the family changes it, and the case shows the difference."""
    desk.go(f"/desk/cases/{number}/")
    desk.page.keyboard.press("s")
    desk.page.wait_for_load_state()
    desk.press("補正を頼む")
    desk.look("correct-desk")
    desk.page.locator('input[name="fields"][value="applicant_phone"]').check()
    desk.page.fill("#message", "昼間につながる電話番号を入力してください。")
    desk.press("補正を頼む")
    assert desk.path == f"/desk/cases/{number}/"
    home.go(f"/applications/{number}/")
    assert "昼間につながる電話番号" in home.text()
    home.look("status-correction")
    home.go(f"/applications/{number}/correct/")
    home.look("correct-resident")
    home.page.fill('[name="applicant_phone"]', "090-1111-2222")
    home.page.locator("#page .button--primary").click()
    home.page.wait_for_url(f"**/applications/{number}/corrected/")
    home.look("corrected")
    desk.page.reload()
    expect(desk.page.locator("del").first).to_be_visible()
    expect(desk.page.locator("ins").first).to_contain_text("090-1111-2222")
    desk.look("case-corrected")


def accept_by_hand(desk: Eyes, number: str) -> None:
    """Every mark is settled with its reason, then the case is accepted."""
    marks = desk.page.locator(".checks details.settle")
    while marks.count():
        marks.first.locator("summary").click()
        marks.first.locator('input[name="reason"]').fill("就労証明書で確かめた。")
        marks.first.locator("button").click()
        desk.page.wait_for_load_state()
    desk.press("受理する")
    assert f"{number} を受理しました" in desk.text()


def accept_everything(desk: Eyes) -> None:
    """All that the conditions show, at one press; the job tells how far it is and what could not be done."""
    desk.go("/desk/gakudo-club/")
    desk.page.locator("[data-select-all]").check()
    desk.page.locator("[data-scope-all]").check()
    desk.page.locator('button[name="verb"][value="accept"]').click()
    desk.page.wait_for_load_state()
    desk.page.locator("main form button.button--primary").first.click()
    desk.page.wait_for_url("**/desk/jobs/**")
    waited(desk, lambda: desk.page.locator(".job--over").count() > 0)
    desk.look("job")


def allocation(desk: Eyes, site: Site, folder: Path) -> str:
    """Open, compute, submit; the address of the draft."""
    desk.go("/desk/gakudo-club/allocation/")
    desk.look("allocation-empty")
    desk.press("選考の回を作る")
    seats_of_the_round(desk)
    desk.go("/desk/gakudo-club/allocation/")
    desk.press("計算する")
    waited(desk, lambda: desk.page.locator(".job--over").count() > 0)
    trial(desk)
    outside_result(desk, site, folder)
    desk.go("/desk/gakudo-club/allocation/")
    desk.page.locator("#held summary").click()
    desk.page.fill("#held-number", "GK0000000")
    desk.page.fill("#held-reason", "関係機関と協議した")
    desk.press("この席に決める")
    assert "受理された申請にありません" in desk.text()
    assert desk.page.locator("#held-reason").input_value() == "関係機関と協議した"
    desk.look("allocation")
    desk.page.select_option("#approver", "kacho")
    desk.press("決裁を頼む")
    desk.press("起案を開く")
    desk.look("draft-mine")
    return desk.path


def seats_of_the_round(desk: Eyes) -> None:
    """A file that is wrong is told line by line; the form of one club is entered as it stands in the table."""
    desk.press("回の席")
    head = "施設コード,クラス,定員,在園で残る子ども"
    wrong = {"name": "seats.csv", "mimeType": "text/csv", "buffer": f"{head}\nclub99,,x,0".encode()}
    desk.page.set_input_files("#seat-file", wrong)
    desk.press("確かめて入れる")
    assert "「club99」という施設はありません" in desk.text()
    assert "1行も入れていません" in desk.text()
    desk.page.locator("#seats a").first.click()
    desk.page.wait_for_url("**facility=**")
    desk.page.locator('[name="capacity-all"]').fill("70")
    desk.page.locator('[name="staying-all"]').fill("0")
    desk.press("この施設の席を入れる")
    assert "変わった行 1" in desk.text()
    desk.look("round-seats")


def trial(desk: Eyes) -> None:
    """What would become of the round with one seat less; first a slip, and what was typed stays."""
    desk.go("/desk/gakudo-club/allocation/trials/")
    desk.page.fill("#trial-name", "一席減らす")
    desk.page.select_option('[name="facility-1"]', index=1)
    desk.page.fill('[name="seats-1"]', "少し")
    desk.press("試算する")
    assert "0以上の整数ではありません" in desk.text()
    assert desk.page.locator("#trial-name").input_value() == "一席減らす"
    desk.look("trials-refused")
    desk.page.fill('[name="seats-1"]', "0")
    desk.press("試算する")
    waited(desk, lambda: desk.page.locator(".job--over").count() > 0)
    desk.press("一覧へ戻る")
    desk.press("すべての行を計る")
    waited(desk, lambda: desk.page.locator(".job--over").count() > 0)
    desk.press("一覧へ戻る")
    desk.look("trials")
    desk.press("いまの計算と比べる")
    desk.look("trial-compare")


def outside_result(desk: Eyes, site: Site, folder: Path) -> None:
    """Somebody else's result, in which nobody gets anything: the checker's finding stands beside ours."""
    result = folder / "kekka.csv"
    result.write_text("受付番号,施設\n", encoding="utf-8")
    told = ("--staff", "shinsa", "--name", "B社の計算")
    done = site.run("data", "import", "allocation", str(result), *told, check=False)
    assert done.returncode == 1, done.stderr
    desk.go("/desk/gakudo-club/allocation/trials/")
    desk.look("trials-outside")
    row = desk.page.locator("tr", has_text="B社の計算")
    row.get_by_role("link", name="いまの計算と比べる").click()
    assert "より上の希望の席を求められる家族" in desk.text()
    desk.look("trial-compare-outside")


def approval(head: Eyes, draft: str) -> None:
    """The section head decides on the phone."""
    head.go("/desk/decisions/")
    head.look("inbox")
    head.go(draft)
    head.look("draft")
    head.page.set_viewport_size(PHONE)
    head.page.get_by_role("button", name="決裁する", exact=True).click()
    head.page.wait_for_url("**/desk/decisions/")
    assert "決裁しました" in head.text()


def letters(desk: Eyes) -> None:
    """Made by the worker, looked at, and sent at one instant."""
    desk.go("/desk/gakudo-club/allocation/")
    desk.page.locator("#declines summary").click()
    desk.page.fill("#decline-number", "GK0000000")
    desk.page.fill("#decline-reason", "県外へ転出")
    desk.press("辞退を記録する")
    assert "決定した申請にありません" in desk.text()
    assert desk.page.locator("#decline-reason").input_value() == "県外へ転出"
    desk.look("allocation-settled")
    desk.press("通知を作る")
    desk.go("/desk/letters/")
    desk.look("letters")
    desk.page.locator('main a[href*="/desk/letters/"]').first.click()
    waited(desk, lambda: desk.page.get_by_role("link", name="発送する").count() > 0)
    desk.look("release")
    desk.press("発送する")
    desk.look("send")
    desk.press("発送する")
    assert "発送しました" in desk.text()
    desk.look("released")


def read_and_answered(home: Eyes, number: str) -> None:
    """The family sees the result, reads its letter and answers the one question."""
    home.go(f"/applications/{number}/")
    home.look("status-decided")
    home.page.locator('main a[href*="/letters/"]').first.click()
    home.page.wait_for_load_state()
    assert number in home.text()
    home.look("letter")
    home.go(f"/applications/{number}/")
    home.page.locator('button[name="score"][value="4"]').click()
    home.page.wait_for_load_state()
    home.look("surveyed")


PAGES = {
    "shinsa": ["gakudo-club/new/", "gakudo-club/new/?channel=counter", "gakudo-club/export/", "residents/", "residents/?q=今井",
               "gakudo-club/?view=marked", "gakudo-club/?q=zzz"],
    "madoguchi": ["", "gakudo-club/"],
    "kacho": ["decisions/", "measures/gakudo-club/", "adoption/", "adoption/drafts/"],
    "jumin": ["registry/imports/", "registry/imports/new/"],
    "joho": ["", "grants/", "procedures/", "keys/"],
    "kansa": ["", "trace/", "trace/?verify=1"],
}  # fmt: skip


@pytest.mark.parametrize("login", PAGES)
def test_every_page_of_a_role(login: str, window: Window, been: set[str]) -> None:
    eyes = entered(window(), login)
    for page in PAGES[login]:
        eyes.go(f"/desk/{page}")
        # The page of the keys names what other systems write in their requests.
        assert page == "keys/" or not CODE_WORD.search(eyes.text()), page
        eyes.look("-".join(filter(None, [login, re.sub(r"\W+", "-", page)])))
    been |= eyes.seen


def test_a_file_of_residents_and_a_person_by_day(window: Window, been: set[str]) -> None:
    """From the file to the register, then a person and a household by day."""
    eyes = entered(window(), "jumin")
    eyes.go("/desk/registry/imports/new/")
    text = "".join(town_csv(generate_families(3, 1, offset=900_000))).replace(",02,", ",33,", 1)
    eyes.page.set_input_files("#file", {"name": "住民.csv", "mimeType": "text/csv", "buffer": text.encode()})
    eyes.page.get_by_label("一部の人").check()
    eyes.press("読み取る")
    waited(eyes, lambda: eyes.page.get_by_role("link", name="住民記録との差分").count() > 0)
    eyes.look("import-report")
    eyes.page.locator('main a[href$="/rejections/"]').click()
    eyes.page.wait_for_load_state()
    eyes.look("import-rejections")
    eyes.page.go_back()
    eyes.page.get_by_role("link", name="住民記録との差分").click()
    eyes.page.wait_for_load_state()
    eyes.look("import-differences")
    eyes.press("反映する")
    waited(eyes, lambda: "住民記録に反映しました" in eyes.text())
    eyes.look("import-applied")
    eyes.go("/desk/registry/imports/")
    eyes.look("imports")
    eyes.go("/desk/residents/?q=8900002")
    eyes.page.locator('main a[href*="/desk/registry/residents/"]').first.click()
    eyes.page.wait_for_load_state()
    eyes.look("person")
    eyes.page.get_by_role("link", name="この日の世帯").click()
    eyes.page.wait_for_load_state()
    eyes.look("household")
    protect(eyes, "8900002")
    been |= eyes.seen


def protect(eyes: Eyes, number: str) -> None:
    """Register a protection unit for a person, and look at it and at the letters it stops."""
    eyes.go("/desk/protection/")
    eyes.look("protection-purpose")
    eyes.press("開く")
    eyes.page.fill("#applicant", number)
    eyes.page.locator('label:has([name="ground"])').first.click()
    eyes.press("登録する")
    eyes.look("protection-unit")
    eyes.go("/desk/protection/")
    eyes.look("protection")
    eyes.press("止めた通知")
    eyes.look("held-letters")


def test_a_document_is_opened_for_a_purpose(window: Window, been: set[str]) -> None:
    eyes = entered(window(), "shinsa")
    eyes.go("/desk/gakudo-club/?channel=online")
    for number in eyes.page.locator("[data-ledger] tbody tr td a").all_inner_texts():
        eyes.go(f"/desk/cases/{number}/")
        paper = eyes.page.locator('a[href*="/documents/"]')
        if paper.count():
            paper.first.click()
            eyes.page.wait_for_load_state()
            eyes.look("document-purpose")
            break
    eyes.go(f"/desk/cases/{number}/messages/")
    eyes.look("desk-messages")
    been |= eyes.seen
    assert "desk:document" in eyes.seen


def test_signing_in(window: Window, been: set[str]) -> None:
    eyes = window()
    eyes.go("/desk/login/")
    eyes.look("login")
    eyes.page.fill("#login", "shinsa")
    eyes.page.fill("#password", "wrong")
    eyes.page.press("#password", "Enter")
    eyes.page.wait_for_load_state()
    assert eyes.page.title().startswith("エラー：")
    eyes.look("login-failed")
    been |= eyes.seen


OPEN_PAGES = [
    "/about/privacy/",
    "/verify/",
    "/about/accessibility/",
    "/components/",
    "/components/desk/",
    "/search?q=zzzz",
    "/api/v1/",
]


@pytest.mark.parametrize("address", OPEN_PAGES)
def test_standing_pages(address: str, window: Window, been: set[str]) -> None:
    eyes = window()
    eyes.go(address)
    eyes.look()
    been |= eyes.seen
