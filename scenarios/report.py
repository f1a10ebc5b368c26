"""What a scenario or a bench says of itself: figures computed in the run, and checks that can fail."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Check:
    """One thing that must be true at the end, with what was seen."""

    what: str
    passed: bool
    detail: str = ""


@dataclass
class Report:
    """`figures` are numbers of the run; `passed` is true only when every check passed."""

    name: str
    figures: dict[str, Any] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)

    def check(self, what: str, passed: bool, detail: str = "") -> None:
        self.checks.append(Check(what, bool(passed), detail))

    @property
    def passed(self) -> bool:
        return bool(self.checks) and all(check.passed for check in self.checks)

    def as_json(self) -> str:
        """One line, as users of the commands rely on."""
        return json.dumps(
            {
                "name": self.name,
                "passed": self.passed,
                "figures": self.figures,
                "checks": [asdict(check) for check in self.checks],
            },
            ensure_ascii=False,
            default=str,
        )

    def as_text(self) -> str:
        """The same for people."""
        figures = "\n".join(f"  {name}: {value}" for name, value in self.figures.items())
        checks = "\n".join(
            f"  {'よし' if check.passed else 'だめ'}  {check.what} {check.detail}".rstrip()
            for check in self.checks
        )
        return f"{self.name}\n{figures}\n{checks}"
