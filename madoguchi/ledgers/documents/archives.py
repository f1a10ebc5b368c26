"""What is wrong with a ZIP file, of which Word and Excel files are made; nothing is unpacked to the disk. Pure."""

import io
import re
import zipfile
import zlib

MOST_MEMBERS = 4_000
LARGEST_UNPACKED = 300 * 1024 * 1024
MOST_SWELLING = 200
SWELLING_COUNTS_FROM = 20 * 1024 * 1024
LONGEST_MEMBER_NAME = 255
BROKEN = "壊れた圧縮ファイル"
SWELLS = "開くと大きくふくらむ圧縮ファイル"
LARGEST_EMBEDDED = 20 * 1024 * 1024
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    RuntimeError,
    OverflowError,
    EOFError,
    OSError,
)
_ENCRYPTED = 0x1
_EMBEDDED = re.compile(r"^(word|xl)/embeddings/[^/]+\.(xlsx|docx)$", re.I)
_PACKED = re.compile(r"\.(zip|7z|rar|gz|bz2|xz|tar|tgz|jar|cab|iso|lzh|zst)$", re.I)
_PROGRAM = re.compile(
    r"(vbaproject\.bin|\.(exe|dll|js|vbs|scr|bat|cmd|com|ps1|hta|lnk))$|(^|/)activex/", re.I
)


def open_parts(body: bytes) -> list[zipfile.ZipInfo] | None:
    """The members as the directory at the end names them; None when the file is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return archive.infolist()
    except _UNREADABLE:
        return None


def fault_of_archive(body: bytes, depth: int = 0) -> str:
    """What these bytes are when they are not kept, as in 「中身は…のため」; empty when nothing is wrong."""
    parts = open_parts(body)
    if parts is None:
        return BROKEN
    return _swelling(parts, len(body)) or _bad_names(parts) or _bad_members(body, parts, depth)


def _swelling(parts: list[zipfile.ZipInfo], size: int) -> str:
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED:
        return SWELLS
    if unpacked > SWELLING_COUNTS_FROM and unpacked > MOST_SWELLING * max(packed, 1):
        return SWELLS
    # Members that share their bytes pack more than the file is long.
    return SWELLS if packed > size else ""


def _bad_names(parts: list[zipfile.ZipInfo]) -> str:
    names = [part.filename for part in parts]
    if len({name.lower() for name in names}) != len(names):
        return "同じ名前の中身が2つある圧縮ファイル"
    return "外へ書き出そうとする圧縮ファイル" if any(map(leads_out, names)) else ""


def leads_out(name: str) -> bool:
    """Would a careless program write this member outside of its folder, or could nobody write it?"""
    pieces = name.replace("\\", "/").split("/")
    return (
        ".." in pieces
        or name.startswith(("/", "\\", "~"))
        or ":" in pieces[0]
        or "\0" in name
        or len(name) > LONGEST_MEMBER_NAME
    )


def _bad_members(body: bytes, parts: list[zipfile.ZipInfo], depth: int) -> str:
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            return "パスワード付きの圧縮ファイル"
        if _PROGRAM.search(part.filename):
            return "マクロ（プログラム）付きのExcel・Word"
        if _PACKED.search(part.filename):
            return "圧縮ファイルが入った圧縮ファイル"
    return _bad_insides(body, parts, depth)


def _bad_insides(body: bytes, parts: list[zipfile.ZipInfo], depth: int) -> str:
    """Every member can be read; only a Word or Excel file may be packed in another, and only once."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            faults = (_fault_of_member(archive, part, depth) for part in parts)
            return next(filter(None, faults), "")
    except _UNREADABLE:
        return BROKEN


def _fault_of_member(archive: zipfile.ZipFile, part: zipfile.ZipInfo, depth: int) -> str:
    with archive.open(part) as member:
        head = member.read(4)
        if head != b"PK\x03\x04":
            return BROKEN if part.file_size and not head else ""
        if depth > 0 or not _EMBEDDED.match(part.filename):
            return "圧縮ファイルが入った圧縮ファイル"
        return fault_of_archive(head + member.read(LARGEST_EMBEDDED), depth + 1)
