"""Every write of the controls room."""

from madoguchi.clerical.controls.checking import check as check
from madoguchi.clerical.controls.checking import require_controls_clear as require_clear
from madoguchi.clerical.controls.checklists import fill_checklist as fill_checklist
from madoguchi.clerical.controls.drawing import draw_sample as draw_sample
from madoguchi.clerical.controls.drawing import judge_sampled as judge_sampled
from madoguchi.clerical.controls.handing_out import export_findings as export_findings
from madoguchi.clerical.controls.handing_out import export_sample as export_sample
from madoguchi.clerical.controls.overriding import override as override
from madoguchi.clerical.controls.subscribing import subscribe as subscribe
from madoguchi.clerical.controls.subscribing import unsubscribe as unsubscribe

__all__ = [
    "check",
    "draw_sample",
    "export_findings",
    "export_sample",
    "fill_checklist",
    "judge_sampled",
    "override",
    "require_clear",
    "subscribe",
    "unsubscribe",
]
