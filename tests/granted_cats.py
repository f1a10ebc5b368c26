"""Run as a process of a site: cats in every state of the money, made by the rooms' actions; their numbers as JSON."""

import json
import sys
from datetime import datetime
from typing import Any

import django


def make() -> dict[str, Any]:
    from madoguchi.clerical.notices.actions import release_all
    from madoguchi.clerical.payments.queries import orders
    from madoguchi.ledgers.office import clock
    from madoguchi.ledgers.office.actions import actor_of
    from madoguchi.ledgers.procedures.queries import live_package
    from madoguchi.ledgers.registry.actions import prove_by_demo_card
    from madoguchi.ledgers.registry.queries import demo_identities
    from madoguchi.services.applications.actions import withdraw
    from madoguchi.services.subsidies import actions
    from madoguchi.services.subsidies.granting import Choice
    from madoguchi.services.subsidies.letters import prepare_chunk
    from madoguchi.services.subsidies.queries import settled_grants
    from tests.factories_payments import arrears, budget, creditors
    from tests.factories_subsidies import SLUG, Hall, accepted, decided, handed_in
    from tests.whole_case import staff

    now: datetime = clock.now()
    # The last one is among those whom the sign-in page of the demo offers.
    people = [*demo_identities(30, on=now.date())[-4:-1], demo_identities(16)[-1]]
    arrears("1,1,\n", now, as_of=now.date())
    lines = (
        f"K{place},{each.atena_number},{each.family}　{each.given},ミホン ハナコ,9999,997,普通,{place:07d},ミホン ハナコ\n"
        for place, each in enumerate(people)
    )
    creditors("".join(lines), now, as_of=now.date())
    loaded = live_package(SLUG)
    money = budget(staff("zaisei"), now, 30_000, section_id=loaded.section_id)
    owners = [type("Row", (), {"pk": each.id}) for each in people]
    scene = Hall(loaded, staff("eisei"), staff("eikacho"), staff("kaikei"), money, owners, now)
    late = handed_in(scene, 0, days_ago=75, cat_name="おそい", address__block="1番1号")
    actions.check_case(number=late.number, by=scene.reviewer, at=now)
    gone = handed_in(scene, 1, cat_name="取下げ", address__block="3番3号")
    withdraw(number=gone.number, by=actor_of(scene.reviewer), at=now, reason="電話で申出")
    waiting = accepted(scene, 1, cat_name="まち", address__block="2番2号")
    cases = [accepted(scene, who, cat_name=f"ねこ{who}", address__block=f"{who}番9号") for who in (2, 3)]
    visitor = prove_by_demo_card(resident_id=people[3].id, at=now)
    type(cases[1]).objects.filter(pk=cases[1].pk).update(visitor_id=visitor.id)
    told = {"appropriation_id": money, "approver": scene.head, "by": scene.reviewer, "at": now}
    decided(scene, actions.submit_grants(slug=SLUG, choices=[Choice(case.pk) for case in cases], **told))
    batch = settled_grants()[-1]
    release_id = actions.order_letters(batch, by=scene.reviewer, at=now)
    prepare_chunk(batch_id=batch, release_id=release_id, ids=[case.pk for case in cases], at=now)
    release_all(release_id=release_id, by=scene.reviewer, at=now)
    actions.claim(number=cases[0].number, by=actor_of(scene.reviewer), at=now)
    assert len(orders(None, state="claimed")) == 1
    return {
        "budget": money,
        "late": late.number,
        "waiting": waiting.number,
        "claimed": cases[0].number,
        "granted": cases[1].number,
        "resident": people[3].id,
    }


if __name__ == "__main__":
    django.setup()
    from madoguchi.ledgers.office.queries import municipality_by_code
    from madoguchi.ledgers.office.session import Sight, municipality_session

    with municipality_session(municipality_by_code("999999").pk, Sight.ALL):
        sys.stdout.write(json.dumps(make()))
