"""One PDF of a case: cover, answers and every attachment, with running page numbers. No queries.

Whatever a stranger's file does, the bundle is made: what cannot be printed has a page that says so.
"""

import importlib.util
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock

import typst
from PIL import Image, ImageOps
from pypdf import PageObject, PdfReader, PdfWriter, Transformation

_SETTING = Lock()
A4 = (595.28, 841.89)
MARGIN = 36
LARGEST_IMAGE = (2480, 3508)
"""A4 at 300 dots an inch: more is not seen on paper and only makes the file heavy."""
MOST_PAGES = 300
IMAGES = frozenset({"image/jpeg", "image/png"})
SOURCE = Path(__file__).parent / "bundle.typ"


@dataclass(frozen=True)
class Paper:
    """An attachment as it was handed in."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Cover:
    """What stands before the attachments. `answers` are pages of the form with their lines."""

    number: str
    title: str
    person: str
    made: str
    purpose: str
    answers: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class Printed:
    """A bundle, how many pages it has, and the attachments that could not be printed, with the reason."""

    body: bytes
    pages: int
    unprintable: tuple[tuple[str, str], ...]


class Unprintable(Exception):
    """Why an attachment cannot be printed, as its page will say."""


def bundle(cover: Cover, papers: Sequence[Paper]) -> Printed:
    """Everything as one PDF; every page carries 「受付番号 3/12」."""
    read = [(paper, *_pages_of(paper)) for paper in papers]
    contents = [{"name": paper.name, "pages": len(pages), "why": why} for paper, pages, why in read]
    front = _typeset("front", {**asdict(cover), "papers": contents})
    notes = iter(_typeset("notes", {"papers": [row for row in contents if row["why"]]}).pages)
    writer = PdfWriter()
    for page in front.pages:
        writer.add_page(page)
    for _, pages, why in read:
        for page in [next(notes)] if why else pages:
            writer.add_page(page)
    _number(writer, cover.number)
    writer.add_metadata({"/Title": f"{cover.number} {cover.title}"})
    body = BytesIO()
    writer.write(body)
    unprintable = tuple((paper.name, why) for paper, _, why in read if why)
    return Printed(body.getvalue(), len(writer.pages), unprintable)


def _pages_of(paper: Paper) -> tuple[list[PageObject], str]:
    """The pages of an attachment, or none and why."""
    try:
        if paper.media_type == "application/pdf":
            return _pdf_pages(paper.body), ""
        if paper.media_type in IMAGES:
            return [_image_page(paper.body)], ""
    except Unprintable as why:
        return [], str(why)
    except Exception:
        return [], "ファイルがこわれているため、印刷できません。"
    return [], "この形式はそのまま印刷できません。元のファイルを開いて印刷してください。"


def _pdf_pages(body: bytes) -> list[PageObject]:
    reader = PdfReader(BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unprintable("パスワードがかかっているため、印刷できません。")
    if not 0 < len(reader.pages) <= MOST_PAGES:
        raise Unprintable(
            f"{len(reader.pages)}ページあるため、ここには入れません。元のファイルを開いてください。"
        )
    pages = []
    for page in reader.pages:
        page.transfer_rotation_to_content()
        # Read once here, so that a broken page fails with its own file and not with the whole bundle.
        page.get_contents()
        pages.append(page)
    return pages


def _image_page(body: bytes) -> PageObject:
    """A photo upright on A4, within the margins."""
    with Image.open(BytesIO(body)) as opened:
        if opened.width * opened.height > 80_000_000:
            raise Unprintable("画像が大きすぎるため、印刷できません。")
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail(LARGEST_IMAGE)
    drawn = BytesIO()
    upright.save(drawn, "PDF", resolution=72, quality=85)
    image = PdfReader(drawn).pages[0]
    width, height = float(image.mediabox.width), float(image.mediabox.height)
    scale = min((A4[0] - 2 * MARGIN) / width, (A4[1] - 2 * MARGIN) / height)
    move = ((A4[0] - width * scale) / 2, (A4[1] - height * scale) / 2)
    page = PageObject.create_blank_page(None, *A4)
    page.merge_transformed_page(image, Transformation().scale(scale).translate(*move))
    return page


def _number(writer: PdfWriter, number: str) -> None:
    """Stamp every page at its foot, whatever its size."""
    stamps = _typeset("stamps", {"number": number, "count": len(writer.pages)}).pages
    for page, stamp in zip(writer.pages, stamps, strict=True):
        box = page.mediabox
        scale = float(box.width) / A4[0]
        place = Transformation().scale(scale).translate(float(box.left), float(box.bottom))
        page.merge_transformed_page(stamp, place)


def _typeset(part: str, facts: dict[str, object]) -> PdfReader:
    told = {"part": part, "facts": json.dumps(facts, ensure_ascii=False)}
    # The compiler refuses a second page while it sets one.
    with _SETTING:
        made = _compiler().compile(str(SOURCE), format="pdf", sys_inputs=told)
    assert isinstance(made, bytes)  # a list of pages only for images
    return PdfReader(BytesIO(made))


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    found = importlib.util.find_spec("matplotlib_fontja")
    places: Iterable[str] = (found.submodule_search_locations or []) if found else []
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(Path(place) / "fonts") for place in places],
    )
    return typst.Compiler(root=str(SOURCE.parent), font_paths=fonts)
