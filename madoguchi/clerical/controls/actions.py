"""Every write of the controls room."""

from madoguchi.clerical.controls.checking import check as check
from madoguchi.clerical.controls.checking import require_controls_clear as require_clear
from madoguchi.clerical.controls.checklists import fill_checklist as fill_checklist
from madoguchi.clerical.controls.overriding import override as override

__all__ = ["check", "fill_checklist", "override", "require_clear"]
