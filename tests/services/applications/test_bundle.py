"""まとめて印刷: whatever is handed in, the bundle is made, every page is numbered and the purpose is written down."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter

from madoguchi.ledgers.documents.actions import keep_file
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.services.applications import bundles
from madoguchi.services.applications.bundle_orders import order_bundle
from madoguchi.services.applications.bundle_pdf import A4, Cover, Paper, bundle
from madoguchi.services.applications.tasks import print_bundle_task
from tests.factories_applications import received

ANSWERS = (("お子さま", (("名前", "見本　そら"), ("住所", "サンプル市 #let x = 1 *太字*"))),)
COVER = Cover("GK0000012", "学童クラブ入所申請", "見本　そら", "令和8年", "申請の審査", ANSWERS)


def pdf(pages: int, *, password: str = "", rotated: int = 0) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(300, 500).rotate(rotated)
    if password:
        writer.encrypt(password)
    body = BytesIO()
    writer.write(body)
    return body.getvalue()


def photo(width: int, height: int, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    body = BytesIO()
    Image.new("RGB", (width, height), "red").save(body, "JPEG", exif=exif)
    return body.getvalue()


def text_of(body: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)


def test_cover_answers_and_every_page_with_its_number() -> None:
    papers = [Paper("証明書.pdf", "application/pdf", pdf(3)), Paper("写真.jpg", "image/jpeg", photo(80, 40))]
    made = bundle(COVER, papers)
    assert made.pages == 5
    assert made.unprintable == ()
    text = text_of(made.body)
    assert "GK0000012 1/5" in text
    assert "GK0000012 5/5" in text
    assert "#let x = 1 *太字*" in text
    assert "申請の審査" in text


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        (Paper("鍵.pdf", "application/pdf", pdf(1, password="secret")), "パスワード"),
        (Paper("こわれ.pdf", "application/pdf", b"%PDF-1.7 nothing"), "こわれている"),
        (Paper("こわれ.png", "image/png", b"\x89PNG\r\n\x1a\n"), "こわれている"),
        (Paper("表.xlsx", "application/vnd.ms-excel", b"PK"), "この形式"),
        (Paper("厚い.pdf", "application/pdf", pdf(301)), "301ページ"),
    ],
)
def test_what_cannot_be_printed_has_a_page_that_says_so(paper: Paper, said: str) -> None:
    made = bundle(COVER, [paper, Paper("よい.pdf", "application/pdf", pdf(1))])
    assert made.pages == 3
    assert made.unprintable[0][0] == paper.name
    assert said in text_of(made.body).replace("\n", "")


def test_a_photo_stands_upright_on_a4() -> None:
    made = PdfReader(BytesIO(bundle(COVER, [Paper("横.jpg", "image/jpeg", photo(400, 200, 6))]).body))
    page = made.pages[1]
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, abs=0.1)
    assert page.images[0].image is not None
    assert page.images[0].image.size == (200, 400)


def test_a_turned_page_is_numbered_at_its_foot() -> None:
    made = bundle(COVER, [Paper("横.pdf", "application/pdf", pdf(1, rotated=90))])
    last = PdfReader(BytesIO(made.body)).pages[1]
    assert last.rotation == 0
    assert "2/2" in last.extract_text()


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["application/pdf", "image/jpeg", "image/png"]))
def test_no_file_fails_the_bundle(body: bytes, kind: str) -> None:
    assert bundle(COVER, [Paper("x", kind, body)]).pages >= 2


def test_the_purpose_stands_in_the_trace(loaded: Any, staff_with: Any, now: datetime) -> None:
    clerk = staff_with(Role.COUNTER_CLERK)
    receipt = received(loaded, now)
    owner = Subject("applications.application", str(receipt.application_id))
    keep_file(name="証明書.pdf", body=pdf(1), owner=owner, by=SYSTEM, at=now)
    asked = {"number": receipt.number, "title": "見本", "answers": ANSWERS, "by": clerk, "at": now}
    with pytest.raises(bundles.PurposeMissing):
        bundles.print_bundle(**asked, purpose=" ")
    assert bundles.print_bundle(**asked, purpose="開示請求への対応").pages == 2
    last = trace_of(owner).last()
    assert last is not None
    assert (last.verb, last.purpose, last.note["pages"]) == ("applications.printed", "開示請求への対応", 2)


def test_a_large_bundle_is_made_by_the_worker(loaded: Any, staff_with: Any, now: datetime) -> None:
    clerk = staff_with(Role.COUNTER_CLERK)
    receipt = received(loaded, now)
    ordered = {"number": receipt.number, "title": "見本", "answers": ANSWERS, "purpose": "審査"}
    for _ in range(2):
        job = order_bundle(**ordered, by=clerk, at=now)
        print_bundle_task(clerk.municipality_id, str(job), clerk.login, ordered, now.isoformat())
        progress = jobs.job_progress(job)
        assert progress is not None
        assert (progress.state, progress.result) == ("finished", {"number": receipt.number})
    ((kept, size, _),) = bundles.kept_bundles(receipt.application_id, clerk)
    body = bundles.open_bundle(clerk, receipt.number, kept, at=now, purpose="審査")
    assert (body[:5], len(body)) == (b"%PDF-", size)
    other, colleague = received(loaded, now, 2), staff_with(Role.REVIEWER)
    for staff, number in ((clerk, other.number), (colleague, receipt.number)):
        with pytest.raises(NotFound):
            bundles.open_bundle(staff, number, kept, at=now, purpose="審査")
    assert bundles.drop_old_bundles(before=now + timedelta(days=1)) == 1
