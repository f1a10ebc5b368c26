"""Files for core systems and the section's statistics, with the eyes of everybody."""

from collections.abc import Callable

import pytest

from tests.browser.eyes import Eyes
from tests.browser.test_desk import entered

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
Window = Callable[..., Eyes]
TARGET = "/desk/exports/gakudo-club/tokei/"


def test_a_file_for_a_core_system(window: Window, been: set[str]) -> None:
    eyes = entered(window(), "shinsa")
    eyes.go("/desk/exports/")
    eyes.look("exports")
    eyes.go(TARGET)
    eyes.look("export-target")
    eyes.go(f"{TARGET}new/")
    eyes.look("export-new")
    eyes.page.get_by_role("button", name="ファイルを作る").click()
    eyes.page.wait_for_url("**/desk/exports/files/**")
    eyes.look("export-file")
    eyes.go(f"{TARGET}cases/exported/")
    eyes.look("export-cases")
    been |= eyes.seen


def test_the_section_s_statistics(window: Window, been: set[str]) -> None:
    eyes = entered(window(), "kacho")
    eyes.go("/desk/statistics/")
    eyes.look("statistics-list")
    eyes.go("/desk/statistics/gakudo-club/?unit=day")
    eyes.look("statistics")
    eyes.page.locator("#channels a").first.click()
    eyes.page.wait_for_url("**/desk/gakudo-club/?*channel=online*")
    eyes.go("/desk/statistics/gakudo-club/public/")
    eyes.look("statistics-public")
    been |= eyes.seen
