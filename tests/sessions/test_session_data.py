"""``request.session``: Starlette's dict, kept on the server."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Any

import pytest
from starlette.middleware.sessions import Session as StarlettesSession

from footfall.sessions.session import LONGEST_DATA, Session, pack, unpack
from footfall.sessions.sessions import Sessions
from footfall.sessions.sign_in import SignIn
from tests.sessions.sites import Browser, Site, login, write

DEEDS: dict[str, Callable[[Any], Any]] = {
    "get": lambda session: session.get("a"),
    "item": lambda session: session["a"],
    "in": lambda session: "a" in session,
    "iterate": list,
    "set": lambda session: session.__setitem__("b", 2),
    "delete": lambda session: session.__delitem__("a"),
    "clear": lambda session: session.clear(),
    "pop": lambda session: session.pop("a"),
    "pop a missing one": lambda session: session.pop("z", None),
    "pop a missing one without default": lambda session: session.pop("z"),
    "popitem": lambda session: session.popitem(),
    "setdefault": lambda session: session.setdefault("a", 2),
    "setdefault of a missing one": lambda session: session.setdefault("b", 2),
    "update": lambda session: session.update({"b": 2}, c=3),
    "or": lambda session: session.__ior__({"b": 2}),
    "inside a value": lambda session: session["list"].append(1),
    "accessed": lambda session: session.mark_accessed(),
    "modified": lambda session: session.mark_modified(),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_does_and_marks_what_it_does_in_starlette(deed: str) -> None:
    outcomes = []
    for kind in (StarlettesSession, Session):
        session = kind({"a": 1, "list": []})
        try:
            result = DEEDS[deed](session)
        except KeyError:
            result = "KeyError"
        outcomes.append((dict(session), session.accessed, session.modified, result))
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    "data",
    [{}, {"a": None}, {"a": [1, 2.5, "x", {"b": True}]}, {"ü": "\ud800 é 𝔸"}, {"a": 2**80}, {"a": 10**400}, {"": ""}],
)
def test_data_comes_back_as_it_went(data: dict[str, Any]) -> None:
    assert unpack(pack(data)) == data


def test_nan_and_tuples_come_back_as_starlette_gives_them() -> None:
    back = unpack(pack({"nan": math.nan, "tuple": (1, 2), "infinite": math.inf}))
    assert math.isnan(back["nan"])
    assert (back["tuple"], back["infinite"]) == ([1, 2], math.inf)


def test_what_is_no_json_is_named_by_its_key_and_not_by_its_value() -> None:
    with pytest.raises(TypeError, match=r"request\.session\['basket'\] is not JSON") as error:
        pack({"name": "x", "basket": {"4111": object()}})
    assert "4111" not in str(error.value)


def test_too_much_data_is_refused_with_advice() -> None:
    with pytest.raises(ValueError, match="keep the data in a table of the app"):
        pack({"a": "x" * LONGEST_DATA})


def test_a_session_is_kept_from_request_to_request_and_on_every_worker(site: Site) -> None:
    browser = Browser()
    site.visit(browser, write(basket=["a"]))
    assert site.visit(browser, worker=1).session == {"basket": ["a"]}
    assert site.last_lines == []


def test_a_change_inside_a_value_is_not_noticed_as_in_starlette(site: Site) -> None:
    browser = Browser()
    site.visit(browser, write(basket=["a"]))

    async def append(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        sign_in.session["basket"].append("b")

    site.visit(browser, append)
    assert site.visit(browser).session == {"basket": ["a"]}


def test_reading_sets_no_cookie_and_writes_nothing(site: Site) -> None:
    browser = Browser()
    site.visit(browser, write(basket=1))

    async def read(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        sign_in.session.get("basket")

    site.visit(browser, read)
    assert site.last_lines == []


def test_a_cleared_session_is_gone_with_its_cookie(site: Site) -> None:
    browser = Browser()
    site.visit(browser, write(basket=1))

    async def clear(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        sign_in.session.clear()

    site.visit(browser, clear)
    assert browser.jar == {}
    assert site.rows("SELECT count(*) FROM sessions") == [(0,)]


def test_a_member_who_clears_the_session_stays_signed_in(site: Site) -> None:
    browser = site.signed_in()
    site.visit(browser, write(basket=1))

    async def clear(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        sign_in.session.clear()

    site.visit(browser, clear)
    sign_in = site.visit(browser)
    assert sign_in.member is not None
    assert sign_in.session == {}


def test_what_a_websocket_writes_after_the_handshake_is_saved(site: Site) -> None:
    """The handshake takes the cookies along; later changes need none."""
    browser = site.signed_in()

    async def converse() -> None:
        sessions = site.sessions
        sign_in = await sessions.resume(browser.jar, secure=True, now=site.now)
        assert await sessions.save(sign_in, site.now) == []
        sign_in.session["heard"] = 1
        assert await sessions.save(sign_in, site.now) == []

    site.run(converse())
    assert site.visit(browser).session == {"heard": 1}


def test_after_signing_out_a_message_can_wait_in_a_new_session(site: Site) -> None:
    browser = site.signed_in()
    before = browser.value("-session")

    async def leave(sessions: Sessions, sign_in: SignIn, now: float) -> None:
        await sessions.logout(sign_in, now=now)
        sign_in.session["message"] = "See you."

    site.visit(browser, leave)
    assert browser.value("-session") not in (None, before)
    sign_in = site.visit(browser)
    assert (sign_in.member, sign_in.session) == (None, {"message": "See you."})


def test_billing_data_is_not_stored_and_not_logged(
    make_site: Callable[..., Site], caplog: pytest.LogCaptureFixture
) -> None:
    """Request.session is scanned before it is stored."""
    card = "4111111111111111"
    site = make_site(options={"scan": lambda data: [kind for kind in ("card",) if card in str(data)]})
    browser = Browser()
    site.visit(browser, write(basket=1, order={"pay": [card]}))
    assert site.visit(browser).session == {"basket": 1}
    assert site.sessions.counts["billing"] == 1
    site.visit(browser, write(**{card: 1}))
    site.visit(browser, login("ada"))
    assert site.visit(browser).session == {"basket": 1}
    assert "billing" in caplog.text
    assert card not in caplog.text
    site.settle()
    assert card not in str(site.dump())


def test_saving_an_unchanged_session_awaits_nothing(site: Site) -> None:
    """The coroutine ends at its first step: a request without changes is never suspended on the way out."""
    sign_in = site.visit(site.signed_in())
    with pytest.raises(StopIteration) as ended:
        site.sessions.save(sign_in, site.now).send(None)
    assert ended.value.value == []


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_resuming_a_live_session_awaits_nothing(site: Site) -> None:
    """Reads answer at once, in the event loop."""
    jar = site.signed_in().jar
    asyncio.run(site.workers[0].store.session("opens the reader of this thread"))
    with pytest.raises(StopIteration) as ended:
        site.sessions.resume(jar, secure=True, now=site.now).send(None)
    assert ended.value.value.member.id == "ada"
