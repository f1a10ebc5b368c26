"""What a file really is, read from its content; its name is never believed. No queries, no Django."""

import re
from dataclasses import dataclass

import filetype

from madoguchi.ledgers.documents.archives import fault_of_archive, open_parts

_HEAD = 4096
_TEXT_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LEGACY_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Kind:
    """A kind of file: its name for people, and whether it is kept. `extensions[0]` is the usual one."""

    label: str
    media_type: str = ""
    extensions: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        return bool(self.media_type)


PDF = Kind("PDF", "application/pdf", ("pdf",))
JPEG = Kind("写真（JPEG）", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
PNG = Kind("画像（PNG）", "image/png", ("png",))
HEIC = Kind("写真（HEIC）", "image/heic", ("heic", "heif"))
XLSX = Kind("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
DOCX = Kind("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
KEPT = (PDF, JPEG, PNG, HEIC, XLSX, DOCX)

_BY_MEDIA_TYPE = {kind.media_type: kind for kind in KEPT}
_NAMED = {
    "image/gif": "画像（GIF）",
    "image/webp": "画像（WebP）",
    "image/tiff": "画像（TIFF）",
    "application/x-msdownload": "実行プログラム",
    "application/x-executable": "実行プログラム",
    "application/zip": "圧縮ファイル（ZIP）",
    "application/rtf": "リッチテキスト（RTF）",
}
_FAMILIES = {"video": "動画", "audio": "音声", "image": "画像", "font": "フォント"}
_MARKUP = (
    (re.compile(rb"<svg[\s>:]", re.I), "SVG（プログラムを含められる図）"),
    (
        re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe|meta|title|form|div)[\s>/]", re.I),
        "HTML（ウェブページ）",
    ),
    (re.compile(rb"^\s*<\?xml", re.I), "XML"),
    (re.compile(rb"^#!"), "実行プログラム"),
)
_OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}


def kind_of(body: bytes) -> Kind:
    """The kind of file that these bytes are; a `Kind` without media type is one that is not kept."""
    if body.startswith(b"PK\x03\x04"):
        return _kind_of_archive(body)
    if body.startswith(_LEGACY_OFFICE):
        return Kind("古い形式か、パスワード付きのExcel・Word")
    guessed = filetype.guess(body[:_HEAD])
    if guessed is None:
        return _kind_of_text(body)
    return _BY_MEDIA_TYPE.get(guessed.mime) or Kind(_label(guessed.mime))


def _label(media_type: str) -> str:
    return _NAMED.get(media_type) or _FAMILIES.get(media_type.split("/")[0], "受け取れない種類")


def _kind_of_text(body: bytes) -> Kind:
    head = body[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head.replace(b"\x00", b"")
    for shape, label in _MARKUP:
        if shape.search(head):
            return Kind(label)
    return Kind("受け取れない種類" if _TEXT_CONTROLS.search(head) else "文字だけのファイル")


def _kind_of_archive(body: bytes) -> Kind:
    """Word and Excel files are archives; what they hold decides, not what they are called."""
    if fault := fault_of_archive(body):
        return Kind(fault)
    names = {part.filename for part in open_parts(body) or []}
    if "[Content_Types].xml" in names:
        for part, kind in _OFFICE_PARTS.items():
            if part in names:
                return kind
    return Kind("圧縮ファイル（ZIP）")
