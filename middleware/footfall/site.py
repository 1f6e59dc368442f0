"""The site: every part of Footfall put together once, when the app starts. A request only looks things up."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.types import Scope

from footfall.arrival import Arrival, Arrivals
from footfall.asking import Asking
from footfall.border import Border
from footfall.consent.accounts import Accounts
from footfall.consent.approvals import Approvals
from footfall.consent.decisions import Decisions
from footfall.consent.regimes import Regime, Regimes
from footfall.cookies import CookieNames
from footfall.embedding import Embedding
from footfall.entry import Entries
from footfall.gate import Gate
from footfall.guard.billing import find_in_mapping
from footfall.identifiers import Identifiers
from footfall.paths import PathSet
from footfall.recorder import Recorder
from footfall.sessions.access import compile_rules
from footfall.sessions.origin import FormToken
from footfall.sessions.sessions import Sessions
from footfall.settings import Settings
from footfall.signing import Keyring
from footfall.sink import EventSink
from footfall.standing import Standings
from footfall.store import StoreUnavailable, open_store

log = logging.getLogger("footfall")


class Site:
    """What one ``Footfall`` is made of."""

    def __init__(self, settings: Settings, sink: EventSink, clock: Callable[[], float]) -> None:
        self.settings = settings
        self.sink = sink
        self.clock = clock
        self.store = open_store(settings.store)
        self._names = tuple(CookieNames.of(settings.cookie_prefix, secure=secure) for secure in (False, True))
        self.identifiers = Identifiers(settings)
        self._regimes = Regimes(settings.regime, settings.country_header)
        self._country = settings.country_header.lower().encode() if settings.country_header else b""
        self.decisions = Decisions(settings, self.store)
        self.accounts = Accounts(settings, self.store, self.decisions)
        self.approvals = self._approvals()
        self.sessions = Sessions(
            settings,
            self.store,
            scan=find_in_mapping,
            on_event=settings.on_session_event,
            end_all_on_theft=settings.theft_ends_all,
        )
        self.arrivals = Arrivals()
        self.standings = Standings(self.decisions, self.identifiers, self._names)
        self.rules = compile_rules(settings.access)
        self.no_activity = PathSet[bool]({True: settings.no_activity})
        self.recorder = Recorder(settings, sink, clock)
        own = frozenset(name for names in self._names for name in names.all)
        self.border = Border(settings, own, self.recorder)
        self.form_token = FormToken(Keyring(settings.secret_keys))
        self.asking = Asking(
            settings,
            self.decisions,
            self.accounts,
            self.identifiers,
            self.recorder,
            self.form_token,
            Entries(Keyring(settings.secret_keys)),
        )
        self.embedding = Embedding(settings, self.asking)
        self.gate = Gate(self)

    def _approvals(self) -> Approvals | None:
        if self.settings.account_notice is None:
            return None
        return Approvals(self.settings, self.store, clock=self.clock, on_change=self.accounts.forget)

    def names(self, arrival: Arrival) -> CookieNames:
        """Our cookies' names for this request."""
        return self._names[arrival.secure]

    def regime(self, scope: Scope, arrival: Arrival) -> Regime:
        """What holds for this request where nothing was chosen."""
        return self._regimes.of(scope, arrival.text(self._country).strip() if self._country else "")

    def country(self, arrival: Arrival) -> str:
        """The country a request comes from, as a trusted proxy says (ISO 3166-1 alpha-2); "" where nobody does."""
        return arrival.text(self._country).strip() if self._country else ""

    def open(self) -> None:
        """The worker starts. A store that is away stops nobody: what needs it says so, request by request."""
        self.sink.open()
        try:
            self.store.open()
        except StoreUnavailable as error:
            log.error("nobody can sign in or choose for now: %s", error)

    def close(self) -> None:
        """The worker stops: the journal is sealed, the store let go."""
        self.sink.close()
        self.store.close()
