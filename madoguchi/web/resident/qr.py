"""The square mark of a receipt: an address without any personal data."""

import io
from functools import lru_cache

import segno
from django.utils.safestring import SafeString, mark_safe


@lru_cache(maxsize=64)
def _drawn(address: str) -> segno.QRCode:
    """The receipt and its paper show the same mark."""
    shape = "".join("0" if each.isdigit() else each for each in address)
    return segno.make_qr(address, error="m", mask=_best_mask(shape))


@lru_cache(maxsize=64)
def _best_mask(shape: str) -> int:
    """Which of the eight patterns suits addresses of this shape, found once with zeros for every digit.

    Weighing all eight takes longer than drawing a page. The mark says which one it has, so that every camera reads each.
    """
    mask = segno.make_qr(shape, error="m").mask
    assert mask is not None  # a QR code has one
    return int(mask)


def qr_svg(address: str, *, standalone: bool = False) -> SafeString:
    """As part of a page; `standalone` with its own namespace, as a file of its own needs it."""
    out = io.BytesIO()
    _drawn(address).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=not standalone,
        border=2,
        svgclass=None,
        lineclass=None,
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - drawn by segno from our own address
