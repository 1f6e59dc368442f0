"""The consent cookie: whatever is not ours, whole and in force counts as undecided."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from footfall import Policy, Service, Settings
from footfall.consent.answer import Answer
from footfall.consent.choice import Choice, from_content, to_content
from footfall.consent.consent import Consent
from footfall.consent.decisions import Decided, Decisions
from footfall.consent.shown import ShownText
from footfall.cookies import CookieNames
from footfall.store import open_store
from tests.middleware.conftest import KEYS, MakeSite, choose
from tests.outages import away

NOW = 1_790_000_000.0
OTHER_KEY = "zyxwvutsrqponmlkjihgfedcba9876543210"
NAMES = CookieNames.of("footfall", secure=True)
SERVICES = [Service("youtube", "marketing"), Service("maps", "marketing")]


async def facts(request: Request) -> Response:
    consent = request.state.visit.consent
    return JSONResponse([consent.allows("analytics"), *sorted(consent.services)])


ROUTES = [Route("/facts", facts)]


def decisions(*keys: str) -> Decisions:
    store = open_store("sqlite://:memory:")
    made = Decisions(Settings(secret_keys=keys or KEYS, services=SERVICES), store)
    asyncio.run(made.poll(NOW))
    store.close()
    return made


@pytest.fixture(scope="module")
def reader() -> Decisions:
    return decisions()


def cookie(made: Decisions, **facts: Any) -> str:
    choice = Choice(
        **{
            "granted": frozenset({"analytics", "preferences"}),
            "refused": frozenset({"marketing"}),
            "decided_at": int(NOW),
            "policy_version": 1,
            "source": "preferences",
            "record_id": "ab" * 16,
            "services": frozenset({"youtube"}),
            "material": made.rules.material,
            **facts,
        }
    )
    return made.set_cookie(choice, NAMES, NOW).partition("=")[2].partition(";")[0]


def read(made: Decisions, value: str, now: float = NOW) -> Consent:
    return made.read({NAMES.consent: value}, NAMES, now, gpc=False)


def test_a_whole_cookie_of_ours_counts(reader: Decisions) -> None:
    consent = read(reader, cookie(reader))
    assert (consent.decided, sorted(consent.granted)) == (True, ["analytics", "necessary", "preferences"])
    assert (consent.allows_service("youtube"), consent.allows_service("maps"), consent.at) == (True, False, int(NOW))


def test_truncated_anywhere_it_counts_as_undecided(reader: Decisions) -> None:
    whole = cookie(reader)
    assert [length for length in range(len(whole)) if read(reader, whole[:length]).choice is not None] == []


def test_changed_anywhere_it_counts_as_undecided(reader: Decisions) -> None:
    """ASVS 9.1.1: the MAC is checked before the content."""
    whole = cookie(reader)
    changed = (f"{whole[:at]}{'x' if whole[at] != 'x' else 'y'}{whole[at + 1 :]}" for at in range(len(whole) - 1))
    assert [value for value in changed if read(reader, value).choice is not None] == []


@pytest.mark.parametrize(
    "value", ["", "x" * 5000, "\xff\xfe", "ä" * 50, "2:-:0:1:0:banner:analytics:::.sig", "\udcff", "." * 100, "null"]
)
def test_what_was_never_ours_counts_as_undecided(reader: Decisions, value: str) -> None:
    assert read(reader, value).choice is None


def test_signed_with_another_key_it_counts_as_undecided_and_with_a_rotated_one_it_counts(reader: Decisions) -> None:
    assert read(reader, cookie(decisions(OTHER_KEY))).choice is None
    assert read(decisions(OTHER_KEY, *KEYS), cookie(reader)).decided


def test_past_its_time_it_counts_as_undecided_whatever_the_browser_keeps(reader: Decisions) -> None:
    """CNIL 2020-092 (good practice): about six months."""
    assert read(reader, cookie(reader), NOW + 182 * 86_400).decided
    assert read(reader, cookie(reader), NOW + 182 * 86_400 + 1).choice is None


def test_the_longest_choice_that_settings_allow_fits_into_a_cookie() -> None:
    """RFC 6265bis §5.6, ASVS 3.3.5: 4096 bytes of name and value."""
    many = [Service(f"a-service-with-a-name-{number:03}", "marketing") for number in range(60)]
    made = Decisions(Settings(secret_keys=KEYS, services=many), open_store("sqlite://:memory:"))
    asyncio.run(made.poll(NOW))
    every = frozenset(made.rules.optional)
    longest = cookie(made, granted=frozenset(), refused=every, services=made.rules.choosable)
    assert len(longest) + len(NAMES.consent) < 4096
    assert read(made, longest).decided


names = st.sets(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), max_size=4).map(frozenset)


@given(names, names, names, names, st.integers(0, 2**33), st.integers(1, 65535), st.integers(0, 65535))
def test_any_choice_reads_as_it_was_written(
    granted: frozenset[str],
    refused: frozenset[str],
    services: frozenset[str],
    services_refused: frozenset[str],
    at: int,
    version: int,
    told: int,
) -> None:
    material = dict.fromkeys(granted | refused | services, "3kabcd")
    choice = Choice(
        granted, refused, at, version, "banner", "", services, services_refused, material=material, told=told
    )
    assert from_content(to_content(choice)) == choice


@budget(max_examples=300)
@given(st.one_of(st.text(max_size=60), st.text("0123456789abcdef:+*-2bnr ", max_size=60)))
def test_any_content_is_a_choice_or_none(content: str) -> None:
    """What an older release may have signed: undecided, and never an error."""
    choice = from_content(content)
    assert choice is None or isinstance(choice, Choice)


# -- replays


def jar_of(browser: TestClient) -> dict[str, str]:
    return {"cookie": f"__Host-footfall-consent={browser.cookies['__Host-footfall-consent']}"}


def test_the_first_of_two_cookies_of_the_name_counts(make_site: MakeSite) -> None:
    """RFC 6265 §5.4: the most specific path comes first; what a sibling tossed comes later."""
    browser = make_site(ROUTES).browser()
    choose(browser, "reject_all")
    ours = jar_of(browser)["cookie"]
    stranger = make_site(ROUTES).browser()
    forged = "__Host-footfall-consent=2:-:6ab13b80:1:0:banner:analytics:::.forged"
    assert stranger.get("/facts", headers={"cookie": f"{ours}; {forged}"}).json() == [False]


def test_a_replay_of_an_earlier_grant_of_a_service_stays_withdrawn(make_site: MakeSite) -> None:
    site = make_site(ROUTES, services=SERVICES)
    browser = site.browser()
    choose(browser, "allow_service", layer="placeholder", service=["youtube"])
    replayed = jar_of(browser)
    assert site.browser().get("/facts", headers=replayed).json() == [False, "youtube"]
    choose(browser, "refuse_service", layer="placeholder", service=["youtube"])
    assert site.browser().get("/facts", headers=replayed).json() == [False]


def test_a_replay_of_the_choice_before_a_narrower_one_stays_withdrawn(make_site: MakeSite) -> None:
    site = make_site(ROUTES)
    browser = site.browser()
    choose(browser, "accept_all")
    replayed = jar_of(browser)
    choose(browser, "save", layer="preferences", purpose=["marketing"])
    assert site.browser().get("/facts", headers=replayed).json() == [False]


def test_a_withdrawal_takes_the_cookie_from_before_the_telling_too(make_site: MakeSite) -> None:
    before = make_site(ROUTES).browser()
    choose(before, "accept_all")
    older = jar_of(before)
    site = make_site(ROUTES, policy=Policy(version=2, changes="More."))
    browser = site.browser()
    browser.cookies = before.cookies
    browser.get("/privacy")
    assert jar_of(browser) != older
    choose(browser, "withdraw", layer="preferences")
    assert site.browser().get("/facts", headers=older).json() == [False]


def test_a_withdrawal_holds_while_the_store_is_down_and_everywhere_when_it_is_back(tmp_path: Path) -> None:
    """A refusal is honoured whatever is down; a replay after withdrawal stays withdrawn."""
    url = f"sqlite:///{tmp_path}/store.db"
    store, settings = open_store(url), Settings(secret_keys=KEYS)
    made, elsewhere = Decisions(settings, store), Decisions(settings, open_store(url))
    replayed = cookie(made, services=frozenset())
    for worker in (made, elsewhere):
        asyncio.run(worker.poll(NOW))
        assert read(worker, replayed).allows("analytics")
    store.close()
    with away(url):
        decided = asyncio.run(withdraw(made, read(made, replayed)))
        assert decided.choice is not None
        assert not decided.consent.allows("analytics")
        assert read(made, replayed).choice is None
    store.open()
    for worker in (made, elsewhere):
        asyncio.run(worker.poll(NOW + 2))
        assert read(worker, replayed).choice is None


async def withdraw(made: Decisions, before: Consent) -> Decided:
    nothing = Answer(granted=frozenset(), refused=frozenset(made.rules.optional))
    shown = ShownText("preferences", "en", 1, "words")
    return await made.decide(before, nothing, method="withdraw", source="preferences", shown=shown, now=NOW + 1)


def test_a_grant_is_not_given_while_the_store_is_down(tmp_path: Path) -> None:
    """GDPR 7(1): what cannot be demonstrated is not granted."""
    url = f"sqlite:///{tmp_path}/store.db"
    store = open_store(url)
    made = Decisions(Settings(secret_keys=KEYS), store)
    asyncio.run(made.poll(NOW))
    store.close()
    undecided = made.rules.undecided(gpc=False)
    everything = Answer(granted=frozenset(made.rules.optional), refused=frozenset())
    shown = ShownText("notice", "en", 1, "words")

    async def grant() -> Decided:
        return await made.decide(undecided, everything, method="accept_all", source="banner", shown=shown, now=NOW)

    with away(url):
        assert asyncio.run(grant()) == Decided(undecided, None)
    store.open()
    assert asyncio.run(grant()).choice is not None
    store.close()
