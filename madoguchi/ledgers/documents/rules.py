"""Which files are kept and under what name; no queries."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from madoguchi.common.text import in_quotes, strip_controls
from madoguchi.ledgers.documents.errors import FileEmpty, FileKindRefused, FileTooLarge
from madoguchi.ledgers.documents.hazards import MOST_PIXELS, cautions_of, is_picture, pixels_of, two_in_one
from madoguchi.ledgers.documents.kinds import KEPT, Kind, kind_of
from madoguchi.ledgers.documents.states import Caution

NAMELESS = "書類"
LONGEST_NAME = 120
_NOT_IN_NAMES = re.compile(r'[<>:"|?*/\\\n\t]')
_OTHER_CLAIMS = frozenset({"xls", "xlsm", "doc", "docm", "zip", "html", "htm", "svg", "txt", "gif", "tif"})
_CLAIMS = _OTHER_CLAIMS.union(*(kind.extensions for kind in KEPT))
# Names of devices: Windows opens none of them as a file, whatever extension follows.
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.I)
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,5})$")


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: cleaned name, type by content, hash of the bytes."""

    name: str
    media_type: str
    size: int
    sha256: str
    cautions: tuple[Caution, ...] = ()


def check_file(name: str, body: bytes, limit: int) -> CheckedFile:
    """Read what a file is, or refuse it with the remedy. `limit` in bytes."""
    shown = in_quotes(clean_name(name))
    if not body:
        raise FileEmpty(
            f"ファイル{shown}の中身が空です。",
            next_step="ファイルを開けるか確かめて、もう一度選んでください。",
        )
    if len(body) > limit:
        raise FileTooLarge(
            f"ファイル{shown}は{megabytes(len(body))}あり、1つ{megabytes(limit)}までの上限を超えています。",
            next_step="画質を下げて撮り直すか、ページを分けて、もう一度選んでください。紙のまま窓口に出すこともできます。",
        )
    kind = kind_of(body)
    if really := "" if not kind.kept else two_in_one(body, kind.media_type):
        kind = Kind(really)
    if not kind.kept:
        raise FileKindRefused(
            f"ファイル{shown}の中身は{kind.label}のため、受け取れません。",
            next_step="PDF、写真（JPEG・PNG・HEIC）、Excel、Wordのどれかで保存し直して、もう一度選んでください。",
        )
    refuse_giant_picture(shown, body, kind.media_type)
    return CheckedFile(
        named_as_it_is(clean_name(name), kind),
        kind.media_type,
        len(body),
        hashlib.sha256(body).hexdigest(),
        cautions_of(body, kind.media_type),
    )


def refuse_giant_picture(shown: str, body: bytes, media_type: str) -> None:
    """A small file may unfold to a picture that no machine can show."""
    points = pixels_of(body, media_type) if is_picture(media_type) else None
    if points is not None and points > MOST_PIXELS:
        raise FileTooLarge(
            f"写真{shown}は{points // 10_000:,}万画素あり、{MOST_PIXELS // 10_000:,}万画素までの上限を超えています。",
            next_step="画質を下げて撮り直して、もう一度選んでください。",
        )


def megabytes(size: int) -> str:
    """10MB, 52.4MB: bytes as people read them, never rounded down to the limit itself."""
    tenths = -(-size * 10 // (1024 * 1024))
    return f"{tenths // 10}MB" if tenths % 10 == 0 else f"{tenths / 10:.1f}MB"


def clean_name(name: str) -> str:
    """The name without path, invisible and forbidden characters, at most LONGEST_NAME long; never empty."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = " ".join(_NOT_IN_NAMES.sub(" ", strip_controls(last)).split()).rstrip(". ")
    stem, extension = split_extension(_RESERVED.sub(r"\1_", plain))
    shortened = stem[: LONGEST_NAME - len(extension)].strip(". ") or NAMELESS
    return f"{shortened}{extension}"


def split_extension(name: str) -> tuple[str, str]:
    """写真.JPG → (写真, .JPG); a name without extension keeps everything in the first part."""
    found = _EXTENSION.search(name)
    return (name[: found.start()], found[0]) if found else (name, "")


def named_as_it_is(name: str, kind: Kind) -> str:
    """A photo called .pdf gets the extension of a photo, so that it opens on every machine."""
    stem, extension = split_extension(name)
    if extension[1:].lower() in kind.extensions:
        return name
    known = extension[1:].lower() in _CLAIMS
    base = (stem if known else name)[: LONGEST_NAME - len(kind.extensions[0]) - 1].strip(". ") or NAMELESS
    return f"{base}.{kind.extensions[0]}"
