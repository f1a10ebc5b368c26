"""The square mark of a receipt: an address without any personal data."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(address: str, *, standalone: bool = False) -> SafeString:
    """As part of a page; `standalone` with its own namespace, as a file of its own needs it."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
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
