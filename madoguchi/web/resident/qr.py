"""The square mark of a receipt: an address without any personal data."""

import io
from functools import lru_cache

import segno
from django.utils.safestring import SafeString, mark_safe


@lru_cache(maxsize=64)
def _drawn(address: str) -> segno.QRCode:
    """Finding the best of eight masks takes longer than a page; the receipt and its paper show the same mark."""
    return segno.make_qr(address, error="m")


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
