"""Notes of erasures: by what the events of the erased are known that still wait in a journal.

A note has no id in it, only a salted digest, and lasts thirty days (``erasure_notes``). What happened after its time is
new, and is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from footfall.event import Event
from footfall_analytics.tally import Tally

SubjectKind = Literal["member", "visitor"]


class Subject(msgspec.Struct, frozen=True):
    """Whose data: a member's, by the id that the app signs them in with, or those of one browser, by its identifier."""

    kind: SubjectKind
    id: str


class Note(msgspec.Struct, frozen=True):
    """That somebody's events up to a time (Unix milliseconds) are erased."""

    receipt: str
    kind: SubjectKind
    salt: str
    digest: str
    until_ms: int

    def is_of(self, subject: Subject) -> bool:
        return self.kind == subject.kind and digest_of(self.salt, subject) == self.digest


def new_note(subject: Subject, receipt: str, until_ms: int) -> Note:
    salt = secrets.token_hex(16)
    return Note(receipt, subject.kind, salt, digest_of(salt, subject), until_ms)


def digest_of(salt: str, subject: Subject) -> str:
    return hashlib.sha256(f"{salt}:{subject.kind}:{subject.id}".encode()).hexdigest()


def subjects_of(event: Event) -> Iterator[Subject]:
    if event.member_id:
        yield Subject("member", event.member_id)
    if event.visitor_id:
        yield Subject("visitor", event.visitor_id)


class Notes:
    """Some notes, and whose events they are about."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self.all = tuple(notes)
        self._known: dict[Subject, tuple[Note, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self.all)

    def about(self, event: Event) -> Iterator[tuple[Note, Subject]]:
        """The notes by which this event is erased, and of whom."""
        for subject in subjects_of(event):
            for note in self._of(subject):
                if event.time_ms <= note.until_ms:
                    yield note, subject

    def others(self, events: Iterable[Event], tally: Tally) -> Iterator[Event]:
        """The events of everybody else; those of the erased are counted."""
        for event in events:
            if next(self.about(event), None) is None:
                yield event
            else:
                tally.took_back(event, "erased")

    def without(self, others: Notes) -> Notes:
        """Those that are not among others."""
        known = {note.receipt for note in others.all}
        return Notes(note for note in self.all if note.receipt not in known)

    def _of(self, subject: Subject) -> tuple[Note, ...]:
        known = self._known.get(subject)
        if known is None:
            known = self._known[subject] = tuple(note for note in self.all if note.is_of(subject))
        return known


NO_NOTES = Notes(())
