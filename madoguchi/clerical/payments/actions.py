"""Every write of the payments room."""

from madoguchi.clerical.payments.budgeting import change_appropriation as change_appropriation
from madoguchi.clerical.payments.budgeting import enter_appropriation as enter_appropriation
from madoguchi.clerical.payments.committing import cancel_commitment as cancel_commitment
from madoguchi.clerical.payments.committing import commit as commit
from madoguchi.clerical.payments.importing import take_snapshot as take_snapshot
from madoguchi.clerical.payments.ordering import approve_orders as approve_orders
from madoguchi.clerical.payments.ordering import return_orders as return_orders
from madoguchi.clerical.payments.ordering import submit_orders as submit_orders
from madoguchi.clerical.payments.ordering import take_claim as take_claim
from madoguchi.clerical.payments.paying import export_orders as export_orders
from madoguchi.clerical.payments.paying import fetch_payment_file as fetch_payment_file
from madoguchi.clerical.payments.returning import fail_transfer as fail_transfer
from madoguchi.clerical.payments.returning import take_return as take_return
