"""Every write of the subsidies room."""

from madoguchi.services.subsidies.claiming import claim as claim
from madoguchi.services.subsidies.claiming import offer as offer
from madoguchi.services.subsidies.confirming import confirm as confirm
from madoguchi.services.subsidies.confirming import examine as examine
from madoguchi.services.subsidies.confirming import let_stand as let_stand
from madoguchi.services.subsidies.controlling import check_case as check_case
from madoguchi.services.subsidies.granting import submit_grants as submit_grants
from madoguchi.services.subsidies.letters import prepare_chunk as prepare_chunk
from madoguchi.services.subsidies.ordering import order_letters as order_letters
from madoguchi.services.subsidies.paying import export_payments as export_payments
from madoguchi.services.subsidies.paying import submit_payments as submit_payments
from madoguchi.services.subsidies.settling import answer_settled as answer_settled
from madoguchi.services.subsidies.withdrawals import order_withdrawal_letters as order_withdrawal_letters
