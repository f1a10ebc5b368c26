"""A procedure that asks for more: the ways offered, the refusal, and the way back to what was typed."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from madoguchi.connectors.dry_sms import DrySms
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipality_by_code
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.ledgers.registry import queries as registry
from madoguchi.ledgers.registry.actions import ask_email_proof, enter_households
from madoguchi.ledgers.registry.ports import plug_texts
from madoguchi.ledgers.registry.town_generator import generate_town
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.errors import ProofTooLow
from madoguchi.services.applications.models import UnsentApplication
from madoguchi.services.applications.states import Channel
from tests.factories_applications import FILES
from tests.web.resident.walking import answers, apply, begin, fill

pytestmark = pytest.mark.django_db


def demanding(now: datetime, practice: str, **more: Any) -> Any:
    extra = f'\n[identity]\npractice = "{practice}"\n' + "".join(
        f"{key} = {json.dumps(value)}\n" for key, value in more.items()
    )
    files = dict(FILES) | {"procedure.toml": FILES["procedure.toml"] + extra.encode()}
    return put_in_use(read_files(files), by=SYSTEM, at=now)


@pytest.fixture
def strict(section: Any, now: datetime) -> Any:
    return demanding(now, "copy_by_post")


@pytest.fixture
def texts(tmp_path: Path) -> Any:
    plug_texts(DrySms(tmp_path))
    yield tmp_path
    plug_texts(None)


def by_mail(client: Client, now: datetime, email: str = "hikari@example.jp") -> None:
    asked = ask_email_proof(email=email, at=now)
    client.post(f"/prove/{asked.proof_id}/{asked.code}/")


def test_too_low_a_proof_is_led_to_the_ways_that_suffice(client: Client, strict: Any, now: datetime) -> None:
    by_mail(client, clock.now())
    answer = client.get("/procedures/mihon-club/begin/?period=r9")
    assert answer.url.startswith("/prove/?for=mihon-club&next=%2Fprocedures%2Fmihon-club%2Fbegin")
    page = client.get(answer.url).content.decode()
    assert "より確かな" in page
    assert 'name="email"' not in page
    assert 'name="phone"' not in page


def test_what_was_typed_stays_and_goes_on_after_stepping_up(
    client: Client, section: Any, now: datetime
) -> None:
    """Begun by e-mail, then the procedure got stricter: the page is saved, the card read, the same page opens."""
    demanding(now, "stated_only")
    enter_households(list(generate_town(60, 7)), by=SYSTEM, at=now)
    mother = registry.demo_identities(1)[0]
    by_mail(client, clock.now())
    paper = begin(client)
    files = dict(FILES) | {
        "procedure.toml": FILES["procedure.toml"] + b'\n[identity]\npractice = "in_person"\n'
    }
    stricter(files, now)
    led = client.post(f"{paper}child/", answers("child"))
    assert led.url.startswith("/prove/?for=mihon-club")
    client.get(led.url)
    assert client.post("/prove/", {"way": "card", "resident": str(mother.id)}).url == f"{paper}child/"
    assert "そら1" in client.get(f"{paper}child/").content.decode()


def stricter(files: dict[str, bytes], at: datetime) -> None:
    """The paper stands on a version that asks for more (in life: a clerk took it over after a publication)."""
    enter_municipality(municipality_by_code("999999").pk)
    text = files["procedure.toml"].replace(b'version = "2026-04"', b'version = "2026-05"')
    loaded = put_in_use(read_files(files | {"procedure.toml": text}), by=SYSTEM, at=at)
    UnsentApplication.objects.update(version=loaded.version_id)


def test_submitting_below_the_level_is_refused_behind_every_page(
    client: Client, section: Any, now: datetime
) -> None:
    from dataclasses import replace
    from uuid import uuid4

    demanding(now, "stated_only")
    by_mail(client, clock.now())
    paper = begin(client)
    fill(client, paper)
    stricter(
        dict(FILES)
        | {"procedure.toml": FILES["procedure.toml"] + b'\n[identity]\npractice = "copy_by_post"\n'},
        now,
    )
    assert client.post(f"{paper}review/").url.startswith("/prove/?for=mihon-club")
    enter_municipality(municipality_by_code("999999").pk)
    visitor = registry.visitor(client.session["visitor_id"], client.session["proofs"])
    assert visitor is not None
    send = {
        "unsent_id": paper.split("/")[2],
        "submission_key": uuid4(),
        "channel": Channel.ONLINE,
        "at": clock.now(),
    }
    with pytest.raises(ProofTooLow) as refused:
        actions.submit(owner=visitor, **send)
    assert refused.value.code == "applications.proof_too_low"
    assert refused.value.next_step
    card = replace(visitor, identity_level=3, sign_in_level=3)
    assert actions.submit(owner=card, **send).number


def test_mail_and_a_text_together_reach_aal_two(
    client: Client, section: Any, now: datetime, texts: Path
) -> None:
    demanding(now, "stated_only", aal=2, methods=["email_sms", "card"])
    by_mail(client, clock.now())
    led = client.get("/procedures/mihon-club/begin/?period=r9").url
    page = client.get(led).content.decode()
    assert 'name="phone"' in page
    assert 'name="email"' not in page
    assert "SMSも確認すると" in page
    assert client.post("/prove/", {"way": "sms", "phone": "090-1234-5678"}).url == "/prove/code/"
    sent = json.loads(next(texts.glob("*.json")).read_text())
    assert sent["to"] == "09012345678"
    code = next(word for word in sent["body"].split() if word.isdigit())
    assert client.post("/prove/code/", {"code": code}).url.startswith("/procedures/mihon-club/begin/")
    assert apply(client)


def test_drafts_and_cases_follow_from_the_address_to_the_card(
    client: Client, section: Any, now: datetime
) -> None:
    demanding(now, "stated_only")
    enter_households(list(generate_town(60, 7)), by=SYSTEM, at=now)
    mother = registry.demo_identities(1)[0]
    by_mail(client, clock.now())
    number = apply(client)
    paper = begin(client)
    former = client.session["visitor_id"]
    client.get("/prove/")
    client.post("/prove/", {"way": "card", "resident": str(mother.id)})
    assert client.session["visitor_id"] != former
    assert client.get(f"/applications/{number}/").status_code == 200
    assert client.get(paper).status_code == 302
    assert client.get(paper).url.startswith(paper)
    enter_municipality(municipality_by_code("999999").pk)
    assert number in str(queries.my_applications(client.session["visitor_id"]))
    thief = Client()
    session = thief.session
    session["visitor_id"] = former
    session.save()
    assert thief.get(f"/applications/{number}/").status_code == 404
