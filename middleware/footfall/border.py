"""The border: the guard applied to one request and its response, and every drop made an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from footfall.caching import Headers
from footfall.consent.purposes import Cookie
from footfall.consent.regimes import STRICTEST
from footfall.cookies import Jar, header_of
from footfall.guard.guard import BillingDataError, Dropped, Guard, advice
from footfall.guard.removal import removal_of, removals
from footfall.guard.secrets import scrub_path
from footfall.hit import Hit
from footfall.recorder import Recorder
from footfall.settings import Settings

#: An undeclared cookie is looked for where most are: host-wide, under /.
_UNDECLARED = Cookie("*")

#: Cookies with billing data that one response removes.
_EXPIRED_AT_ONCE = 8


class Border:
    """Lets in and out what may pass."""

    def __init__(self, settings: Settings, own: frozenset[str], recorder: Recorder) -> None:
        self._guard = Guard(settings, own)
        self._recorder = recorder
        self._development = settings.development
        self._refuses = settings.on_billing == "refuse"

    def admit(self, hit: Hit) -> None:
        """Take out of the scope every cookie that the app may not read; one with billing data is also expired."""
        arrival = hit.arrival
        if not hit.foreign and arrival.browser.plain:
            return
        jar, dropped = self._guard.inbound(arrival.jar, hit.consent)
        if dropped or not arrival.browser.plain:
            hit.scope["headers"] = _with_jar(hit.scope["headers"], jar)
        self._expire(hit, {name: one for name, one in dropped.items() if one.reason == "billing"})

    def _expire(self, hit: Hit, holding: Mapping[str, Dropped]) -> None:
        """Of many cookies with billing data a few now and the others with the next requests: a response has
        room for so many headers, and the journal for so many lines."""
        for name, one in islice(holding.items(), _EXPIRED_AT_ONCE):
            hit.own_cookies += removal_of(name, self._guard.declared.find(name) or _UNDECLARED)
            self._note(hit, one)  # whose name may be masked: it may hold the data itself

    def release(self, headers: Headers, hit: Hit) -> Headers:
        """The response's headers with only the cookies that may leave.

        Raises ``BillingDataError`` in development, and where the settings refuse the whole response.
        """
        kept, dropped = self._guard.outbound(headers, hit.consent, hit.at, secure=hit.arrival.secure)
        for one in dropped:
            self._note(hit, one)
        self._refuse_billing(hit, dropped)
        return kept

    def take_back(self, hit: Hit) -> list[str]:
        """``Set-Cookie`` values that remove what the browser still stores without a grant."""
        chosen = hit.consent.choice is not None or hit.void or hit.consent.regime != STRICTEST
        if not hit.foreign or not chosen:
            return []
        return removals(hit.arrival.jar, self._guard.declared, hit.consent)

    def _note(self, hit: Hit, dropped: Dropped) -> None:
        facts = {
            "reason": dropped.reason,
            "direction": dropped.direction,
            "declared": "no" if self._guard.declared.find(dropped.name) is None else "yes",
            "kinds": " ".join(dropped.kinds),
        }
        self._recorder.used("cookie", hit, dropped.name, {key: value for key, value in facts.items() if value})

    def _refuse_billing(self, hit: Hit, dropped: Sequence[Dropped]) -> None:
        if not (self._development or self._refuses):
            return
        for one in dropped:
            if one.reason == "billing":
                raise BillingDataError(f"{hit.route or scrub_path(hit.scope['path'])}: {advice(one)}")


def _with_jar(headers: Headers, jar: Jar) -> Headers:
    kept = [header for header in headers if header[0] != b"cookie"]
    if jar:
        kept.append((b"cookie", header_of(jar).encode("latin-1")))
    return kept
