"""Papers that families of サンプル市 send along."""

from functools import cache

_LINES = ("Certificate of Employment (sample)", "Sample City - everything here is fictional")


@cache
def certificate() -> bytes:
    """A one-page PDF that any reader opens, made here so that no binary file lies in the repository."""
    text = " ".join(f"1 0 0 1 60 {760 - 30 * line} Tm ({words}) Tj" for line, words in enumerate(_LINES))
    content = f"BT /F1 16 Tf {text} ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    return _file_of(objects)


def _file_of(objects: tuple[bytes, ...]) -> bytes:
    body, offsets = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(body))
    )
