"""Files made to hurt, built here byte by byte."""

import io
import struct
import zipfile
import zlib

from tests.ledgers.documents import files

TYPES, SHEET = "[Content_Types].xml", "xl/workbook.xml"


def workbook(**parts: bytes) -> bytes:
    """An Excel file with these further members; __ stands for /."""
    named = {name.replace("__", "/").replace("_dot_", "."): body for name, body in parts.items()}
    return packed({TYPES: b"<x/>", SHEET: b"<x/>"} | named)


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return out.getvalue()


def many_members(count: int) -> bytes:
    return packed({TYPES: b"", SHEET: b""} | {f"xl/{number}.xml": b"" for number in range(count)})


def encrypted() -> bytes:
    """The flag of encryption set in the head of each member and in the directory."""
    body = bytearray(files.XLSX)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := body.find(sign, at + 1)) >= 0:
            body[at + offset] |= 1
    return bytes(body)


def twice_the_same() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in (TYPES, SHEET, SHEET.upper()):
            made.writestr(name, b"<x/>")
    return out.getvalue()


def damaged() -> bytes:
    """The directory is whole; the packed bytes of a member are not."""
    body = bytearray(packed({TYPES: b"<x/>" * 200, SHEET: b"<y/>" * 200}))
    at = body.find(TYPES.encode()) + len(TYPES)
    body[at : at + 6] = b"\xff" * 6
    return bytes(body)


def png(width: int, height: int) -> bytes:
    """A PNG that claims this size and holds one line of it."""
    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def jpeg(width: int, height: int, comment: bytes = b"") -> bytes:
    """A JPEG whose frame claims this size; `comment` stands in its head."""
    said = b"\xff\xfe" + struct.pack("!H", len(comment) + 2) + comment if comment else b""
    frame = (
        b"\xff\xc0\x00\x11\x08"
        + struct.pack("!HH", height, width)
        + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    )
    app0 = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    scan = b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00"
    return b"\xff\xd8" + app0 + said + frame + scan + b"\xff\xd9"


def heic(width: int, height: int) -> bytes:
    box = b"\x00\x00\x00\x14ispe\x00\x00\x00\x00" + struct.pack("!II", width, height)
    return files.HEIC + box


def pdf(inside: bytes) -> bytes:
    return files.PDF.replace(b"<<>>\nendobj", b"<<" + inside + b">>\nendobj", 1)


def pdf_with_packed_object(inside: bytes) -> bytes:
    """The object stands compressed in an object stream, where a search of the file does not see it."""
    stream = zlib.compress(b"5 0 <<" + inside + b">>")
    head = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length " + str(len(stream)).encode()
    return files.PDF + b"4 0 obj\n<<" + head + b">>\nstream\r\n" + stream + b"\nendstream\nendobj\n%%EOF\n"
