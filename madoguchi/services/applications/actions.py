"""Every write of the applications room. One verb, one transaction: state, consequence and trace together."""

from madoguchi.services.applications.accepting import accept_chunk
from madoguchi.services.applications.bulk import accept_many
from madoguchi.services.applications.comments import edit_comment, strike_comment, write_comment
from madoguchi.services.applications.correction_texts import count_use, retire_text, save_text
from madoguchi.services.applications.corrections import (
    answer_correction,
    ask_correction,
    attach_file,
    withdraw,
)
from madoguchi.services.applications.deciding import back_to_accepted, decide_many, put_under_decision
from madoguchi.services.applications.intake import Order, receive, receive_many
from madoguchi.services.applications.merging import merge_cases, undo_merge
from madoguchi.services.applications.pausing import explain_delay, resume_clock, stop_clock
from madoguchi.services.applications.protecting import keep_cases_in_step
from madoguchi.services.applications.review import accept, assign, settle_check, start_review
from madoguchi.services.applications.staff_facts import enter_fact
from madoguchi.services.applications.unsent import (
    add_file,
    begin,
    drop_expired,
    drop_file,
    drop_unsent,
    save_page,
    submit,
)
from madoguchi.services.applications.views import Decided

__all__ = [
    "Decided",
    "Order",
    "accept",
    "accept_chunk",
    "accept_many",
    "add_file",
    "answer_correction",
    "ask_correction",
    "assign",
    "attach_file",
    "back_to_accepted",
    "begin",
    "count_use",
    "decide_many",
    "drop_expired",
    "drop_file",
    "drop_unsent",
    "edit_comment",
    "enter_fact",
    "explain_delay",
    "keep_cases_in_step",
    "merge_cases",
    "put_under_decision",
    "receive",
    "receive_many",
    "resume_clock",
    "retire_text",
    "save_page",
    "save_text",
    "settle_check",
    "start_review",
    "stop_clock",
    "strike_comment",
    "submit",
    "undo_merge",
    "withdraw",
    "write_comment",
]
