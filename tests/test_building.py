"""The rules of the house, as tests: what a reviewer would otherwise say twice."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "madoguchi"
PRODUCT = [ROOT / "madoguchi", ROOT / "config", ROOT / "demo", ROOT / "scenarios"]


def python_files(*roots: Path) -> list[Path]:
    return [file for root in roots for file in sorted(root.rglob("*.py")) if "migrations" not in file.parts]


class _OnlyWhatRuns(ast.NodeTransformer):
    def visit_If(self, node: ast.If) -> ast.AST | None:
        only_for_types = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return None if only_for_types else self.generic_visit(node)


def imports_of(file: Path) -> Iterator[str]:
    """What a file imports when it runs; names needed by the type checker only open no door."""
    for node in ast.walk(_OnlyWhatRuns().visit(ast.parse(file.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def functions_of(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{file.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1


def test_a_room_opens_only_its_own_tables() -> None:
    trespassers = [
        f"{file.relative_to(ROOT)} reads {module}"
        for file in python_files(*PRODUCT)
        for module in imports_of(file)
        if re.fullmatch(r"madoguchi\.\w+\.\w+\.models", module)
        and list(file.relative_to(ROOT).parts[:3]) != module.split(".")[:3]
    ]
    assert trespassers == []


def test_screens_have_no_queries() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {call}"
        for file in python_files(HOUSE / "web")
        for call in re.findall(
            r"\.objects\b|connection\.cursor|transaction\.atomic|\.save\(\)", file.read_text(encoding="utf-8")
        )
    ]
    assert found == []


def test_packages_are_data() -> None:
    assert [str(file) for file in (ROOT / "packages").rglob("*.py")] == []


def test_what_day_it_is_is_asked_of_one_clock() -> None:
    asking = re.compile(r"date\.today\(|datetime\.now\(|timezone\.(now|localdate|localtime)\(\)")
    found = [
        str(file.relative_to(ROOT))
        for file in python_files(*PRODUCT)
        if file != HOUSE / "ledgers/office/clock.py" and asking.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_rules_are_given_their_day() -> None:
    rooms = [HOUSE / floor for floor in ("common", "ledgers", "clerical", "services", "improvement")]
    asking = [
        str(file.relative_to(ROOT))
        for file in python_files(*rooms)
        if file.name != "tasks.py" and "madoguchi.ledgers.office.clock" in set(imports_of(file))
    ]
    assert asking == []


def test_functions_are_short() -> None:
    lengths = [length for file in python_files(*PRODUCT) for _, length in functions_of(file)]
    ordered = sorted(lengths)
    assert statistics.median(lengths) <= 8
    assert ordered[int(len(ordered) * 0.95)] <= 30
    too_long = [name for file in python_files(*PRODUCT) for name, length in functions_of(file) if length > 50]
    assert too_long == []


@pytest.mark.parametrize(
    ("roots", "limit"), [(PRODUCT, 400), ([ROOT / "tests"], 500)], ids=["product", "tests"]
)
def test_files_are_short(roots: list[Path], limit: int) -> None:
    too_long = [
        f"{file.relative_to(ROOT)}: {lines}"
        for file in python_files(*roots)
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > limit
    ]
    assert too_long == []


def test_scripts_and_styles_are_short_and_stand_in_files() -> None:
    scripts = [file for file in HOUSE.rglob("*.js") if len(file.read_text().splitlines()) > 100]
    assert scripts == []
    inline = [
        f"{file.relative_to(ROOT)}: {found}"
        for file in HOUSE.rglob("*.html")
        for found in re.findall(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son\w+=", file.read_text())
    ]
    assert inline == []


def test_every_room_says_what_it_is() -> None:
    rooms = [
        folder
        for floor in ("ledgers", "clerical", "services", "improvement")
        for folder in (HOUSE / floor).iterdir()
        if (folder / "apps.py").exists()
    ]
    assert [str(room) for room in rooms if not (room / "README.md").exists()] == []


def test_actions_take_their_arguments_by_name() -> None:
    loose = [
        f"{file.relative_to(ROOT)}:{node.name}"
        for file in HOUSE.rglob("actions.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and len(node.args.args) > 3
    ]
    assert loose == []


def test_nothing_is_left_to_do_in_the_code() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    found = [str(file) for file in python_files(*PRODUCT) if marks.search(file.read_text(encoding="utf-8"))]
    assert found == []


def test_no_column_for_the_individual_number() -> None:
    words = re.compile(r"個人番号|my_?number|individual_number", re.IGNORECASE)
    files = [*HOUSE.rglob("migrations/*.py"), *HOUSE.rglob("*.sql")]
    assert [str(file) for file in files if words.search(file.read_text(encoding="utf-8"))] == []


def test_locks_name_no_address() -> None:
    for lock in ROOT.glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text
        assert "--hash=sha256:" in text


def test_nothing_is_fetched_from_outside_at_run_time() -> None:
    outside = re.compile(r"""(?:src|href)=["']https?://|url\(["']?https?://|@import""")
    files = [file for kind in ("*.html", "*.css", "*.js") for file in HOUSE.rglob(kind)]
    assert [str(file) for file in files if outside.search(file.read_text(encoding="utf-8"))] == []
