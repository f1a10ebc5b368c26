"""Every write of the applications room. One verb, one transaction: state, consequence and trace together."""

from madoguchi.services.applications.accepting import accept_chunk
from madoguchi.services.applications.bulk import accept_many
from madoguchi.services.applications.corrections import (
    answer_correction,
    ask_correction,
    attach_file,
    withdraw,
)
from madoguchi.services.applications.deciding import back_to_accepted, decide_many, put_under_decision
from madoguchi.services.applications.intake import Order, receive, receive_many
from madoguchi.services.applications.messages import answer_message, mark_messages_read, write_message
from madoguchi.services.applications.protecting import keep_cases_in_step
from madoguchi.services.applications.review import accept, assign, settle_check, start_review
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
    "answer_message",
    "ask_correction",
    "assign",
    "attach_file",
    "back_to_accepted",
    "begin",
    "decide_many",
    "drop_expired",
    "drop_file",
    "drop_unsent",
    "keep_cases_in_step",
    "mark_messages_read",
    "put_under_decision",
    "receive",
    "receive_many",
    "save_page",
    "settle_check",
    "start_review",
    "submit",
    "withdraw",
    "write_message",
]
