"""What stands in a copy of a file, and the manifest by which anybody can check it with sha256sum; no queries."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from madoguchi.clerical.decisions.content import content_bytes
from madoguchi.clerical.records.draft_sheet import draft_pdf

MANIFEST, MANIFEST_JSON, README = "manifest.txt", "manifest.json", "README.txt"
LONGEST_NAME = 80
_UNSAFE = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|\u202a-\u202e\u2066-\u2069]+')
HOW = """この写しの確かめ方

manifest.txt には、この写しのすべてのファイルの SHA-256 があります。
  Linux          sha256sum -c manifest.txt
  macOS          shasum -a 256 -c manifest.txt
  Windows        Get-FileHash -Algorithm SHA256 ファイル名   （または certutil -hashfile ファイル名 SHA256）
manifest.txt 自身の SHA-256 は、簿冊の画面と、書き出しの記録にあります。同じなら、この写しは書き出したときのままです。

文書ごとのフォルダーには、次のものがあります。
  draft.pdf      読むための起案文書（A4）
  draft.json     すべての版・決裁の各段・添付・紙の資料・記録
  editions/      版ごとの内容。ファイルの SHA-256 が、決裁した人が見た内容のハッシュ（draft.json の steps の seen_sha256）です
  attachments/   添付（もとのまま）
版の数がないのは、内容の控えを始める前の起案です。
"""


@dataclass
class Ledger:
    """The entries written so far: path, bytes, SHA-256."""

    rows: list[tuple[str, int, str]] = field(default_factory=list)

    def lines(self) -> str:
        """As sha256sum reads it."""
        return "".join(f"{sha256}  {path}\n" for path, _, sha256 in self.rows)

    def as_json(self) -> list[dict[str, Any]]:
        return [{"path": path, "bytes": size, "sha256": sha256} for path, size, sha256 in self.rows]


@dataclass(frozen=True)
class Attached:
    """An attachment with its bytes, or why they are not in the copy."""

    place: int
    name: str
    body: bytes | None
    why_not: str = ""


class Copy:
    """A ZIP being written, entry by entry, with its ledger. Times inside are the time of the order."""

    def __init__(self, out: IO[bytes], at: datetime) -> None:
        self.zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self.stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)
        self.ledger = Ledger()

    def add(self, path: str, body: bytes) -> None:
        self._write(path, body)
        self.ledger.rows.append((path, len(body), hashlib.sha256(body).hexdigest()))

    def _write(self, path: str, body: bytes) -> None:
        entry = zipfile.ZipInfo(path, date_time=self.stamp)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        self.zip.writestr(entry, body)

    def finish(self, about: dict[str, Any]) -> str:
        """Write README and manifests, close; the SHA-256 of manifest.txt, which covers every other file."""
        self.add(README, HOW.encode())
        self.add(MANIFEST_JSON, as_json({**about, "files": self.ledger.as_json()}))
        manifest = self.ledger.lines().encode()
        self._write(MANIFEST, manifest)
        self.zip.close()
        return hashlib.sha256(manifest).hexdigest()


def as_json(told: Any) -> bytes:
    return (json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def add_draft(
    copy: Copy, place: int, evidence: dict[str, Any], files: Iterator[Attached], *, seconds: int
) -> None:
    """One folder: the sheet, the attachments as they are, every edition as it was hashed, everything as JSON."""
    folder = f"{place:04d}-{safe(evidence['draft']['number'])}"
    copy.add(f"{folder}/draft.pdf", draft_pdf(evidence, seconds=seconds))
    kept: dict[int, str] = {}
    for each in files:
        if each.body is not None:
            kept[each.place] = f"attachments/{each.place:02d}-{safe(each.name)}"
            copy.add(f"{folder}/{kept[each.place]}", each.body)
        else:
            kept[each.place] = f"（{each.why_not}）"
    for number, edition in enumerate(evidence["editions"], 1):
        copy.add(f"{folder}/editions/{number}.json", content_bytes(edition["content"]))
    attachments = [{**row, "file": kept.get(row["place"], "")} for row in evidence["attachments"]]
    copy.add(f"{folder}/draft.json", as_json({**evidence, "attachments": attachments}))


def safe(name: str) -> str:
    """A name that is one name on every system: no path, no control character, not too long, its ending kept."""
    clean = _UNSAFE.sub("_", name).strip(" .") or "_"
    if len(clean) <= LONGEST_NAME:
        return clean
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 8:
        return clean[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
