"""Tables of the registry as files for a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from madoguchi.common.text import spreadsheet_safe


def as_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """UTF-8 with a byte order mark; no cell can become a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([spreadsheet_safe(cell) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()
