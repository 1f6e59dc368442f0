"""Access rules: who may enter which paths, and no way of writing a path that slips past."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.sessions.access import Access, Rules, compile_rules, is_fresh
from footfall.sessions.canonical_path import canonical
from footfall.sessions.member import Member

NOW = 1_700_000_000.0
ADA = Member(id="ada", authenticated_at=NOW)
LIBRARIAN = Member(id="grace", roles=frozenset({"librarian"}), authenticated_at=NOW)
REMEMBERED = Member(id="ada", authenticated_at=NOW, how="remembered")


def decide(rules: list[Access], path: str, member: Member | None = None, now: float = NOW) -> str:
    return compile_rules(rules).decide(path, member, now)


# -- what a rule wants


def test_a_path_without_a_rule_is_open() -> None:
    assert decide([], "/") == "allow"
    assert decide([Access("/account/*", member=True)], "/accounting") == "allow"


def test_a_member_enters_and_others_are_asked_to_sign_in() -> None:
    rules = [Access("/account/*", member=True)]
    assert [decide(rules, "/account/orders", member) for member in (None, ADA)] == ["sign_in", "allow"]


def test_v8_2_1_without_the_role_a_member_is_refused_and_not_asked_to_sign_in_again() -> None:
    """ASVS 8.2.1: function-level access; signing in once more would change nothing."""
    rules = [Access("/desk/*", role="librarian")]
    decisions = [decide(rules, "/desk/loans", member) for member in (None, ADA, LIBRARIAN)]
    assert decisions == ["sign_in", "refuse", "allow"]


def test_v7_5_3_a_fresh_rule_wants_credentials_given_lately() -> None:
    """ASVS 7.5.1, 7.5.3: and what is remembered is never recent."""
    rules = [Access("/account/password", fresh=timedelta(minutes=10))]
    assert decide(rules, "/account/password", ADA, NOW + 600) == "allow"
    assert decide(rules, "/account/password", ADA, NOW + 601) == "sign_in_again"
    assert decide(rules, "/account/password", REMEMBERED) == "sign_in_again"
    assert decide(rules, "/account/password", None) == "sign_in"
    assert not is_fresh(REMEMBERED, NOW, timedelta(days=99))


def test_the_role_is_asked_for_before_the_credentials() -> None:
    rules = [Access("/desk/*", role="librarian", fresh=timedelta(minutes=10))]
    assert decide(rules, "/desk/keys", ADA, NOW + 9999) == "refuse"


def test_a_check_decides_for_those_who_pass_the_rest() -> None:
    rules = [Access("/lab/*", check=lambda member: member.id == "ada")]
    assert [decide(rules, "/lab/1", member) for member in (None, ADA, LIBRARIAN)] == ["sign_in", "allow", "refuse"]


def test_a_check_that_fails_lets_nobody_in() -> None:
    def check(member: Member) -> bool:
        raise KeyError(member.id)

    with pytest.raises(KeyError):
        decide([Access("/lab/*", check=check)], "/lab/1", ADA)


def test_the_first_rule_that_matches_decides() -> None:
    rules = [Access("/account/help"), Access("/account/*", member=True), Access("/account/admin", role="librarian")]
    assert decide(rules, "/account/help") == "allow"
    assert decide(rules, "/account/helpers") == "sign_in"
    assert decide(rules, "/account/admin", ADA) == "allow"


def test_a_rule_for_a_folder_includes_the_folder_and_one_for_a_path_nothing_below() -> None:
    folder, path = [Access("/a/*", member=True)], [Access("/a", member=True)]
    assert [decide(folder, one) for one in ("/a", "/a/", "/a/b", "/a/b/c", "/ab")] == ["sign_in"] * 4 + ["allow"]
    assert [decide(path, one) for one in ("/a", "/a/", "/a/b")] == ["sign_in", "sign_in", "allow"]


def test_a_rule_for_everything_closes_everything() -> None:
    rules = [Access("/sign-in"), Access("/*", member=True)]
    assert [decide(rules, path) for path in ("/", "", "/a/b", "//", "/sign-in")] == ["sign_in"] * 4 + ["allow"]


def test_closes_says_which_paths_are_not_open_to_all() -> None:
    rules = compile_rules([Access("/account/help"), Access("/account/*", member=True)])
    assert [rules.closes(path) for path in ("/", "/account/help", "/account", "/x/../account")] == [
        False,
        False,
        True,
        True,
    ]


def test_the_rules_can_be_listed_in_their_order() -> None:
    rules = [Access("/b/*", member=True), Access("/a")]
    assert list(compile_rules(rules)) == rules


@pytest.mark.parametrize("path", ["account", "*", "/a*", "/*/b", ""])
def test_a_rule_with_another_pattern_is_refused_when_it_is_written(path: str) -> None:
    with pytest.raises(ValueError, match="Access\\("):
        Access(path, member=True)


# -- how a path can be written


TRICKS = [
    "/account",
    "/account/",
    "//account",
    "/account//",
    "///account///",
    "/./account",
    "/account/.",
    "/account/./",
    "/x/../account",
    "/x/y/../../account",
    "/../account",
    "/../../account/",
    "/ACCOUNT",
    "/Account",
    "/%61ccount",
    "/%2561ccount",
    "/%25%36%31ccount",
    "/x%2f..%2faccount",
    "/%2e/account",
    "/%2e%2e/account",
    "/account%2f",
    "/account%00",
    "/account\0",
    "/acc\0ount",
    "/account\t",
    "/account ",
    "/account%20",
    "/account.",
    "/account;",
    "/account;v=1",
    "/x;/../account",
    "\\account",
    "/\\account",
    "/x\\..\\account",
    "/%5caccount",
    "/ａccount",
    "／account",
    "/ac\u200bcount",
    "/ac\u00adcount",
    "/．．/account",
    "/%EF%BD%81ccount",
    "/account\n",
    "account",
]


@pytest.mark.parametrize("path", TRICKS)
def test_no_way_of_writing_a_path_slips_past_its_rule(path: str) -> None:
    assert decide([Access("/account", member=True)], path) == "sign_in"
    assert decide([Access("/account/*", member=True)], path) == "sign_in"
    assert decide([Access("/*"), Access("/account/*", member=True)], "/account") == "allow"


@pytest.mark.parametrize(
    "path",
    ["/open/../account", "/open/..%2faccount", "/open/%2e%2e/account", "/open/..;/account", "/open/x/../../account"],
)
def test_an_open_rule_opens_nothing_beside_its_folder(path: str) -> None:
    assert decide([Access("/open/*"), Access("/account/*", member=True)], path) == "sign_in"


@pytest.mark.parametrize("path", ["/closed/../open", "/closed/%2e%2e/open"])
def test_a_path_that_only_leaves_a_closed_folder_in_the_end_is_closed(path: str) -> None:
    """A router that resolves no dots serves it from within."""
    assert decide([Access("/closed/*", member=True), Access("/open/*")], path) == "sign_in"


def test_an_exception_holds_for_its_own_spelling_alone() -> None:
    rules = [Access("/account/public/*"), Access("/account/*", member=True)]
    paths = ("/account/public/x", "/account/PUBLIC/x", "/account//public/x", "/account/public/./x")
    assert [decide(rules, path) for path in paths] == ["allow", "sign_in", "sign_in", "allow"]


def test_a_rule_in_capitals_holds_for_all_spellings() -> None:
    assert [decide([Access("/Desk/*", member=True)], path) for path in ("/Desk/a", "/desk/a")] == ["sign_in"] * 2


def test_the_strictest_reading_counts() -> None:
    rules = [Access("/account/*", member=True), Access("/desk/*", role="librarian")]
    assert decide(rules, "/account/../desk/keys", ADA) == "refuse"
    assert decide(rules, "/desk/../account", ADA) == "refuse"


@given(st.lists(st.sampled_from([*"aAbB/.%;\\ ~_-é", "..", "%2e", "%2F", "%25", "\0", "／"]), max_size=14).map("".join))
def test_the_canonical_form_is_stable_and_plain(path: str) -> None:
    form = canonical(path)
    assert form.startswith("/")
    assert not {"", ".", ".."} & set(form.split("/")[1:]) or form == "/"
    assert canonical(form) == form or "%" in form
    assert form == form.lower()


@pytest.mark.parametrize("part", ["%25", "../", "a;", "ﷺ", "/", "%", "\\", "\0"])
def test_hostile_paths_take_bounded_work(part: str) -> None:
    assert canonical("/" + part * 20_000).startswith("/")


def test_the_memory_for_paths_is_bounded_and_changes_no_answer() -> None:
    rules = Rules([Access("/account/*", member=True)])
    for number in range(5_000):
        assert (
            rules.decide(f"/account/{number}", None, NOW) == rules.decide(f"/account/{number}", None, NOW) == "sign_in"
        )
        assert rules.decide("/" + "x" * number, None, NOW) == "allow"
    assert len(rules._known) <= 2048
    assert max(len(path) for path in rules._known) <= 128


def test_any_mixture_of_tricks_is_still_closed() -> None:
    chance = random.Random(7)
    rules = Rules([Access("/account/*", member=True)])
    between = ["/", "//", "/./", "/x/../", "/%2e/", "\\", "/;/", "/ /"]
    for _ in range(5_000):
        path = f"{chance.choice(between)}{disguised('account', chance)}{chance.choice(between)}"
        assert rules.decide(path + chance.choice(["", "orders", "Orders?"]), None, NOW) == "sign_in", path


def disguised(name: str, chance: random.Random) -> str:
    ways: list[Callable[[str], str]] = [
        str,
        str.upper,
        lambda letter: f"%{ord(letter):02x}",
        lambda letter: f"%25{ord(letter):02X}",
    ]
    return "".join(chance.choice(ways)(letter) for letter in name)
