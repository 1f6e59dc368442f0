"""The shelves: articles, documents, databases."""

import re
from pathlib import Path

import pytest

from examples.reading_room.articles import Article, read_articles, search
from examples.reading_room.databases import MAPS, PERIODICALS, Database
from examples.reading_room.documents import read_documents
from examples.reading_room.library import HERE
from examples.reading_room.pdf import write_pdf


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return read_articles(HERE / "content" / "articles")


def test_articles_come_in_the_order_of_their_numbers(articles: dict[str, Article]) -> None:
    assert [article.number for article in articles.values()] == list(range(1, len(articles) + 1))
    assert len(articles) >= 6


def test_a_heading_and_a_quote_are_told_from_text(tmp_path: Path) -> None:
    (tmp_path / "1-a.txt").write_text("Title: T\nSummary: S\nKind: K\n\nOne\ntwo.\n\n## H\n\n> Q\n")
    blocks = read_articles(tmp_path)["a"].blocks
    assert [(block.kind, block.text) for block in blocks] == [("text", "One two."), ("heading", "H"), ("quote", "Q")]


def test_a_search_finds_what_has_every_word_in_any_case(articles: dict[str, Article]) -> None:
    found = search(list(articles.values()), "PENCILS margin")
    assert [article.slug for article in found] == ["in-the-margin"]


def test_a_search_for_nothing_shows_all(articles: dict[str, Article]) -> None:
    assert len(search(list(articles.values()), "  ")) == len(articles)


def test_a_search_for_a_thousand_words_is_bounded(articles: dict[str, Article]) -> None:
    assert search(list(articles.values()), "pencils " * 1000) == [articles["in-the-margin"]]


def test_three_documents_can_be_taken_away() -> None:
    documents = read_documents(HERE / "content" / "documents")
    assert set(documents) == {"opening-hours.pdf", "readers-guide.pdf", "twelve-evenings.txt"}
    assert documents["opening-hours.pdf"].content.startswith(b"%PDF-1.4\n")
    assert "11. Selma Lagerlöf" in documents["twelve-evenings.txt"].content.decode()


def test_every_object_of_a_pdf_is_where_its_table_says() -> None:
    """ISO 32000-1 §7.5.4: the cross-reference table gives each object's offset."""
    content = write_pdf("Title (with) \\ é", ["Heading", "word " * 2000])
    start = int(content.rsplit(b"startxref\n", 1)[1].split(b"\n", 1)[0])
    assert content[start : start + 5] == b"xref\n"
    offsets = re.findall(rb"(\d{10}) 00000 n ", content[start:])
    assert len(offsets) > 8  # several pages
    for number, offset in enumerate(offsets, start=1):
        assert content[int(offset) :].startswith(b"%d 0 obj\n" % number)


def test_every_stream_of_a_pdf_is_as_long_as_it_says() -> None:
    content = write_pdf("T", ["A paragraph with an é in it.", "word " * 900])
    for length, stream in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", content, re.DOTALL):
        assert len(stream) == int(length)


@pytest.mark.parametrize("database", [PERIODICALS, MAPS], ids=lambda one: one.slug)
def test_the_rows_of_a_database_fit_its_columns(database: Database) -> None:
    assert {len(row) for row in database.rows} == {len(database.columns)}


def test_a_database_finds_by_every_word_and_nothing_by_none() -> None:
    assert [row[0] for row in PERIODICALS.search("1931 letters")] == ["1931"]
    assert MAPS.search("harbour 1968") == [MAPS.rows[11]]
    assert MAPS.search("") == []
