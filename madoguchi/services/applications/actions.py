"""Every write of the applications room. One verb, one transaction: state, consequence and trace together."""

from madoguchi.services.applications.accepting import accept_chunk
from madoguchi.services.applications.asking import look_again
from madoguchi.services.applications.bulk import accept_many, begin_bulk, undo_bulk
from madoguchi.services.applications.comments import edit_comment, strike_comment, write_comment
from madoguchi.services.applications.core_exporting import begin_export_due, export_again, export_due
from madoguchi.services.applications.core_handing import (
    call_off_core_file,
    fetch_core_file,
    settle_core_row,
    take_core_answer,
)
from madoguchi.services.applications.correction_texts import count_use, retire_text, save_text
from madoguchi.services.applications.corrections import (
    answer_correction,
    ask_correction,
    attach_file,
    withdraw,
)
from madoguchi.services.applications.deciding import (
    back_to_accepted,
    decide_again,
    decide_many,
    decline,
    put_under_decision,
)
from madoguchi.services.applications.disposing import dispose_chunk
from madoguchi.services.applications.dry_running import answer_about_to_publish, try_chunk
from madoguchi.services.applications.example_making import keep_case_example
from madoguchi.services.applications.expiring import announce_expiring, drop_expired
from madoguchi.services.applications.exporting import begin_to_export, export_now, fetch_made
from madoguchi.services.applications.holding import hold_case, release_hold
from madoguchi.services.applications.intake import Order, receive, receive_many
from madoguchi.services.applications.looking_up import look_up_again
from madoguchi.services.applications.merging import merge_cases, undo_merge
from madoguchi.services.applications.messages import answer_message, mark_messages_read, write_message
from madoguchi.services.applications.pausing import explain_delay, resume_clock, stop_clock
from madoguchi.services.applications.protecting import keep_cases_in_step
from madoguchi.services.applications.rebasing import (
    ask_about_changes,
    begin_rebasing,
    keep_version,
    rebase_chunk,
    take_over_case,
)
from madoguchi.services.applications.resuming import resume, resume_code
from madoguchi.services.applications.retention_running import begin_run, drop_run, prepare_run, submit_run
from madoguchi.services.applications.review import accept, assign, settle_check, start_review
from madoguchi.services.applications.saved_views import change_view, drop_view, keep_habit, save_view
from madoguchi.services.applications.staff_facts import enter_fact
from madoguchi.services.applications.submitting import submit
from madoguchi.services.applications.unsent import (
    add_file,
    begin,
    drop_file,
    drop_unsent,
    save_page,
)
from madoguchi.services.applications.version_work import answer_went_live, start_dry_run
from madoguchi.services.applications.views import Decided

__all__ = [
    "Decided",
    "Order",
    "accept",
    "accept_chunk",
    "accept_many",
    "add_file",
    "announce_expiring",
    "answer_about_to_publish",
    "answer_correction",
    "answer_message",
    "answer_went_live",
    "ask_about_changes",
    "ask_correction",
    "assign",
    "attach_file",
    "back_to_accepted",
    "begin",
    "begin_bulk",
    "begin_export_due",
    "begin_rebasing",
    "begin_run",
    "begin_to_export",
    "call_off_core_file",
    "change_view",
    "count_use",
    "decide_again",
    "decide_many",
    "decline",
    "dispose_chunk",
    "drop_expired",
    "drop_file",
    "drop_run",
    "drop_unsent",
    "drop_view",
    "edit_comment",
    "enter_fact",
    "explain_delay",
    "export_again",
    "export_due",
    "export_now",
    "fetch_core_file",
    "fetch_made",
    "hold_case",
    "keep_case_example",
    "keep_cases_in_step",
    "keep_habit",
    "keep_version",
    "look_again",
    "look_up_again",
    "mark_messages_read",
    "merge_cases",
    "prepare_run",
    "put_under_decision",
    "rebase_chunk",
    "receive",
    "receive_many",
    "release_hold",
    "resume",
    "resume_clock",
    "resume_code",
    "retire_text",
    "save_page",
    "save_text",
    "save_view",
    "settle_check",
    "settle_core_row",
    "start_dry_run",
    "start_review",
    "stop_clock",
    "strike_comment",
    "submit",
    "submit_run",
    "take_core_answer",
    "take_over_case",
    "try_chunk",
    "undo_bulk",
    "undo_merge",
    "withdraw",
    "write_comment",
    "write_message",
]
