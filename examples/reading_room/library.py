"""The library: what every worker puts together once, and what a handler finds of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from examples.reading_room.articles import Article, read_articles
from examples.reading_room.documents import Document, read_documents
from examples.reading_room.members import Members
from examples.reading_room.throttle import Throttle
from footfall.visit import Visit

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Library:
    """The shelves, the members, and where the numbers are."""

    articles: dict[str, Article]
    documents: dict[str, Document]
    members: Members
    throttle: Throttle
    analytics: str  # the ClickHouse URL that the librarians' desk reads


def open_library(data_dir: Path, *, key: str, analytics: str) -> Library:
    """Read the shelves and make the members' file. Safe for any number of workers at once."""
    members = Members(data_dir / "members.db")
    return Library(
        articles=read_articles(HERE / "content" / "articles"),
        documents=read_documents(HERE / "content" / "documents"),
        members=members,
        throttle=Throttle(data_dir / "guesses.db", f"throttle {key}".encode()),
        analytics=analytics,
    )


def library_of(request: Request) -> Library:
    library: Library = request.app.state.library
    return library


def visit_of(request: Request) -> Visit:
    """What Footfall knows of this request."""
    visit: Visit = request.state.visit
    return visit
