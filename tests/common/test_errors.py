import copy
import pickle

from madoguchi.common.errors import Refusal


class WrongStage(Refusal):
    code = "applications.wrong_stage"


def test_refusal_is_sentence_then_next_step():
    refusal = Refusal("決定済みです。", next_step="一覧に戻ってください。", code="applications.decided")
    assert str(refusal) == "決定済みです。一覧に戻ってください。"
    assert (refusal.sentence, refusal.next_step) == ("決定済みです。", "一覧に戻ってください。")
    assert refusal.code == "applications.decided"


def test_refusal_of_a_room_has_its_own_code():
    assert WrongStage("できません。", next_step="読み直してください。").code == "applications.wrong_stage"
    assert WrongStage("できません。", next_step="読み直してください。", code="x.y").code == "x.y"


def test_refusal_survives_copying_and_the_job_queue():
    refusal = WrongStage("できません。", next_step="読み直してください。")
    for again in (copy.copy(refusal), pickle.loads(pickle.dumps(refusal))):
        assert type(again) is WrongStage
        assert (str(again), again.code) == (str(refusal), refusal.code)
