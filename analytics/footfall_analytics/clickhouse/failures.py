"""What goes wrong on the way to ClickHouse, said so that somebody can act on it."""

from __future__ import annotations


class ClickHouseUnavailable(ConnectionError):  # noqa: N818 - a state of the world, not a mistake in the program
    """There is no ClickHouse to talk to. The message says what happened, why, and what to do; never a password."""

    def __init__(self, what: str, *, why: str, solution: str) -> None:
        super().__init__(f"{what}: {why}. {solution}.")
        self.what = what
        self.why = why
        self.solution = solution
