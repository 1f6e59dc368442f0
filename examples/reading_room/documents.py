"""The documents to download: two PDFs made from text files, and a plain text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from examples.reading_room.articles import read_text
from examples.reading_room.pdf import write_pdf


@dataclass(frozen=True, slots=True)
class Document:
    """One file, as it is sent."""

    name: str  # of the file, which is also its name in the reports
    title: str
    summary: str
    media_type: str
    content: bytes

    @property
    def kind(self) -> str:
        return "PDF" if self.media_type == "application/pdf" else "Text"

    @property
    def size(self) -> str:
        return f"{max(1, round(len(self.content) / 1024))} kB"


def read_documents(directory: Path) -> dict[str, Document]:
    """All documents by file name. Lists stay text, because a reader may want to tick them off."""
    found = (_document(path) for path in sorted(directory.glob("*.txt")))
    return {document.name: document for document in found}


def _document(path: Path) -> Document:
    fields, paragraphs = read_text(path)
    title, summary = fields["Title"], fields["Summary"]
    if fields["Format"] == "Text":
        text = "\n\n".join((title.upper(), *paragraphs)) + "\n"
        return Document(f"{path.stem}.txt", title, summary, "text/plain; charset=utf-8", text.encode())
    return Document(f"{path.stem}.pdf", title, summary, "application/pdf", write_pdf(title, paragraphs))
