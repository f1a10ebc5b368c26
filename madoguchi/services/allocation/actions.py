"""Every write of the allocation room."""

from madoguchi.services.allocation.computing import compute_round as compute_round
from madoguchi.services.allocation.computing import open_round as open_round
from madoguchi.services.allocation.exchanging import TakenIn as TakenIn
from madoguchi.services.allocation.exchanging import export_round as export_round
from madoguchi.services.allocation.exchanging import take_in_result as take_in_result
from madoguchi.services.allocation.holding import hold_seat as hold_seat
from madoguchi.services.allocation.holding import release_seat as release_seat
from madoguchi.services.allocation.letters import prepare_chunk as prepare_chunk
from madoguchi.services.allocation.ordering import order_letters as order_letters
from madoguchi.services.allocation.seat_giving import clear_seats as clear_seats
from madoguchi.services.allocation.seat_giving import give_seats as give_seats
from madoguchi.services.allocation.settling import answer_settled as answer_settled
from madoguchi.services.allocation.settling import submit_round as submit_round
from madoguchi.services.allocation.trial_ordering import order_computation as order_computation
from madoguchi.services.allocation.trial_ordering import start_trial as start_trial
from madoguchi.services.allocation.trial_ordering import start_weighing as start_weighing
