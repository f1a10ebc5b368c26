"""猫の去勢・不妊手術費補助金, from the receipt to the file of payments, with something wrong in every control point."""

import sys
import time
import uuid
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from demo.town import found_the_town
from madoguchi.clerical.controls.states import SampleKind
from madoguchi.clerical.notices.actions import release_all
from madoguchi.clerical.payments.actions import take_snapshot
from madoguchi.clerical.payments.queries import orders
from madoguchi.clerical.payments.states import SnapshotKind
from madoguchi.ledgers.documents.actions import keep_file
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_package
from madoguchi.ledgers.registry.actions import enter_households
from madoguchi.ledgers.registry.queries import residents_by_number
from madoguchi.ledgers.registry.town_generator import generate_families
from madoguchi.services.applications.actions import Order, receive_many
from madoguchi.services.applications.states import Channel
from madoguchi.services.subsidies import actions as subsidies
from madoguchi.services.subsidies.queries import settled_grants
from scenarios.held_letters import look_at_stopped_letters
from scenarios.neko_hojokin import attempts, desk, verdicts
from scenarios.neko_hojokin.people import Handed, applications, as_registered
from scenarios.neko_hojokin.season import (
    AT_PAYMENT,
    CLAIM_DAY,
    DECISION_DAY,
    FULL,
    PAYMENT_DAY,
    PERIOD,
    RECEIPT_DAY,
    RELEASE_DAY,
    SEED,
    SLUG,
    SMALL,
    Season,
    at,
)
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.whole_period.desk import wait_for

Answer = TypeVar("Answer")


def play(stage: Stage) -> Report:
    """Play it and look at everything it left behind."""
    season = FULL if stage.size == "full" else SMALL
    report, began, seconds = Report(SLUG), time.monotonic(), dict[str, float]()

    def timed(part: str, work: Callable[[], Answer]) -> Answer:
        start = time.monotonic()
        try:
            return work()
        finally:
            seconds[part] = round(time.monotonic() - start, 1)
            print(f"{part}: {seconds[part]} s", file=sys.stderr, flush=True)

    loaded, made = timed("found", lambda: _found(season))
    handed, ids = timed("receive", lambda: _receive(loaded, made, season))
    found = timed("controls", lambda: desk.review(loaded, handed, ids))
    verdicts.controls(report, handed, found)
    clear = [number for number, keys in found.items() if not keys]
    budget = attempts.enter_budget(loaded, attempts.GRANTS, _not_enough(handed))
    stopped = timed("stopped", lambda: _try_the_others(found, ids, budget, report))
    late = {ids[number] for number in clear if handed[number].wrong == "ic30_rights"}
    stage.turn_to(DECISION_DAY)
    timed("decide", lambda: _decide(loaded, report, [ids[number] for number in clear], late, budget))
    timed("letters", lambda: _letters(stage))
    timed("pay", lambda: _pay(loaded, report, handed, ids, clear))
    verdicts.money(report, budget, len(clear), len(stopped))
    report.figures |= {"seconds": round(time.monotonic() - began, 1), "seconds_by_part": seconds}
    return report


def _found(season: Season) -> tuple[LoadedPackage, list[Handed]]:
    found_the_town(residents=0, at=at(RECEIPT_DAY, 8), applications=0)
    enter_municipality(office.municipality_by_code("999999").pk)
    houses = list(generate_families(season.applications * 2, SEED, offset=700_000))
    made = applications(season, houses, Random(SEED))
    wrong = {each.house.number: each.wrong for each in made}
    registered = [as_registered(house, wrong.get(house.number, "")) for house in houses]
    enter_households(registered, by=SYSTEM, at=at(RECEIPT_DAY, 8, 30))
    attempts.second_head()
    return live_package(SLUG), made


def _receive(
    loaded: LoadedPackage, made: list[Handed], season: Season
) -> tuple[dict[str, Handed], dict[str, int]]:
    """Both lists are taken in, then every application by the one intake; by number, and their keys."""
    assert len(made) == season.applications
    _lists(made)
    keys = residents_by_number(each.person.atena_number for each in made)
    clerk = actor_of(desk.staff("eisei"))
    waiting = (
        Order(
            version_id=loaded.version_id,
            period_code=PERIOD,
            raw=each.raw,
            channel=Channel.PAPER,
            by=clerk,
            at=each.at,
            submission_key=each.key,
            resident_id=None if each.wrong == "ic05_resident" else keys[each.person.atena_number],
        )
        for each in made
    )
    receipts = list(receive_many(waiting, chunk=50))
    numbers = [receipt.number for receipt in receipts]
    for each in made:
        if each.wrong == "ic32_address":
            desk.protect(keys[each.person.atena_number])
    return dict(zip(numbers, made, strict=True)), {each.number: each.application_id for each in receipts}


def _lists(made: list[Handed]) -> None:
    """収納: a few who owe and do not keep a plan, as many who do; 債権者: everybody but the seeded ones."""
    owing = [each.person.atena_number for each in made if each.wrong == "ic06_arrears"]
    right = dict.fromkeys(each.person.atena_number for each in made if not each.wrong)
    keeping = [number for number in right if number not in owing][: len(owing)]
    arrears = [f"{number},4,不履行" for number in owing] + [f"{number},3,履行中" for number in keeping]
    registered = {each.person.atena_number: each for each in made if each.wrong != "ic11_creditor"}
    creditors = [
        f"K{number},{number},{each.person.family}　{each.person.given},{each.person.family_kana} {each.person.given_kana},"
        f"9999,997,普通,{each.place:07d},{each.person.family_kana} {each.person.given_kana}"
        for number, each in registered.items()
    ]
    heads = {
        SnapshotKind.ARREARS: "宛名番号,滞納月数,分納の約束",
        SnapshotKind.CREDITORS: "債権者番号,宛名番号,債権者名,債権者カナ,金融機関コード,支店コード,預金種目,口座番号,口座名義カナ",
    }
    for kind, lines in ((SnapshotKind.ARREARS, arrears), (SnapshotKind.CREDITORS, creditors)):
        taken = take_snapshot(
            kind=kind,
            file_name=f"{kind}.csv",
            body="\n".join([heads[kind], *lines]).encode(),
            as_of=RECEIPT_DAY,
            source="財務会計システム",
            by=SYSTEM,
            at=at(RECEIPT_DAY, 8, 45),
        )
        assert not taken.rejected, taken.rejected[:3]


def _try_the_others(
    found: dict[str, set[str]], ids: dict[str, int], budget: int, report: Report
) -> list[str]:
    """Whoever has an exception is pushed on all the same: acceptance or the draft must refuse it."""
    refused = desk.accept_all([number for number, keys in found.items() if not keys])
    report.check("every clear application was accepted", not refused, "; ".join(list(refused.values())[:3]))
    wrong = [number for number, keys in found.items() if keys]
    refused = desk.accept_all(wrong)
    through = [
        number for number in wrong if number not in refused and not desk.refusal_of([ids[number]], budget)
    ]
    report.check("nothing with an exception could be drafted", not through, ", ".join(through))
    return wrong


def _not_enough(handed: dict[str, Handed]) -> int:
    """The initial budget: about three quarters of what the right applications ask for."""
    right = (each for each in handed.values() if not each.wrong or each.wrong in AT_PAYMENT)
    return sum(int(each.raw["seikyu_money"][0]) for each in right) * 3 // 4


def _decide(loaded: LoadedPackage, report: Report, ids: Sequence[int], late: set[int], budget: int) -> None:
    """Two approvals at one moment for money for one, then 補正 and the rest in batches; `late` by the second head."""
    verdicts.refusals(report, attempts.at_decision(loaded, ids, budget))
    left = [each for each in ids if each not in late]
    pair, left = verdicts.pair_for_one(left, budget)
    drafts = [desk.draft(part, budget) for part in pair]
    told = attempts.two_at_once(drafts, budget)
    report.check(
        "of two approvals at one moment for money for one, one went through",
        told == ["approved", "refused"],
        str(told),
    )
    _shown_as_refused(report, drafts)
    attempts.more_budget(budget, verdicts.still_needed(budget, [*left, *late], drafts))
    moved = [desk.decide_again(each, at(DECISION_DAY, 13)) for each in drafts if verdicts.is_refused(each)]
    moved += [desk.decide(each, at(DECISION_DAY, 13)) for each in drafts if verdicts.is_waiting(each)]
    report.check(
        "the refused approval went through after the supplementary budget", moved == [True], str(moved)
    )
    parts = [desk.decide(desk.draft(part, budget), at(DECISION_DAY, 14)) for part in desk.in_batches(left)]
    parts.append(desk.decide(desk.draft(sorted(late), budget, "eikacho2"), at(DECISION_DAY, 15), "eikacho2"))
    report.check("every other draft moved its cases", all(parts), f"{sum(parts)} of {len(parts)} drafts")


def _shown_as_refused(report: Report, drafts: Sequence[int]) -> None:
    """A draft that was decided and whose money is refused bound nothing, and its page says why to the one who decided."""
    refused = [each for each in drafts if verdicts.is_refused(each)]
    told = [desk.refusal_shown(each, at(DECISION_DAY, 12)) for each in refused]
    report.check(
        "a decided draft whose money is refused says so on its page and binds nothing",
        all("予算" in sentence for sentence in told) and not verdicts.bound_by(refused),
        "; ".join(told) or "refused with the press",
    )


def _letters(stage: Stage) -> None:
    """The worker sets the letters of every batch; they go out together with the day."""
    stage.turn_to(RELEASE_DAY)
    reviewer = desk.staff("eisei")
    releases = [
        subsidies.order_letters(batch, by=reviewer, at=at(RELEASE_DAY, 9)) for batch in settled_grants()
    ]
    for release_id in releases:
        wait_for(release_id)
        look_at_stopped_letters(desk.staff("jumin"), at(RELEASE_DAY, 9, 30))
        release_all(release_id=release_id, by=reviewer, at=at(RELEASE_DAY, 10))


def _pay(
    loaded: LoadedPackage,
    report: Report,
    handed: dict[str, Handed],
    ids: dict[str, int],
    clear: Sequence[str],
) -> None:
    wanted = list(clear)
    wrong = {key: {number for number in wanted if handed[number].wrong == key} for key in AT_PAYMENT}
    tried = attempts.late_claim(ids[wanted[0]])
    desk.claim_all(wanted)
    desk.order_all(at(CLAIM_DAY, 15))
    _go_wrong(wrong, ids)
    desk.examine(loaded, handed, ids, wanted)
    verdicts.refusals(report, tried | attempts.at_payment())
    again = wrong.pop("ic27_returned")
    held = {ids[number]: key for key, numbers in wrong.items() for number in numbers}
    _export_but(report, loaded, held, 11)
    attempts.pay_again(sorted(again), ids)
    desk.put_right(loaded, handed, ids, wanted)
    desk.judge_again()
    attempts.end_the_right(0)
    _export_but(report, loaded, {ids[number]: "ic27_returned" for number in again}, 15)
    attempts.money_back()
    _export_but(report, loaded, {}, 16)


def _go_wrong(wrong: dict[str, set[str]], ids: dict[str, int]) -> None:
    """After the orders were approved: another document, a right that had ended, samples that found something."""
    for number in wrong["ic29_documents"]:
        later = desk.about(ids[number])
        keep_file(name="追加.pdf", body=b"%PDF-1.4 later", owner=later, by=SYSTEM, at=at(PAYMENT_DAY, 8))
    attempts.end_the_right(1)
    desk.sampled(SampleKind.RANDOM, wrong["ic33_sample"])
    desk.sampled(SampleKind.RISK, wrong["ic34_risk_sample"])


def _export_but(report: Report, loaded: LoadedPackage, wrong: dict[int, str], hour: int) -> None:
    """会計 writes the file; exactly these stay behind, each for its own reason."""
    made = subsidies.export_payments(press=uuid.uuid4(), by=desk.staff("kaikei"), at=at(PAYMENT_DAY, hour))
    labels = {each.key: each.label.ja for each in loaded.package.controls.points}
    cases = {row.number: row.subject.id for row in orders(None)}
    verdicts.held(report, made, {str(case): labels[key] for case, key in wrong.items()}, cases)
