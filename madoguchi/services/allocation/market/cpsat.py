"""CP-SAT of OR-Tools, loaded only when a model is asked.

The model is handed over as the text of `CpModelProto`, the published format of the solver, to its compiled module: the
Python layer above it would load pandas and numpy (half a second) and build each constraint object by object. One search
worker and a fixed seed: the same model gives the same answer, unless the time is over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from .limits import Limit
from .modelling import Model, Terms

LARGEST = 9223372036854775807


@dataclass(frozen=True)
class Answer:
    """values by variable, None when none were found; bound: no values can reach more of what was maximised.

    proven: nothing better exists, or with no values: nothing at all exists.
    """

    values: Sequence[int] | None
    bound: float
    proven: bool


def ask(
    model: Model, maximise: Terms, *, limit: Limit, seed: int, hint: Mapping[int, int] | None = None
) -> Answer:
    """The best values within the limit."""
    most = float(sum(max(0, factor) for _, factor in maximise))
    if model.impossible:
        return Answer(None, most, True)
    if limit.over():
        return Answer(None, most, False)
    compiled: Any = import_module("ortools.sat.python.cp_model_helper")
    proto = compiled.CpModelProto()
    if not proto.parse_text_format(_text(model, maximise, hint or {})):
        raise RuntimeError("the solver does not take its own published text format")
    solver = compiled.SolveWrapper()
    parameters = compiled.SatParameters()
    parameters.num_workers = 1
    parameters.linearization_level = 1 if model.claims else 2
    parameters.random_seed = seed
    parameters.max_time_in_seconds = max(0.0, limit.left())
    parameters.max_deterministic_time = limit.effort
    solver.set_parameters(parameters)
    told = solver.solve(proto)
    optimal = told.status == compiled.CpSolverStatus.OPTIMAL
    if optimal or told.status == compiled.CpSolverStatus.FEASIBLE:
        bound = -told.best_objective_bound if maximise else most
        return Answer(list(told.solution), bound, optimal)
    return Answer(None, most, told.status == compiled.CpSolverStatus.INFEASIBLE)


def _text(model: Model, maximise: Terms, hint: Mapping[int, int]) -> str:
    rows = ["variables { domain: [0, 1] }\n" * model.count]
    rows += [f"constraints {{ exactly_one {{ literals: {each} }} }}\n" for each in model.one_of]
    for terms, least, when in model.rows:
        enforced = f"enforcement_literal: {list(when)} " if when else ""
        rows.append(
            f"constraints {{ {enforced}linear {{ {_terms(terms)} domain: [{least}, {LARGEST}] }} }}\n"
        )
    if maximise:
        rows.append(f"objective {{ {_terms([(each, -factor) for each, factor in maximise])} }}\n")
    if hint:
        rows.append(f"solution_hint {{ vars: {list(hint)} values: {list(hint.values())} }}\n")
    return "".join(rows)


def _terms(terms: Terms) -> str:
    if not terms:
        return ""
    return f"vars: {[each for each, _ in terms]} coeffs: {[factor for _, factor in terms]}"
