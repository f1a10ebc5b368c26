"""Long work of the allocation room, in pieces that may be run again."""

from uuid import UUID

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import clock, jobs
from madoguchi.ledgers.office.queries import staff_by_login
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import Sight, municipality_session
from madoguchi.services.allocation import trying
from madoguchi.services.allocation.computing import compute_round
from madoguchi.services.allocation.letters import prepare_chunk


@app.task(name="allocation.prepare_letters_chunk")
def prepare_letters_chunk(municipality_id: int, release_id: str, round_id: int, ids: list[int]) -> None:
    """Set one chunk of letters; running it again does only what is left."""
    with municipality_session(municipality_id, Sight.ALL):
        prepare_chunk(round_id=round_id, release_id=UUID(release_id), ids=ids, at=clock.now())


@app.task(name="allocation.compute")
def compute(municipality_id: int, round_id: int, login: str, job_id: str) -> None:
    """Compute a round for whoever pressed the button; what is refused stands at the job."""
    with municipality_session(municipality_id):
        key, staff = UUID(job_id), staff_by_login(login)
        if staff is None or jobs.is_stopped(key):
            return
        try:
            compute_round(round_id=round_id, by=staff, at=clock.now())
        except Refusal as refusal:
            trying.fail(key, refusal, clock.now())
            return
        jobs.finish(key, at=clock.now(), result={"round": round_id})


@app.task(name="allocation.run_trial")
def run_trial(municipality_id: int, trial_id: int) -> None:
    """Compute a trial; running it again keeps it once."""
    with municipality_session(municipality_id):
        trying.run_trial(trial_id=trial_id, at=clock.now())


@app.task(name="allocation.weigh_rows")
def weigh_rows(municipality_id: int, round_id: int, job_id: str) -> None:
    """Weigh the rows of the points tables; running it again goes on with those that are left."""
    with municipality_session(municipality_id):
        trying.weigh_rows(round_id=round_id, job_id=UUID(job_id), at=clock.now())
