"""Every write of the decisions room."""

from madoguchi.clerical.decisions.circulating import circulate as circulate
from madoguchi.clerical.decisions.deciding import approve as approve
from madoguchi.clerical.decisions.deciding import reject as reject
from madoguchi.clerical.decisions.deciding import return_draft as return_draft
from madoguchi.clerical.decisions.drafting import submit_draft as submit_draft
from madoguchi.clerical.decisions.editions import attach as attach
from madoguchi.clerical.decisions.rerouting import change_approver as change_approver
from madoguchi.clerical.decisions.settling_rules import put_in_table as put_in_table
from madoguchi.clerical.decisions.settling_rules import set_document_class as set_document_class
from madoguchi.clerical.decisions.standing_in import pull_up as pull_up
from madoguchi.clerical.decisions.standing_in import stand_in as stand_in
from madoguchi.clerical.decisions.taking_back import discard as discard
from madoguchi.clerical.decisions.taking_back import look_done as look_done
from madoguchi.clerical.decisions.taking_back import record_paper_decision as record_paper_decision
from madoguchi.clerical.decisions.taking_back import take_back as take_back
