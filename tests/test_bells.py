"""The list of bells says what the code says."""

import re
from pathlib import Path

from django.utils.module_loading import autodiscover_modules

from madoguchi.common.bells import all_bells

LIST = Path(__file__).resolve().parent.parent / "docs/reference/bells.md"
ROW = re.compile(r"^\| `(?P<bell>[\w.]+)` \| (?P<when>[^|]+) \| (?P<answers>[^|]+) \|$", re.M)


def test_every_bell_and_every_answer_is_listed() -> None:
    autodiscover_modules("bells", "actions")
    listed = {
        row["bell"]: re.findall(r"`([\w.]+)`", row["answers"]) for row in ROW.finditer(LIST.read_text())
    }
    assert listed == {bell.name: list(bell.answers) for bell in all_bells()}
