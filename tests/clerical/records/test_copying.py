"""The copy of a file with its evidence: complete, the same for everybody, and checked without a program of ours."""

import hashlib
import io
import json
import subprocess
import uuid
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from madoguchi.clerical.decisions.models import Step
from madoguchi.clerical.records import actions, copying
from madoguchi.clerical.records.access import file_for
from madoguchi.clerical.records.copy_contents import safe
from madoguchi.clerical.records.errors import PurposeMissing
from madoguchi.clerical.records.models import CaseFile, CopyPart, FileCopy
from madoguchi.ledgers.documents.models import Content
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.models import ProtectedSubject
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject
from tests.factories_records import settled
from tests.ledgers.documents.files import PDF, PNG

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(clerk: Any, head: Any, now: datetime) -> CaseFile:
    """Two drafts, one with two attachments whose names are dangerous."""
    first = settled(clerk, head, now, files=[("../見積書.pdf", PDF), ("図 面:1.png", PNG)])
    for draft_id in (first, settled(clerk, head, now, title="髙橋𠮷野の件")):
        file_id = actions.file_draft(draft_id=draft_id, by=clerk, at=now)
    return CaseFile.objects.get(pk=file_id)


def made(file: CaseFile, by: Any, at: datetime) -> tuple[FileCopy, bytes]:
    copy_id = actions.order_copy(file_id=file.pk, purpose="監査の資料", by=by, at=at)
    actions.make_copy(copy_id=copy_id, at=at)
    out = io.BytesIO()
    return actions.fetch_copy(copy_id=copy_id, by=by, at=at, out=out), out.getvalue()


def unpacked(body: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(body)) as found:
        found.extractall(folder)
    return folder


def test_sha256sum_alone_verifies_the_copy(file: CaseFile, clerk: Any, now: datetime, tmp_path: Path) -> None:
    copy, body = made(file, clerk, now)
    folder = unpacked(body, tmp_path)
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "manifest.txt"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    paths = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    named = {line.split("  ", 1)[1] for line in (folder / "manifest.txt").read_text().splitlines()}
    assert paths - named == {"manifest.txt"}
    assert hashlib.sha256((folder / "manifest.txt").read_bytes()).hexdigest() == copy.manifest_sha256
    (folder / next(iter(named - {"README.txt", "manifest.json"}))).write_bytes(b"x")
    again = subprocess.run(
        ["sha256sum", "--quiet", "-c", "manifest.txt"], cwd=folder, capture_output=True, check=False
    )
    assert again.returncode != 0


def test_the_manifest_names_path_bytes_and_hash(
    file: CaseFile, clerk: Any, now: datetime, tmp_path: Path
) -> None:
    _, body = made(file, clerk, now)
    folder = unpacked(body, tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["file"]["title"], manifest["drafts"]) == (file.title, 2)
    for row in manifest["files"]:
        held = (folder / row["path"]).read_bytes()
        assert (len(held), hashlib.sha256(held).hexdigest()) == (row["bytes"], row["sha256"])


def test_every_step_saw_what_stands_in_the_copy(
    file: CaseFile, clerk: Any, now: datetime, tmp_path: Path
) -> None:
    """From draft.json alone, and by sha256sum of the edition beside it."""
    _, body = made(file, clerk, now)
    seen = 0
    for told in unpacked(body, tmp_path).glob("*/draft.json"):
        evidence = json.loads(told.read_text())
        taken = {
            hashlib.sha256(
                json.dumps(
                    edition["content"], sort_keys=True, ensure_ascii=False, separators=(",", ":")
                ).encode()
            ).hexdigest()
            for edition in evidence["editions"]
        }
        beside = {
            hashlib.sha256(path.read_bytes()).hexdigest() for path in (told.parent / "editions").iterdir()
        }
        assert taken == beside
        for step in evidence["steps"]:
            assert step["seen_sha256"] in taken
            seen += 1
        verbs = [line["verb"] for line in evidence["trace"]]
        assert {"decisions.submitted", "decisions.approved", "records.filed"} <= set(verbs)
    assert seen == Step.objects.count()


def test_attachments_are_as_they_were_under_names_that_harm_nobody(
    file: CaseFile, clerk: Any, now: datetime, tmp_path: Path
) -> None:
    _, body = made(file, clerk, now)
    folder = next(unpacked(body, tmp_path).glob("0001-*"))
    assert {path.name: path.read_bytes() for path in (folder / "attachments").iterdir()} == {
        "01-見積書.pdf": PDF,
        "02-図 面 1.png": PNG,
    }
    evidence = json.loads((folder / "draft.json").read_text())
    assert [row["file"] for row in evidence["attachments"]] == [
        "attachments/01-見積書.pdf",
        "attachments/02-図 面 1.png",
    ]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\nb", "a_b"),
        (" . ", "_"),
        ("あ" * 90 + ".pdf", "あ" * 76 + ".pdf"),
    ],
)
def test_a_name_is_one_name_everywhere(name: str, clean: str) -> None:
    assert safe(name) == clean
    assert len(safe(name)) <= 80


def test_the_sheet_says_who_as_whom_when_and_on_what_hash(
    file: CaseFile, clerk: Any, now: datetime, tmp_path: Path
) -> None:
    _, body = made(file, clerk, now)
    folders = sorted(unpacked(body, tmp_path).glob("0*"))
    text = "".join(page.extract_text() for page in PdfReader(folders[0] / "draft.pdf").pages)
    step = Step.objects.order_by("pk").first()
    assert step is not None
    for said in (
        "補助金の交付決定について",
        "佐藤　例",
        "2026-11-21",
        "10:00:00",
        step.seen_sha256[:16],
        "承認",
    ):
        assert said in text, said
    rare = "".join(page.extract_text() for page in PdfReader(folders[1] / "draft.pdf").pages)
    assert "髙橋" in rare


def test_the_same_file_gives_the_same_sheets(
    file: CaseFile, clerk: Any, now: datetime, tmp_path: Path
) -> None:
    sheets = []
    for lot in ("a", "b"):
        folder = unpacked(made(file, clerk, now)[1], tmp_path / lot)
        sheets.append(
            sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("draft.pdf"))
        )
    assert sheets[0] == sheets[1]


def test_the_hash_is_kept_in_the_trace_and_on_the_page(file: CaseFile, clerk: Any, now: datetime) -> None:
    copy, _ = made(file, clerk, now)
    note = trace_of(Subject("records.file", str(file.pk))).get(verb="records.copied").note
    assert note["manifest"] == copy.manifest_sha256
    shown = file_for(clerk, file.pk, now).copies[0]
    assert (shown.manifest_sha256, shown.whole, shown.mine) == (copy.manifest_sha256, True, True)
    for filed in file.filed.all():
        assert (
            trace_of(Subject("decisions.draft", str(filed.draft_id)))
            .filter(verb="records.draft_copied")
            .exists()
        )


def test_who_may_have_it(file: CaseFile, clerk: Any, head: Any, staff_with: Any, now: datetime) -> None:
    copy, _ = made(file, clerk, now)
    for stranger in (head, staff_with(Role.REVIEWER, login="colleague")):
        with pytest.raises(NotFound):
            actions.fetch_copy(copy_id=copy.pk, by=stranger, at=now, out=io.BytesIO())
    nobody = staff_with(login="nobody")
    with pytest.raises(NotFound):
        actions.order_copy(file_id=file.pk, purpose="確認", by=nobody, at=now)
    with pytest.raises(PurposeMissing):
        actions.order_copy(file_id=file.pk, purpose=" ", by=clerk, at=now)
    auditor = staff_with(Role.AUDITOR, login="auditor")
    assert made(file, auditor, now)[1]


def test_after_some_days_only_its_hash_is_left(file: CaseFile, clerk: Any, now: datetime) -> None:
    copy, _ = made(file, clerk, now)
    after = now + timedelta(days=4)
    with pytest.raises(NotFound):
        actions.fetch_copy(copy_id=copy.pk, by=clerk, at=after, out=io.BytesIO())
    assert actions.drop_expired_copies(at=now) == 0
    assert actions.drop_expired_copies(at=after) == 1
    assert FileCopy.objects.get().manifest_sha256 == copy.manifest_sha256


def test_a_large_copy_is_kept_in_parts(
    file: CaseFile, clerk: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PART", 1000)
    copy, body = made(file, clerk, now)
    assert CopyPart.objects.count() == -(-len(body) // 1000)
    assert copy.size == len(body)
    assert zipfile.ZipFile(io.BytesIO(body)).testzip() is None


def test_a_killed_worker_begins_anew_and_a_second_run_does_nothing(
    file: CaseFile, clerk: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = uuid.uuid4()
    told = {"file_id": file.pk, "purpose": "確認", "by": clerk, "at": now, "copy_id": key}
    assert actions.order_copy(**told) == actions.order_copy(**told) == key

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(copying, "_keep", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.make_copy(copy_id=key, at=now)
    assert not CopyPart.objects.exists()
    actions.make_copy(copy_id=key, at=now)
    parts = CopyPart.objects.count()
    actions.make_copy(copy_id=key, at=now)
    assert CopyPart.objects.count() == parts == 1
    progress = jobs.job_progress(key)
    assert progress is not None
    assert (progress.done, progress.total, progress.is_over) == (2, 2, True)


def test_an_attachment_that_is_held_is_named_but_not_copied(
    file: CaseFile, clerk: Any, now: datetime, tmp_path: Path
) -> None:
    Content.objects.filter(sha256=hashlib.sha256(PNG).hexdigest()).update(scan="waiting")
    folder = next(unpacked(made(file, clerk, now)[1], tmp_path).glob("0001-*"))
    rows = json.loads((folder / "draft.json").read_text())["attachments"]
    assert "ウイルス検査が済んでいない" in rows[1]["file"]
    assert [path.name for path in (folder / "attachments").iterdir()] == ["01-見積書.pdf"]


def test_a_protected_persons_draft_is_in_no_copy_of_those_without_the_right(
    file: CaseFile, clerk: Any, staff_with: Any, now: datetime, tmp_path: Path
) -> None:
    hidden = file.filed.order_by("pk").first()
    assert hidden is not None
    with full_sight():
        ProtectedSubject.objects.create(
            kind=hidden.draft.subject_kind, subject_id=hidden.draft.subject_id, unit=1
        )
    copy, body = made(file, clerk, now)
    assert (copy.whole, copy.drafts) == (False, 1)
    folder = unpacked(body, tmp_path)
    assert hidden.draft.number not in "".join(path.read_text() for path in folder.rglob("*.json"))
    assert len(file_for(clerk, file.pk, now).documents) == 1
