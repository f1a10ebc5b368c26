"""A procedure package: a folder of files read into one object, or refused with every fault it has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from .context import OUTER_NAMES
from .controls import Controls
from .controls_file import FILE as CONTROLS_FILE
from .controls_file import read_controls
from .core_layout import read_layouts
from .csv_tables import CsvTable, read_csv
from .examples import Example, read_examples
from .faults import Fault, PackageFaults
from .flow import Flow, read_flow
from .folder import files_of, refuse_unfit, sha256_of
from .form import Form, read_form
from .offers import Facility, Period
from .places import read_facilities
from .procedure_file import Procedure, read_procedure, unknown_answers
from .proxy import missing_fields
from .scoring_rules import FILE as SCORING_FILE
from .scoring_rules import ScoringRules, read_scoring
from .seat_rules import unfit_seats
from .toml_source import Table, read_toml

Read = TypeVar("Read")


@dataclass(frozen=True, kw_only=True)
class Package(Procedure):
    """Everything one version of a procedure says: procedure.toml with its form, flow, tables and letters."""

    form: Form
    flow: Flow
    tables: Mapping[str, CsvTable]
    facilities: tuple[Facility, ...]
    letters: Mapping[str, str]
    scoring: ScoringRules | None
    controls: Controls
    examples: tuple[Example, ...]
    files: Mapping[str, bytes]
    sha256: str

    @cached_property
    def known_names(self) -> frozenset[str]:
        """Every name rules of this package may use."""
        return frozenset({*self.outer_names, *self.form.names()})

    @property
    def outer_names(self) -> frozenset[str]:
        return OUTER_NAMES | {f"facts.{fact.key}" for fact in self.facts}

    def period(self, code: str) -> Period:
        """The round of that code. Raises KeyError."""
        found = next((period for period in self.periods if period.code == code), None)
        if found is None:
            raise KeyError(code)
        return found

    def open_period(self, on: date) -> Period | None:
        """The round in which one may apply on a day."""
        return next((period for period in self.periods if period.is_open(on)), None)

    def facility(self, code: str) -> Facility | None:
        return next((place for place in self.facilities if place.code == code), None)


def read_package(folder: Path) -> Package:
    """Read a folder. Raises PackageFaults with everything that is wrong."""
    return read_files(files_of(folder))


def read_files(files: Mapping[str, bytes]) -> Package:
    """Read a package from contents by path. Raises PackageFaults with everything that is wrong."""
    refuse_unfit(files)
    reader = PackageReader(files)
    package = reader.read()
    if reader.faults or package is None:
        raise PackageFaults(reader.faults)
    return package


NEEDED = ("procedure.toml", "form.toml", "flow.toml")


class PackageReader:
    """Reads part after part and keeps the faults, so that an author sees all of them at once."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.faults: list[Fault] = []

    def read(self) -> Package | None:
        for name in NEEDED:
            if name not in self.files:
                self.faults.append(Fault(name, 0, "このファイルがありません。パッケージに置いてください。"))
        tables = self.read_tables()
        letters = self.read_letters()
        procedure = self.part("procedure.toml", read_procedure)
        if procedure is None:
            return None
        outer = OUTER_NAMES | {"facts"} | {f"facts.{fact.key}" for fact in procedure.facts}
        facilities = self.read_places(procedure, tables)
        form = self.part("form.toml", lambda table: read_form(table, outer, self.files))
        if form is None:
            return None
        self.faults += [
            Fault("procedure.toml", max(procedure.proxy_line, 1), sentence)
            for sentence in missing_fields(procedure.proxy, form)
        ]
        self.faults += [
            Fault("procedure.toml", line, sentence)
            for line, sentence in unknown_answers(procedure.facts, form.fields)
        ]
        known = outer | form.names()
        flow = self.part("flow.toml", lambda table: read_flow(table, known, letters))
        examples = self.part("examples.toml", lambda table: read_examples(table, form)) or ()
        scoring = self.read_points(known)
        self.check_seats(facilities, scoring)
        controls = self.part(CONTROLS_FILE, lambda table: read_controls(table, known, procedure.facts, form))
        self.check_exports(known)
        if flow is None:
            return None
        return Package(
            **vars(procedure),
            form=form,
            flow=flow,
            tables=tables,
            facilities=facilities,
            letters=letters,
            scoring=scoring,
            controls=controls or Controls(),
            examples=examples,
            files=self.files,
            sha256=sha256_of(self.files),
        )

    def part(self, name: str, read: Callable[[Table], Read]) -> Read | None:
        """One TOML file read by its reader; None when it is absent or broken."""
        if name not in self.files:
            return None
        try:
            table = read_toml(name, self.files[name])
        except PackageFaults as error:
            self.faults += error.faults
            return None
        found = read(table)
        self.faults += table.source.faults
        return found

    def read_tables(self) -> dict[str, CsvTable]:
        tables = {}
        for name, content in sorted(self.files.items()):
            if name.endswith(".csv"):
                try:
                    tables[Path(name).stem] = read_csv(name, content)
                except PackageFaults as error:
                    self.faults += error.faults
        return tables

    def check_exports(self, known: Collection[str]) -> None:
        """Layouts of core systems that lie in the version itself."""
        try:
            read_layouts(self.files, known)
        except PackageFaults as error:
            self.faults += error.faults

    def read_points(self, known: Collection[str]) -> ScoringRules | None:
        """scoring.toml with its tables; None when the procedure has no points."""
        try:
            return read_scoring(self.files, known)
        except PackageFaults as error:
            self.faults += error.faults
            return None

    def check_seats(self, facilities: tuple[Facility, ...], scoring: ScoringRules | None) -> None:
        """Classes of the table of facilities and classes of the children go together."""
        sentence = unfit_seats(facilities, scoring.seats) if scoring else ""
        if sentence:
            self.faults.append(Fault(SCORING_FILE, 0, sentence))

    def read_letters(self) -> dict[str, str]:
        letters = {}
        for name, content in sorted(self.files.items()):
            if name.startswith("letters/") and name.endswith(".typ"):
                try:
                    letters[Path(name).stem] = content.decode("utf-8")
                except UnicodeDecodeError:
                    self.faults.append(
                        Fault(name, 0, "UTF-8 の文字として読めません。UTF-8 で保存し直してください。")
                    )
        return letters

    def read_places(self, procedure: Procedure, tables: Mapping[str, CsvTable]) -> tuple[Facility, ...]:
        if not procedure.facilities_table:
            return ()
        table = tables.get(procedure.facilities_table)
        if table is None:
            sentence = f"「facilities」の表「tables/{procedure.facilities_table}.csv」を読めません。"
            self.faults.append(Fault("procedure.toml", procedure.facilities_line, sentence))
            return ()
        try:
            return read_facilities(table)
        except PackageFaults as error:
            self.faults += error.faults
            return ()
