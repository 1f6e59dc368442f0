"""Access rules: who may enter which paths, decided before the app runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from footfall.sessions.canonical_path import canonical
from footfall.sessions.member import Member

Decision = Literal["allow", "sign_in", "sign_in_again", "refuse"]

#: From the mildest to the strictest.
_STRICTNESS: tuple[Decision, ...] = ("allow", "sign_in_again", "sign_in", "refuse")

#: Paths remembered with the rules that decide for them: a site's own pages, some half a megabyte.
_MOST_KNOWN = 2048
_LONGEST_KNOWN = 128


@dataclass(frozen=True, slots=True)
class Access:
    """A rule for a path (``"/account"``) or all paths below it (``"/account/*"``, which includes ``/account``).

    ``member``: somebody must be signed in. ``role``: and have it. ``fresh``: and have given their
    credentials within that time; a remembered member never has (ASVS 7.5.3). ``check``: and the callable
    must say yes. ``Access("/…")`` with nothing else opens a path that a later rule closes: the first match wins.
    """

    path: str
    member: bool = False
    role: str | None = None
    fresh: timedelta | None = None
    check: Callable[[Member], bool] | None = None

    def __post_init__(self) -> None:
        if not self.path.startswith("/"):
            raise ValueError(f"Access({self.path!r}): a path begins with /")
        if "*" in self.path.removesuffix("/*"):
            raise ValueError(f"Access({self.path!r}): a * stands only at the end, as in '/account/*'")
        if self.fresh is not None and self.fresh <= timedelta(0):
            raise ValueError(f"Access({self.path!r}): fresh={self.fresh} lets nobody in; give a positive time")

    @property
    def wants_member(self) -> bool:
        return self.member or self.role is not None or self.fresh is not None or self.check is not None

    def decide(self, member: Member | None, now: float) -> Decision:
        """What this rule says to a member, or to nobody, at a time (Unix seconds)."""
        if not self.wants_member:
            return "allow"
        if member is None:
            return "sign_in"
        if self.role is not None and self.role not in member.roles:
            return "refuse"  # signing in once more would change nothing
        if self.fresh is not None and not is_fresh(member, now, self.fresh):
            return "sign_in_again"
        return "allow" if self.check is None or self.check(member) else "refuse"


def is_fresh(member: Member, now: float, within: timedelta) -> bool:
    """Whether the member gave credentials that recently; a remembered one did not (ASVS 7.5.3)."""
    return member.how == "login" and now - member.authenticated_at <= within.total_seconds()


class Rules:
    """The rules of a site, in their order: the first one that matches a path decides.

    A path is read twice, as it is and in its canonical form, and the stricter reading counts: no way of
    writing a path passes where another way of writing it does not.
    """

    def __init__(self, rules: Sequence[Access]) -> None:
        self._rules = tuple(rules)
        self._literal = tuple((*_split(rule.path), rule) for rule in rules)
        self._canonical = tuple((canonical(path) if path else "", below, rule) for path, below, rule in self._literal)
        self._known: dict[str, Sequence[Access]] = {}
        self._readings_agree = all(a[0] == b[0] for a, b in zip(self._literal, self._canonical, strict=True))

    def __iter__(self) -> Iterator[Access]:
        return iter(self._rules)

    def closes(self, path: str) -> bool:
        """Whether the decoded path (``scope["path"]``) wants a member in any reading."""
        return any(rule.wants_member for rule in self._readings(path))

    def decide(self, path: str, member: Member | None, now: float) -> Decision:
        """What becomes of a request for the decoded path (``scope["path"]``)."""
        decisions = [rule.decide(member, now) for rule in self._readings(path)]
        return max(decisions, key=_STRICTNESS.index, default="allow")

    @staticmethod
    def stricter(one: Decision, other: Decision) -> Decision:
        """Of two decisions the one that lets fewer in."""
        return max(one, other, key=_STRICTNESS.index)

    def _readings(self, path: str) -> Sequence[Access]:
        """The rules that decide, one for each reading that there is one for."""
        if not self._rules:
            return ()
        known = self._known.get(path)
        if known is None:
            known = self._read(path)
            if len(self._known) < _MOST_KNOWN and len(path) <= _LONGEST_KNOWN:
                self._known[path] = known
        return known

    def _read(self, path: str) -> Sequence[Access]:
        form = canonical(path)
        readings = [_first(self._canonical, form)]
        if form != path or not self._readings_agree:
            readings.append(_first(self._literal, path))
        return [rule for rule in readings if rule is not None]


def compile_rules(rules: Sequence[Access]) -> Rules:
    """Compile the rules of the settings, once, when the app starts."""
    return Rules(rules)


_Compiled = tuple[tuple[str, bool, Access], ...]


def _split(pattern: str) -> tuple[str, bool]:
    """``"/account/*"`` → ``("/account", True)``; ``"/*"`` → ``("", True)``."""
    return pattern.removesuffix("/*"), pattern.endswith("/*")


def _first(rules: _Compiled, path: str) -> Access | None:
    for own, below, rule in rules:
        if path == own or (below and path.startswith(own) and path[len(own) :].startswith("/")):
            return rule
    return None
