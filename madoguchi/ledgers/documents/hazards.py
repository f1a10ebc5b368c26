"""What may hurt in a file of a kind that is kept: giant pictures, two kinds in one, programs in a PDF. Pure."""

import contextlib
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice

from PIL import Image, UnidentifiedImageError

from madoguchi.ledgers.documents.states import Caution

MOST_PIXELS = 120_000_000
"""The largest photo a telephone takes in ordinary use has 108 or 50 million points."""
_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG"}
_HEAD = 4096
_PDF_MAY_BEGIN_WITHIN = 1024
_MARKUP = re.compile(rb"<(!doctype\s+html|html|script|iframe|svg)[\s>/]", re.I)
_OBJECT_STREAM = re.compile(rb"/ObjStm\b")
_BEGINS = re.compile(rb"stream\r?\n")
_LONGEST_DICTIONARY = 2_000
_PACKED_OBJECTS = 2 * 1024 * 1024
_UNPACKED_OBJECTS = 4 * 1024 * 1024
_MOST_OBJECT_STREAMS = 2_000
_HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_SIGNS = (
    (Caution.SCRIPT, re.compile(rb"/(JavaScript|JS)(?![A-Za-z0-9])")),
    (Caution.ATTACHED, re.compile(rb"/(EmbeddedFiles?|FileAttachment)(?![A-Za-z0-9])")),
    (Caution.LAUNCH, re.compile(rb"/(Launch|ImportData|SubmitForm|RichMedia)(?![A-Za-z0-9])")),
    (Caution.LOCKED, re.compile(rb"/Encrypt(?![A-Za-z0-9])")),
)


def two_in_one(body: bytes, media_type: str) -> str:
    """What else these bytes are, when another program would read them as another kind; empty when nothing."""
    packed = body.startswith(b"PK\x03\x04")
    if media_type != "application/pdf" and b"%PDF-" in body[:_PDF_MAY_BEGIN_WITHIN]:
        return "PDFでもある別のファイル"
    if not packed and zipfile.is_zipfile(io.BytesIO(body)):
        return "圧縮ファイルでもある別のファイル"
    if not packed and media_type != "application/pdf" and _MARKUP.search(body[:_HEAD]):
        return "ウェブページでもある写真"
    return ""


def pixels_of(body: bytes, media_type: str) -> int | None:
    """Points of a picture, read from its head without unfolding it; None when the head cannot be read."""
    if media_type == "image/heic":
        return max((width * height for width, height in _heic_sizes(body)), default=None)
    try:
        with warnings.catch_warnings():
            # Pillow warns of big pictures; we count them ourselves.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=[_PICTURES[media_type]]) as picture:
                return picture.width * picture.height
    except Image.DecompressionBombError:
        return MOST_PIXELS + 1
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, EOFError):
        return None


def _heic_sizes(body: bytes) -> Iterator[tuple[int, int]]:
    """Width and height of every image of an HEIC file: its `ispe` boxes (ISO/IEC 23008-12)."""
    for found in re.finditer(rb"\x00\x00\x00\x14ispe", body[: 256 * 1024]):
        sizes = body[found.end() + 4 : found.end() + 12]
        if len(sizes) == 8:
            width, height = struct.unpack("!II", sizes)
            yield width, height


def is_picture(media_type: str) -> bool:
    return media_type in _PICTURES or media_type == "image/heic"


def cautions_of(body: bytes, media_type: str) -> tuple[Caution, ...]:
    """What staff should know before they open this file."""
    if media_type == "application/pdf":
        return pdf_cautions(body)
    if media_type in _PICTURES and pixels_of(body, media_type) is None:
        return (Caution.UNREADABLE,)
    return ()


def pdf_cautions(body: bytes) -> tuple[Caution, ...]:
    """Programs, attachments and calls in a PDF, also in packed objects and in names written as #4A#53."""
    texts = [_plain_names(text) for text in (body, *_packed_objects(body))]
    return tuple(caution for caution, sign in _SIGNS if any(sign.search(text) for text in texts))


def _plain_names(text: bytes) -> bytes:
    return _HEX_IN_NAME.sub(lambda found: bytes([int(found[1], 16)]), text)


def _packed_objects(body: bytes) -> Iterator[bytes]:
    for found in islice(_OBJECT_STREAM.finditer(body), _MOST_OBJECT_STREAMS):
        begins = _BEGINS.search(body, found.end(), found.end() + _LONGEST_DICTIONARY)
        if begins is None:
            continue
        packed = body[begins.end() : begins.end() + _PACKED_OBJECTS]
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj().decompress(packed, _UNPACKED_OBJECTS)
