from __future__ import annotations

from footfall.event import Event, anonymous
from footfall_analytics.enrich.rows import COLUMNS, columns_of

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.1.2 Safari/537.36"
)
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
VISITOR = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"

SEEN = Event(
    time_ms=1_700_000_012_345,
    site="main",
    kind="page_view",
    host="library.example",
    method="GET",
    path="/books/7",
    query="utm_source=news&utm_medium=email&utm_campaign=spring",
    route="/books/{id}",
    status=200,
    bytes=5120,
    duration_us=900,
    referrer="https://www.google.com/",
    user_agent=CHROME,
    ip="192.0.2.0",
    country="de",
    language="de-AT",
    visitor_id=VISITOR,
    visit_number=3,
    member_id="m7",
    member_how="login",
    purposes=("analytics", "necessary"),
    policy_version=2,
    consent_source="banner",
    name="",
    props={"a": "b"},
    visit_started=1_700_000_000,
)


def row_of(event: Event) -> dict[str, object]:
    return {name: column[0] for (name, _), column in zip(COLUMNS, columns_of([event]), strict=True)}


def test_an_identified_event_becomes_a_whole_row() -> None:
    assert row_of(SEEN) == {
        "time": 1_700_000_012_345,
        "site": "main",
        "kind": "page_view",
        "host": "library.example",
        "method": "GET",
        "path": "/books/7",
        "query": "utm_source=news&utm_medium=email&utm_campaign=spring",
        "route": "/books/{id}",
        "status": 200,
        "bytes": 5120,
        "duration_us": 900,
        "referrer": "https://www.google.com/",
        "referrer_host": "www.google.com",
        "source": "news",
        "channel": "Email",
        "utm_source": "news",
        "utm_medium": "email",
        "utm_campaign": "spring",
        "utm_term": "",
        "utm_content": "",
        "browser": "Chrome",
        "browser_version": "126.0.1",
        "os": "Windows",
        "os_version": "10",
        "device": "desktop",
        "bot": "",
        "user_agent": CHROME,
        "ip": "192.0.2.0",
        "country": "DE",
        "language": "de-AT",
        "visitor_id": VISITOR,
        "visit_number": 3,
        "member_id": "m7",
        "member_how": "login",
        "purposes": ("analytics", "necessary"),
        "policy_version": 2,
        "consent_source": "banner",
        "gpc": False,
        "name": "",
        "props": {"a": "b"},
        "visit_started": 1_700_000_000,
    }


def test_an_anonymous_row_keeps_families_only() -> None:
    row = row_of(anonymous(SEEN))
    assert (row["browser"], row["os"], row["device"]) == ("Chrome", "Windows", "desktop")
    assert (row["browser_version"], row["os_version"], row["user_agent"], row["visitor_id"]) == ("", "", "", "")


def test_an_anonymous_robot_keeps_its_agent() -> None:
    row = row_of(Event(time_ms=0, site="main", kind="request", user_agent=ROBOT))
    assert (row["bot"], row["user_agent"], row["device"]) == ("Googlebot", ROBOT, "bot")


def test_a_country_is_two_capital_letters_or_none() -> None:
    codes = ["de", "AT", "", "T1", "XXX", "é1"]
    events = [Event(time_ms=0, site="main", kind="request", country=code) for code in codes]
    assert columns_of(events)[[name for name, _ in COLUMNS].index("country")] == ["DE", "AT", "", "", "", ""]


def test_numbers_fit_their_columns() -> None:
    row = row_of(Event(time_ms=0, site="main", kind="request", status=99_999, duration_us=2**40))
    assert (row["status"], row["duration_us"]) == (65_535, 2**32 - 1)


def test_no_events_are_empty_columns() -> None:
    assert columns_of([]) == [[] for _ in COLUMNS]


def test_rows_keep_the_order_of_the_events() -> None:
    events = [Event(time_ms=time, site="main", kind="request") for time in (3, 1, 2)]
    assert columns_of(events)[0] == [3, 1, 2]
