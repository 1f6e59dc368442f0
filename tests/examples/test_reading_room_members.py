"""Members, passwords, guesses and keys: the library's own part of a sign-in."""

import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from examples.reading_room import keys, passwords
from examples.reading_room.members import DEMO_MEMBERS, Members
from examples.reading_room.throttle import FOR_ADDRESS, FOR_BOTH, WINDOW, Throttle


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Members:
    return Members(tmp_path_factory.mktemp("members") / "members.db")


@pytest.fixture
def throttle(tmp_path: Path) -> Throttle:
    return Throttle(tmp_path / "guesses.db", b"key")


def at_once(count: int, work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# -- members


def test_the_demonstration_has_a_member_and_a_librarian(members: Members) -> None:
    found = [members.check(one.id, one.password) for one in DEMO_MEMBERS]
    assert [one.roles if one else None for one in found] == [(), ("librarian",)]


@pytest.mark.parametrize(("name", "password"), [("ada", "analytical engine 1843"), ("nobody", "x"), ("", "")])
def test_a_wrong_pair_is_refused_in_one_way(members: Members, name: str, password: str) -> None:
    assert members.check(name, password) is None


def test_a_wrong_name_costs_as_much_hashing_as_a_wrong_password(
    members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 6.3.8: valid names cannot be found out, by time either."""
    made: list[str] = []
    real = passwords._scrypt
    monkeypatch.setattr(passwords, "_scrypt", lambda password, salt: made.append(password) or real(password, salt))
    members.check("ada", "wrong")
    members.check("no-such-reader", "wrong")
    assert made == ["wrong", "wrong"]


def test_a_readers_name_does_not_depend_on_capitals(members: Members) -> None:
    found = members.check("ADA", "Analytical Engine 1843")
    assert found is not None
    assert found.id == "ada"


def test_who_joins_can_come_back_and_has_no_role(members: Members) -> None:
    joined = members.join("Grace Hopper", "a moth in the relay")
    assert joined.id.startswith("grace-")
    back = members.check(joined.id, "a moth in the relay")
    assert back is not None
    assert (back.name, back.roles) == ("Grace Hopper", ())


def test_a_name_without_latin_letters_can_join(members: Members) -> None:
    assert members.join("Анна Ахматова", "requiem requiem").id.startswith("reader-")


def test_a_changed_password_replaces_the_old_one(members: Members) -> None:
    joined = members.join("Mary", "the first password")
    members.change_password(joined.id, "the second password")
    assert members.check(joined.id, "the first password") is None
    assert members.check(joined.id, "the second password") is not None


def test_the_file_holds_no_password_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "members.db"
    Members(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any(one.password.encode() in path.read_bytes() for one in DEMO_MEMBERS)


def test_four_workers_that_start_at_once_agree_on_the_members(tmp_path: Path) -> None:
    path = tmp_path / "data" / "members.db"
    failures: list[BaseException] = []

    def start() -> None:
        try:
            Members(path)
        except BaseException as error:
            failures.append(error)

    at_once(4, start)
    assert failures == []
    assert Members(path).check("ada", "Analytical Engine 1843") is not None


# -- passwords


def test_the_same_password_is_never_hashed_to_the_same_text() -> None:
    assert passwords.hashed("Analytical Engine") != passwords.hashed("Analytical Engine")


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "at least 12"),
        ("x" * 257, "x" * 257, "at most 256"),
        ("grace and more", "grace and more", "begin with your name"),
        ("a long enough one", "a long enough two", "not the same"),
        ("a long enough one", "a long enough one", ""),
    ],
)
def test_a_password_is_refused_in_words(password: str, again: str, words: str) -> None:
    found = passwords.complaint(password, again=again, name="Grace")
    assert (words in found) if words else (found == "")


def test_a_password_that_is_cut_does_not_match() -> None:
    stored = passwords.hashed("x" * 257)
    assert not passwords.matches("x" * 257, stored)


# -- guesses


def test_the_sixth_guess_waits(throttle: Throttle) -> None:
    """ASVS 6.3.1: guessing is slowed down."""
    assert [throttle.count("ada", "192.0.2.1", 1000.0) for _ in range(FOR_BOTH)] == [0] * FOR_BOTH
    assert throttle.count("ada", "192.0.2.1", 1010.0) == WINDOW - 10


def test_after_the_window_guesses_are_looked_at_again(throttle: Throttle) -> None:
    for _ in range(FOR_BOTH + 1):
        throttle.count("ada", "192.0.2.1", 1000.0)
    assert throttle.count("ada", "192.0.2.1", 1000.0 + WINDOW) == 0


def test_the_member_at_home_is_not_locked_out_by_a_stranger(throttle: Throttle) -> None:
    for _ in range(FOR_BOTH + 1):
        throttle.count("ada", "192.0.2.1", 1000.0)
    assert throttle.count("ada", "198.51.100.7", 1000.0) == 0


def test_one_address_cannot_try_one_password_on_everybody(throttle: Throttle) -> None:
    waits = [throttle.count(f"reader-{number}", "192.0.2.1", 1000.0) for number in range(FOR_ADDRESS + 1)]
    assert waits[:-1] == [0] * FOR_ADDRESS
    assert waits[-1] > 0


def test_getting_it_right_takes_the_guess_back(throttle: Throttle) -> None:
    for _ in range(3 * FOR_ADDRESS):
        assert throttle.count("ada", "192.0.2.1", 1000.0) == 0
        throttle.forgive("ada", "192.0.2.1")


def test_guesses_at_the_same_time_are_all_counted(throttle: Throttle) -> None:
    passed: list[int] = []
    at_once(12, lambda: passed.append(throttle.count("ada", "192.0.2.1", 1000.0)))
    assert passed.count(0) == FOR_BOTH


def test_the_file_of_guesses_names_nobody_and_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("examples.reading_room.throttle._MOST_ROWS", 20)
    throttle = Throttle(tmp_path / "guesses.db", b"key")
    for number in range(50):
        throttle.count(f"name-{number}", "192.0.2.1", 1000.0 + number)
    held = (tmp_path / "guesses.db").read_bytes()
    assert b"name-" not in held
    assert b"192.0.2.1" not in held
    with throttle._connect() as connection:
        assert connection.execute("SELECT count(*) FROM guesses").fetchone()[0] <= 20
    connection.close()


# -- keys


def test_all_workers_read_the_key_that_the_first_one_made(tmp_path: Path) -> None:
    found: list[list[str]] = []
    at_once(8, lambda: found.append(keys.secret_keys(tmp_path / "data", {})))
    assert len({tuple(one) for one in found}) == 1
    assert stat.S_IMODE((tmp_path / "data" / keys.FILE).stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == [keys.FILE]  # no drafts are left


def test_a_worker_that_comes_second_replaces_no_key(tmp_path: Path) -> None:
    path = tmp_path / keys.FILE
    keys._make(path)
    first = path.read_text()
    keys._make(path)
    assert path.read_text() == first


def test_keys_of_the_environment_win_and_make_no_file(tmp_path: Path) -> None:
    assert keys.secret_keys(tmp_path, {"FOOTFALL_SECRET_KEYS": "new, old"}) == ["new", "old"]
    assert list(tmp_path.iterdir()) == []
