"""Every write of the decisions room."""

from madoguchi.clerical.decisions.deciding import approve as approve
from madoguchi.clerical.decisions.deciding import reject as reject
from madoguchi.clerical.decisions.deciding import return_draft as return_draft
from madoguchi.clerical.decisions.drafting import submit_draft as submit_draft
from madoguchi.clerical.decisions.rerouting import change_approver as change_approver
