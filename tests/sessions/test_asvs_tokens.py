"""OWASP ASVS 5.0, 7.2 and 3.3: the token, and the cookies that carry it."""

from __future__ import annotations

from collections.abc import Callable

from tests.sessions.sites import DAY, HOUR, Browser, Site, login, logout, write

MakeSite = Callable[..., Site]


def test_v7_2_1_what_the_browser_says_of_itself_counts_for_nothing(site: Site) -> None:
    """ASVS 7.2.1: verified on the server. An id that the server did not issue is never adopted, and is reported."""
    browser = Browser()
    browser.jar["__Host-footfall-session"] = "A" * 43
    sign_in = site.visit(browser, write(basket=1))
    assert sign_in.member is None
    assert browser.jar["__Host-footfall-session"] != "A" * 43
    assert [event.kind for event in site.workers[0].events] == ["unknown_session"]


def test_v7_2_2_the_token_is_a_reference_and_holds_nothing(site: Site) -> None:
    """ASVS 7.2.2, 7.2.3: a random reference token of 128 bits or more; this one has 256."""
    tokens = {site.signed_in().value("-session") for _ in range(20)}
    assert len(tokens) == 20
    assert all(token is not None and len(token) == 43 for token in tokens)


def test_v7_2_3_a_copy_of_the_database_opens_no_session(site: Site) -> None:
    """ASVS 7.2.1–7.2.3: only hashes are stored."""
    browser = site.signed_in(remember=True)
    site.settle()
    loot = {str(value) for row in site.dump() for value in row}
    secrets = {browser.value("-session"), str(browser.value("-remember")).partition(".")[2]}
    assert not secrets & loot
    for value in loot:
        for other in [value, *loot]:
            thief = Browser()
            thief.jar = {"__Host-footfall-session": value, "__Host-footfall-remember": f"{value}.{other}"}
            assert site.member_of(thief) is None
    assert site.member_of(browser) == "ada"


def test_v7_2_4_signing_in_changes_the_token_and_the_old_one_is_dead(site: Site) -> None:
    """ASVS 7.2.4: a new token at sign-in; the session's data stays, as in Starlette."""
    browser = Browser()
    site.visit(browser, write(basket=["a book"]))
    before = browser.copy()
    sign_in = site.visit(browser, login("ada"))
    assert browser.value("-session") != before.value("-session")
    assert sign_in.session == {"basket": ["a book"]}
    assert site.visit(browser).session == {"basket": ["a book"]}
    assert site.visit(before).session == {}


def test_v7_2_4_a_planted_token_is_never_authenticated(site: Site) -> None:
    """ASVS 7.2.4: session fixation. The attacker plants his own live session, and the victim signs in."""
    attacker = Browser()
    site.visit(attacker, write(planted=True))
    victim = attacker.copy()
    site.visit(victim, login("ada"))
    assert site.member_of(victim) == "ada"
    assert site.member_of(attacker) is None


def test_v7_2_4_giving_the_credentials_again_changes_the_token(site: Site) -> None:
    """ASVS 7.2.4: at re-authentication too; the member stays remembered, by the same series."""
    browser = site.signed_in(remember=True)
    before = browser.copy()
    site.visit(browser, login("ada"))
    assert browser.value("-session") != before.value("-session")
    assert browser.value("-remember") == before.value("-remember")
    before.jar.pop("__Host-footfall-remember")
    assert site.member_of(before) is None
    browser.restart()
    site.now += HOUR
    assert site.member_of(browser) == "ada"


def test_v3_3_1_over_https_the_cookies_are_secure_and_bound_to_the_host(site: Site) -> None:
    """ASVS 3.3.1–3.3.4: Secure, HttpOnly, SameSite, ``__Host-``; when they are set, and when they are removed."""
    browser = Browser()
    site.visit(browser, login("ada", remember=True))
    lines = site.last_lines
    site.visit(browser, logout())
    assert [line.partition("=")[0] for line in lines] == ["__Host-footfall-session", "__Host-footfall-remember"]
    assert len(site.last_lines) == 2
    for line in lines + site.last_lines:
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(line.split("; "))
        assert "Domain" not in line


def test_v3_3_1_the_session_cookie_goes_with_the_browser_and_the_remember_cookie_with_its_series(site: Site) -> None:
    browser = Browser()
    site.visit(browser, login("ada", remember=True))
    session, remember = site.last_lines
    assert "Max-Age" not in session
    assert "Max-Age=2592000" in remember
    browser.restart()
    site.now += 10 * DAY
    site.visit(browser)
    assert f"Max-Age={20 * 86400}" in site.last_lines[0]


def test_v3_3_1_over_https_a_plain_name_counts_for_nothing_and_the_other_way_round(site: Site) -> None:
    """ASVS 3.3.1, 3.3.3: whoever can set a plain cookie on the network must not choose the session."""
    plain, bound = Browser(), Browser()
    site.visit(plain, login("ada", remember=True), secure=False)
    site.visit(bound, login("ada", remember=True), secure=True)
    assert sorted(plain.jar) == ["footfall-remember", "footfall-session"]
    assert site.member_of(plain, secure=False) == "ada"
    assert site.member_of(plain, secure=True) is None
    assert site.member_of(bound, secure=False) is None
    renamed = Browser()
    renamed.jar = {f"__Host-{name}": value for name, value in plain.jar.items()}
    assert site.member_of(renamed) == "ada"  # the same store: what protects is that only the site itself can set it


def test_v9_2_2_a_token_of_one_kind_is_none_of_the_other(site: Site) -> None:
    """ASVS 9.2.2."""
    browser = site.signed_in(remember=True)
    session, remember = str(browser.value("-session")), str(browser.value("-remember"))
    secret = remember.partition(".")[2]
    for name in ("__Host-footfall-session", "__Host-footfall-remember"):
        for value in (session, remember, secret, f"{session[:22]}.{session}"):
            swapped = Browser()
            swapped.jar[name] = value
            if browser.jar[name] != value:
                assert site.member_of(swapped) is None
