"""内部統制 as audit and accounting use it: from the catalogue to the proof, on a telephone too."""

from collections.abc import Callable

import pytest

from tests.browser.eyes import Eyes
from tests.browser.test_desk import entered
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


@pytest.fixture(scope="module")
def controlled(site: Site) -> int:
    """How many exceptions there are."""
    return int(site.ask("tests.controlled_site")["findings"])


def test_an_auditor_goes_from_the_catalogue_to_a_drawn_case(
    controlled: int, window: Callable[..., Eyes], been: set[str]
) -> None:
    eyes = entered(window(), "kansa")
    eyes.go("/desk/controls/")
    eyes.look("controls-catalogue")
    eyes.page.locator("main a.bad").first.click()
    eyes.page.wait_for_url("**/desk/controls/findings/?**")
    eyes.go("/desk/controls/findings/?result=not_run&key=ic12")
    eyes.look("controls-not-run")
    eyes.go("/desk/controls/findings/?result=violated")
    eyes.look("controls-violated")
    eyes.go("/desk/controls/findings/")
    assert f"{controlled}件" in eyes.text()
    eyes.go("/desk/controls/findings/?state=overridden")
    eyes.page.locator('main td a[href*="/findings/"]').first.click()
    eyes.page.wait_for_load_state()
    eyes.look("controls-finding")
    eyes.go("/desk/controls/runs/?key=ic01")
    eyes.look("controls-runs")
    eyes.go("/desk/controls/samples/")
    eyes.look("controls-samples-empty")
    eyes.page.get_by_label("リスク").check()
    eyes.press("抽出する")
    eyes.look("controls-sample-risk")
    eyes.go("/desk/controls/samples/")
    eyes.look("controls-samples")
    been |= eyes.seen


def test_accounting_subscribes_and_writes_down_a_look(
    controlled: int, window: Callable[..., Eyes], been: set[str]
) -> None:
    eyes = entered(window(), "kaikei")
    eyes.go("/desk/controls/subscriptions/")
    eyes.page.select_option("#what", "sample/ic01")
    eyes.press("購読を始める")
    eyes.look("controls-subscriptions")
    eyes.go("/desk/controls/samples/")
    eyes.page.fill("#seed", "4 2 6")
    eyes.press("抽出する")
    eyes.page.locator('main input[name="note"]').first.fill("領収書の日付が申請と違う")
    eyes.page.locator('main button[value="failed"]').first.click()
    eyes.page.wait_for_load_state()
    assert "領収書の日付が申請と違う" in eyes.text()
    eyes.look("controls-sample")
    eyes.go("/desk/trace/")
    eyes.look("controls-trace-of-payments")
    been |= eyes.seen


def test_a_section_head_reads_controls_and_draws_nothing(
    controlled: int, window: Callable[..., Eyes], been: set[str]
) -> None:
    eyes = entered(window(), "kacho")
    eyes.go("/desk/controls/")
    assert "抽出" not in eyes.page.locator("main nav").first.inner_text()
    eyes.go("/desk/procedures/sample/2026-04/")
    eyes.look("controls-in-words")
    been |= eyes.seen
