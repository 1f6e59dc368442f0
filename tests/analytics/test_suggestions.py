"""Suggestions: for those who grant it, of those who granted it, and never waiting."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from footfall_analytics import Suggestions
from footfall_analytics.clickhouse import ClickHouseUnavailable, Connection, connect, migrate
from tests.analytics.report_world import Row, insert

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
GRANTED = ["analytics", "necessary", "personalization"]


@dataclass(frozen=True)
class Consent:
    granted: frozenset[str]

    def allows(self, purpose: str) -> bool:
        return purpose in self.granted


@dataclass(frozen=True)
class Visit:
    consent: Consent


AGREED = Visit(Consent(frozenset(GRANTED)))
REFUSED = Visit(Consent(frozenset(["necessary", "analytics"])))


def read(visitor: int, *names: str, purposes: list[str] | None = None) -> list[Row]:
    row = Row(time=YESTERDAY, kind="document", visitor_id=uuid.UUID(int=visitor), visit_number=1)
    return [replace(row, name=name, purposes=purposes or GRANTED) for name in names]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"chdb://{tmp_path_factory.mktemp('suggestions')}/clickhouse"


@pytest.fixture(scope="module")
def connection(url: str) -> Iterator[Connection]:
    with connect(url) as connection:
        migrate(connection.client, "footfall")
        rows = [row for visitor in (1, 2, 3, 4) for row in read(visitor, "a", "b")]
        rows += [row for visitor in (1, 2, 3) for row in read(visitor, "c")]
        rows += [row for visitor in (1, 2) for row in read(visitor, "rare")]
        rows += [row for visitor in (5, 6, 7, 8) for row in read(visitor, "a", "d", purposes=["analytics"])]
        insert(connection.client, "footfall", rows)
        yield connection


@pytest.mark.usefixtures("connection")
def test_what_is_used_together_is_suggested_the_closest_first(url: str) -> None:
    suggestions = Suggestions(url)
    suggestions.renew()
    assert suggestions.beside(AGREED, "a") == ["b", "c"]
    assert suggestions.beside(AGREED, "c") == ["a", "b"]


@pytest.mark.usefixtures("connection")
def test_who_does_not_grant_the_purpose_sees_none(url: str) -> None:
    """ePrivacy 5(3), GDPR 6(1)(a): personalisation has a choice of its own."""
    suggestions = Suggestions(url)
    suggestions.renew()
    assert suggestions.beside(REFUSED, "a") == []


@pytest.mark.usefixtures("connection")
def test_who_did_not_grant_the_purpose_is_not_looked_at(url: str) -> None:
    """GDPR 5(1)(b): what was collected for statistics is not used to personalise."""
    suggestions = Suggestions(url)
    suggestions.renew()
    assert "d" not in suggestions.beside(AGREED, "a")


@pytest.mark.usefixtures("connection")
def test_what_two_visitors_did_is_suggested_to_nobody(url: str) -> None:
    suggestions = Suggestions(url)
    suggestions.renew()
    assert suggestions.beside(AGREED, "rare") == []


@pytest.mark.usefixtures("connection")
def test_no_call_waits_and_the_answer_is_there_later(url: str) -> None:
    suggestions = Suggestions(url)
    assert suggestions.beside(AGREED, "a") == []
    for thread in threading.enumerate():
        if thread.name == "footfall-suggestions":
            thread.join(30)
    assert suggestions.beside(AGREED, "a") == ["b", "c"]


def test_a_refusal_asks_nothing_of_clickhouse() -> None:
    suggestions = Suggestions("clickhouse://127.0.0.1:1/footfall")
    assert suggestions.beside(REFUSED, "a") == []
    assert not [thread for thread in threading.enumerate() if thread.name == "footfall-suggestions"]


def test_without_clickhouse_there_are_none_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    suggestions = Suggestions("clickhouse://127.0.0.1:1/footfall")
    assert suggestions.beside(AGREED, "a") == []
    for thread in threading.enumerate():
        if thread.name == "footfall-suggestions":
            thread.join(30)
    assert "could not be renewed" in caplog.text
    with pytest.raises(ClickHouseUnavailable):
        suggestions.renew()


def test_a_kind_that_nobody_uses_is_refused() -> None:
    with pytest.raises(ValueError, match="document"):
        Suggestions("clickhouse://127.0.0.1:1/footfall", kind="documents")


@pytest.mark.parametrize("bad", [{"days": 0}, {"each": 0}, {"every": 0.0}], ids=str)
def test_what_cannot_be_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        Suggestions("clickhouse://127.0.0.1:1/footfall", **bad)  # type: ignore[arg-type]
