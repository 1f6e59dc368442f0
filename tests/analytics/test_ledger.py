"""Chunks of a log, against what the ledger knows: the pure part, without a database."""

from __future__ import annotations

from collections.abc import Iterable

from footfall_analytics.ledger import Chunk, Entry, chunks_of, source_of_log, token_of, unfinished

Known = dict[int, list[Entry]]


def log(count: int, prefix: str = "line") -> list[bytes]:
    return [f"{prefix} {number}\n".encode() for number in range(1, count + 1)]


def cut(lines: Iterable[bytes], known: Known | None = None, batch: int = 4) -> list[Chunk]:
    return list(chunks_of(lines, known or {}, batch))


def written(chunks: Iterable[Chunk], *, done: bool = True) -> Known:
    return {chunk.first_line: [Entry(chunk.first_line, len(chunk.lines), chunk.digest, done)] for chunk in chunks}


def states(chunks: Iterable[Chunk]) -> list[tuple[int, int, str]]:
    return [(chunk.first_line, len(chunk.lines), chunk.state) for chunk in chunks]


def test_a_new_log_is_cut_every_so_many_lines() -> None:
    assert states(cut(log(10))) == [(1, 4, "new"), (5, 4, "new"), (9, 2, "new")]


def test_no_lines_make_no_chunks() -> None:
    assert cut([]) == []


def test_the_same_log_again_is_done() -> None:
    assert {chunk.state for chunk in cut(log(10), written(cut(log(10))))} == {"done"}


def test_line_ends_make_no_other_log() -> None:
    windows = [line.replace(b"\n", b"\r\n") for line in log(10)]
    assert {chunk.state for chunk in cut(windows, written(cut(log(10))))} == {"done"}


def test_a_log_that_grew_is_new_behind_what_was_known() -> None:
    known = written(cut(log(6)))
    assert states(cut(log(9), known)) == [(1, 4, "done"), (5, 2, "done"), (7, 3, "new")]


def test_a_log_that_goes_on_with_other_lines_is_new_from_there() -> None:
    known = written(cut(log(6)))
    assert states(cut([*log(5), b"other\n"], known)) == [(1, 4, "done"), (5, 2, "new")]


def test_another_log_with_the_same_lines_in_another_order_is_new() -> None:
    known = written(cut(log(4)))
    assert states(cut([*log(2), *reversed(log(4)[2:])], known)) == [(1, 4, "new")]


def test_the_same_lines_behind_other_ones_have_another_digest() -> None:
    first, second = cut([*log(4, "a"), *log(4)]), cut([*log(4, "b"), *log(4)])
    assert first[1].lines == second[1].lines
    assert first[1].digest != second[1].digest


def test_a_plan_is_kept_when_the_log_has_grown_and_the_batch_is_another() -> None:
    plan = written(cut(log(6))[1:], done=False)
    known = written(cut(log(4))) | plan
    assert states(cut(log(9), known, batch=100)) == [(1, 4, "done"), (5, 2, "planned"), (7, 3, "new")]


def test_chunks_larger_than_this_times_batch_are_known_too() -> None:
    assert states(cut(log(10), written(cut(log(10), batch=8)), batch=3)) == [(1, 8, "done"), (9, 2, "done")]


def test_of_two_chains_the_one_that_fits_is_followed() -> None:
    ours, theirs = cut(log(6)), cut([*log(1), *log(5, "other")])
    known: Known = {1: [], 5: []}
    for chunk in (*theirs, *ours):
        known[chunk.first_line].append(Entry(chunk.first_line, len(chunk.lines), chunk.digest, True))
    assert states(cut(log(6), known)) == [(1, 4, "done"), (5, 2, "done")]


def test_an_unfinished_last_line_is_a_chunk_of_its_own() -> None:
    assert states(cut([*log(5), b"line"])) == [(1, 4, "new"), (5, 1, "new"), (6, 1, "new")]
    assert states(cut([*log(3), b"line"])) == [(1, 3, "new"), (4, 1, "new")]


def test_when_an_unfinished_line_was_whole_and_gets_its_end_it_is_known() -> None:
    known = written(cut([*log(5)[:4], b"line 5"]))
    assert states(cut(log(5), known)) == [(1, 4, "done"), (5, 1, "done")]


def test_chunks_are_bounded_in_bytes() -> None:
    long = [b"a" * (1024 * 1024) + b"\n"] * 40
    sizes = [len(chunk.lines) for chunk in cut(long, batch=1000)]
    assert (sum(sizes), max(sizes)) == (40, 32)


def test_unfinished_is_a_line_without_end_unless_it_was_cut_for_its_length() -> None:
    assert unfinished(b"line")
    assert not unfinished(b"line\n")
    assert not unfinished(b"a" * 65_537)


def test_logs_are_looked_up_by_their_first_line_and_tokens_are_of_a_site() -> None:
    assert source_of_log(b"a\n") == source_of_log(b"a\r\n") != source_of_log(b"b\n")
    chunk = cut(log(1))[0]
    assert token_of("one", chunk) != token_of("two", chunk)
