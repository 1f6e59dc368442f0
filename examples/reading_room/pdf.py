"""A small PDF writer: A4 pages of Times text (ISO 32000-1, the standard 14 fonts), nothing else."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

_WIDTH, _HEIGHT = 595, 842  # A4, points
_LEFT, _TOP, _BOTTOM = 84, 760, 90
_LEADING = 17
_CHARACTERS = 78  # of 12 point Times on the line, near enough for ragged right

_FONTS = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"


def write_pdf(title: str, paragraphs: Sequence[str]) -> bytes:
    """A whole document. A paragraph of at most four words and no full stop is set as a heading."""
    pages = list(_pages(title, paragraphs))
    first = 6  # the object number of the first page; each page is followed by its content
    kids = " ".join(f"{first + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 {_WIDTH} {_HEIGHT}]"
        " /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
        _FONTS.format("Times-Roman"),
        _FONTS.format("Times-Bold"),
        f"<< /Title ({_escaped(title)}) /Producer (The Reading Room) /CreationDate ({_now()}) >>",
    ]
    for index, content in enumerate(pages):
        objects.append(f"<< /Type /Page /Parent 2 0 R /Contents {first + 2 * index + 1} 0 R >>")
        objects.append(f"<< /Length {len(_encoded(content))} >>\nstream\n{content}\nendstream")
    return _file([_encoded(one) for one in objects])


def _pages(title: str, paragraphs: Sequence[str]) -> Iterator[str]:
    """The content streams: the title on the first page, lines until the foot, and so on."""
    page, y = [_line("F2", 24, _TOP, title)], _TOP - 3 * _LEADING
    for font, line in _lines(paragraphs):
        if y < _BOTTOM:
            yield "\n".join(page)
            page, y = [], _TOP
        if line:
            page.append(_line(font, 12, y, line))
        y -= _LEADING
    yield "\n".join(page)


def _lines(paragraphs: Sequence[str]) -> Iterator[tuple[str, str]]:
    for paragraph in paragraphs:
        font = "F2" if len(paragraph.split()) <= 4 and not paragraph.endswith(".") else "F1"
        for line in textwrap.wrap(" ".join(paragraph.split()), _CHARACTERS):
            yield font, line
        yield font, ""


def _line(font: str, size: int, y: int, text: str) -> str:
    return f"BT /{font} {size} Tf {_LEFT} {y} Td ({_escaped(text)}) Tj ET"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _encoded(text: str) -> bytes:
    return text.encode("cp1252", "replace")  # WinAnsiEncoding


def _now() -> str:
    return f"D:{datetime.now(UTC):%Y%m%d%H%M%S}Z"


def _file(objects: Sequence[bytes]) -> bytes:
    """Header, numbered objects, and the table of where each one begins (ISO 32000-1 §7.5)."""
    body = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    table = b"0000000000 65535 f \n"
    for number, content in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n%s" % (size, table) + trailer
