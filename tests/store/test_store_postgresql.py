"""What PostgreSQL's store says when it cannot answer, and what its server keeps."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from contextlib import closing

import psycopg
import pytest

from footfall.consent.shown import ShownText
from footfall.store import StoreUnavailable, consent_rows, open_store, policy_rows, schema
from footfall.store.connection import Connection
from footfall.store.errors import StoreTooNew
from footfall.store.records import Presented, SeriesRecord, SignInChange
from footfall.store.sql_store import SQLStore
from tests.postgresql import PostgreSQL, rows
from tests.store.rows import LIMITS, record, session
from tests.wire import wire_to


@pytest.fixture
def url(postgresql: PostgreSQL) -> str:
    return postgresql.database()


def refusal(url: str) -> str:
    store = open_store(url)
    with pytest.raises(StoreUnavailable) as error:
        store.open()
    store.close()
    return str(error.value)


def test_a_database_that_does_not_exist_is_named_with_the_remedy(postgresql: PostgreSQL) -> None:
    said = refusal(postgresql.url_of("nowhere").replace("postgres:", "postgres:pw-of-somebody"))
    assert 'database "nowhere" does not exist; create it' in said
    assert "pw-of-somebody" not in said
    assert "\n" not in said


def test_a_server_that_is_not_there_is_named() -> None:
    said = refusal("postgresql://user:pw-of-somebody@127.0.0.1:1/shop")
    assert said == (
        "the store postgresql://127.0.0.1:1/shop cannot be reached: Connection refused; is the server running there?"
    )


def test_a_role_that_does_not_exist_is_named(url: str) -> None:
    assert 'role "nobody" does not exist; create the role' in refusal(url.replace("postgres:", "nobody:"))


def test_a_role_without_rights_is_told_which_it_needs(postgresql: PostgreSQL) -> None:
    url = postgresql.database(tables=False)
    postgresql.execute("CREATE ROLE poor LOGIN")
    assert "grant it the schema footfall" in refusal(url.replace("postgres:", "poor:"))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:pw@of-somebody@host/db",
        "postgresql://user:pw-of-somebody%zz@host/db",
        "postgresql://user:pw-of-somebody@host/db?no_such_parameter=1",
    ],
)
def test_a_url_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="postgresql://user:password@host") as error:
        open_store(url)
    assert "of-somebody" not in str(error.value)


def test_postgres_is_a_scheme_too(url: str) -> None:
    store = open_store(url.replace("postgresql://", "postgres://"))
    store.open()
    store.close()


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("footfall.store.postgresql")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ValueError, match=r"pip install 'footfall\[postgres\]'"):
        open_store("postgresql://user:pw-of-somebody@host/db")


def test_without_the_extra_the_embedded_store_works() -> None:
    """psycopg is imported by its store alone."""
    script = "import sys; import footfall; assert not [name for name in sys.modules if 'psycopg' in name]"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, env={"PYTHONPATH": ":".join(sys.path)})


def test_several_workers_that_start_at_once_apply_each_migration_once(postgresql: PostgreSQL) -> None:
    url = postgresql.database(tables=False)
    stores = [open_store(url) for _ in range(4)]
    applied: list[int] = []
    threads = [threading.Thread(target=lambda one=one: applied.append(len(one.bring_up_to_date()))) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == [0, 0, 0, len(schema.migrations("postgresql"))]
    assert stores[0].pending() == []


def test_a_store_of_a_later_version_is_left_alone(url: str) -> None:
    rows(url, "INSERT INTO schema_migrations VALUES (9999, 'of_the_future')")
    store = open_store(url)
    with pytest.raises(StoreTooNew, match="migration 9999"):
        store.open()
    store.close()


def test_what_is_pending_is_said_and_nothing_done(postgresql: PostgreSQL) -> None:
    url = postgresql.database(tables=False)
    assert open_store(url).pending() == list(schema.migrations("postgresql"))
    assert rows(url, "SELECT 1 FROM pg_namespace WHERE nspname = 'footfall'") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_records SET purposes = '[]'",
        "DELETE FROM consent_records",
        "TRUNCATE consent_records",
        "INSERT INTO consent_retention VALUES (0.0); DELETE FROM consent_records",
    ],
)
def test_a_consent_record_cannot_be_changed_or_deleted(url: str, statement: str) -> None:
    """GDPR 7(1): who shows a record must be able to trust it."""
    store = open_store(url)
    asyncio.run(store.add_consent_record(record()))
    store.close()
    with pytest.raises(psycopg.IntegrityError, match="append-only"):
        rows(url, statement)


def test_the_first_look_up_of_a_connection_is_one_round_trip_too(url: str) -> None:
    with wire_to(url) as wire, closing(open_store(wire.url)) as store:
        store.open()
        before = wire.round_trips
        assert asyncio.run(store.session("a")) is None
        assert wire.round_trips == before + 1


def test_what_an_account_says_is_one_round_trip(url: str) -> None:
    with wire_to(url) as wire, closing(open_store(wire.url)) as store:
        asyncio.run(store.account_file("ada"))
        before = wire.round_trips
        asyncio.run(store.account_file("ada"))
        assert wire.round_trips == before + 1


def test_an_end_of_everything_and_a_return_at_once_leave_nobody_signed_in(url: str) -> None:
    """Under READ COMMITTED a deletion sees no session that begins meanwhile, unless it waits for it."""
    with closing(open_store(url)) as store:

        async def both(number: int) -> None:
            series = SeriesRecord(
                series="s",
                member_id="ada",
                authenticated_at=0.0,
                created_at=0.0,
                expires_at=1e9,
                exchanged_at=0.0,
                session_hash=f"first {number}",
            )
            begun = session(f"first {number}", member_id="ada", series="s")
            await store.sign_in(SignInChange(session=begun, series=series, token_hash="t"), LIMITS)
            presented = Presented(
                series="s", token_hash="t", now=7200.0, session_hash=f"second {number}", successor_hash="u"
            )
            await asyncio.gather(store.exchange(presented, LIMITS), store.end_sessions("ada"))
            assert await store.sessions_of("ada") == []

        for number in range(30):
            asyncio.run(both(number))


def test_words_that_are_shown_again_while_retention_drops_them_stay_with_the_record(url: str) -> None:
    """GDPR 7(1): under READ COMMITTED a deletion sees no record that is added meanwhile, unless it waits for it."""
    words = ShownText("notice", "de", 3, "Dürfen wir?")
    added, dropped = threading.Event(), threading.Event()

    def drop(connection: Connection) -> None:
        policy_rows.drop_texts(connection, 2.0)
        dropped.set()

    def add(connection: Connection) -> None:
        policy_rows.keep_text(connection, words.fingerprint, words, 3.0)
        added.set()
        dropped.wait(0.5)  # what does not wait is done by then
        consent_rows.add(connection, record(at=3.0, text_fingerprint=words.fingerprint))

    async def both(store: SQLStore) -> ShownText | None:
        await store._write(lambda connection: policy_rows.keep_text(connection, words.fingerprint, words, 1.0))
        adding = asyncio.create_task(store._write(add))
        await asyncio.to_thread(added.wait)
        await asyncio.gather(adding, store._write(drop))
        return await store.shown_text(words.fingerprint)

    with closing(open_store(url)) as store:
        assert asyncio.run(both(store)) == words


def test_choices_do_not_wait_for_each_other_to_keep_the_same_words(url: str) -> None:
    words = ShownText("notice", "de", 3, "Dürfen wir?")
    inside = threading.Barrier(2)

    def add(connection: Connection) -> None:
        policy_rows.keep_text(connection, words.fingerprint, words, 3.0)
        inside.wait(1.0)

    async def both(store: SQLStore) -> None:
        await store.add_consent_record(record(text_fingerprint=words.fingerprint), words)
        await asyncio.gather(store._write(add), store._write(add))

    with closing(open_store(url)) as store:
        asyncio.run(both(store))


def test_connections_that_were_ended_are_replaced_without_a_word(url: str) -> None:
    """The server was started again, or an administrator ended them: no request notices."""
    store = open_store(url)

    async def use() -> None:
        await store.add_session(session("a"))
        for number in range(3):
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'footfall'"
            assert rows(url, ended)
            assert await store.session("a") is not None
            rows(url, ended)
            await store.add_session(session(f"b{number}"))

    asyncio.run(use())
    store.close()
