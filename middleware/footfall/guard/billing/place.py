"""Where a payload was found: under which key and parents, through which layers."""

from __future__ import annotations

from footfall.guard.billing.finding import safe_step

#: From the outside in: names of layers, and keys of records in tuples of one, which are masked when they are shown.
Steps = tuple[str | tuple[str], ...]

_LONGEST_CONTEXT = 96
_LONGEST_PATH = 64  # steps; nothing deeper is looked at, so that what holds itself ends


def path_of(steps: Steps) -> str:
    """The path as a finding shows it."""
    return ">".join(step if isinstance(step, str) else safe_step(step[0]) for step in steps)


class Place:
    """Never changed once made; a plain class, because thousands are made for one large cookie."""

    __slots__ = ("context", "depth", "evidence", "key", "steps")

    def __init__(self, steps: Steps, key: str = "", context: str = "", depth: int = 0, evidence: bool = False) -> None:
        self.steps = steps
        self.key = key  # the field it is the value of
        self.context = context  # the keys of its parents, joined by spaces
        self.depth = depth  # wrappings taken off
        self.evidence = evidence  # an expiry date or a security code stands beside

    @property
    def is_deepest(self) -> bool:
        return len(self.steps) >= _LONGEST_PATH

    def through(self, step: str) -> Place:
        """Behind one more wrapping; bytes that are no wrapping of their own have no name."""
        if not step:
            return self
        return Place(self._then(step), self.key, self.context, self.depth + 1, self.evidence)

    def parents(self) -> str:
        """The context of a field of the record that is here."""
        return f"{self.context} {self.key}"[-_LONGEST_CONTEXT:] if self.context else self.key

    def field(self, key: str, context: str, evidence: bool) -> Place:
        """A field of the record that is here."""
        return Place(self._then((key,)), key, context, self.depth, evidence)

    def _then(self, step: str | tuple[str]) -> Steps:
        return (*self.steps, step) if len(self.steps) < _LONGEST_PATH else self.steps
