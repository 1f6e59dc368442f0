"""The site: every part of Footfall put together once, when the app starts."""

from __future__ import annotations

from collections.abc import Callable, Collection

from footfall.arrival import Arrival, first_language
from footfall.caching import Headers
from footfall.consent.decisions import Decisions
from footfall.consent.notice import Notice
from footfall.consent.pages import PrivacyPage
from footfall.consent.texts import degraded, negotiate
from footfall.cookies import CookieNames
from footfall.guard.billing import find_in_mapping
from footfall.guard.guard import Dropped, Guard
from footfall.hit import Hit
from footfall.identifiers import Identifiers
from footfall.recorder import Recorder
from footfall.sessions.access import compile_rules
from footfall.sessions.origin import FormToken
from footfall.sessions.sessions import Sessions
from footfall.sessions.sign_in import SignIn
from footfall.settings import Settings
from footfall.signing import Keyring
from footfall.sink import EventSink
from footfall.store import open_store


class Site:
    """What one ``Footfall`` is made of. A request only looks things up in it."""

    def __init__(self, settings: Settings, sink: EventSink, clock: Callable[[], float]) -> None:
        self.settings = settings
        self.clock = clock
        self.sink = sink
        self.store = open_store(settings.store)
        self._names = tuple(CookieNames.of(settings.cookie_prefix, secure=secure) for secure in (False, True))
        self.identifiers = Identifiers(settings)
        self.decisions = Decisions(settings, self.store)
        self.sessions = Sessions(settings, self.store, scan=find_in_mapping)
        self.rules = compile_rules(settings.access)
        self.guard = Guard(settings, frozenset(name for names in self._names for name in names.all))
        self.recorder = Recorder(settings, sink, clock)
        self.form_token = FormToken(Keyring(settings.secret_keys))
        self.page = PrivacyPage(settings)
        self._notice = Notice(settings)

    def names(self, arrival: Arrival) -> CookieNames:
        return self._names[arrival.secure]

    def open(self) -> None:
        self.sink.open()

    def close(self) -> None:
        self.sink.close()
        self.store.close()

    # -- what arrives

    def admit(self, hit: Hit) -> None:
        """Take out of the scope every cookie that the app may not read."""
        jar, dropped = self.guard.inbound(hit.arrival.jar, hit.consent)
        if jar is hit.arrival.jar:
            return
        cookie = "; ".join(f"{name}={value}" for name, value in jar.items()).encode("latin-1")
        headers = [header for header in hit.scope["headers"] if header[0] != b"cookie"]
        hit.scope["headers"] = [*headers, (b"cookie", cookie)] if cookie else headers
        self._note_billing(hit, dropped)

    # -- what leaves

    def guard_outbound(self, headers: Headers, hit: Hit) -> Headers:
        """The response's headers with only the cookies that may leave; each one dropped is an event."""
        kept, dropped = self.guard.outbound(headers, hit.consent, hit.at)
        for one in dropped:
            self._note(hit, one)
        return kept

    def visitor_cookies(self, hit: Hit) -> list[str]:
        """Our identifier where it changed, and the removal of stored cookies that lost their purpose."""
        jar = hit.arrival.jar
        lines = self.identifiers.set_cookies(jar, self.names(hit.arrival), hit.visitor, hit.at)
        if hit.consent.decided and jar:
            lines += self.guard.removals(jar, hit.consent)
        return lines

    def _note(self, hit: Hit, dropped: Dropped) -> None:
        facts = {"reason": dropped.reason, "direction": dropped.direction, "kinds": " ".join(dropped.kinds)}
        self.recorder.used("cookie", hit, dropped.name, {key: value for key, value in facts.items() if value})

    def _note_billing(self, hit: Hit, dropped: list[Dropped]) -> None:
        for one in dropped:
            if one.reason == "billing":
                self._note(hit, one)

    # -- members

    async def login(self, hit: Hit, sign_in: SignIn, member_id: str, *, remember: bool, roles: Collection[str]) -> None:
        agent = hit.arrival.text(b"user-agent")
        await self.sessions.login(
            sign_in, member_id, remember=remember, roles=roles, now=self.clock(), user_agent=agent
        )
        hit.member = sign_in.member
        self.recorder.used("sign_in", hit)

    async def logout(self, hit: Hit, sign_in: SignIn, *, everywhere: bool) -> None:
        self.recorder.used("sign_out", hit)
        await self.sessions.logout(sign_in, everywhere=everywhere, now=self.clock())
        hit.member = None

    # -- words

    def language(self, hit: Hit) -> str:
        return self.settings.language or negotiate(hit.arrival.text(b"accept-language"))

    def notice(self, hit: Hit) -> str:
        """The notice for this visitor; empty where nothing is to be asked."""
        if hit.consent.decided:
            return ""
        asked = [name for name in self.decisions.rules.optional if not hit.consent.answered(name)]
        return self._notice.html(
            self.language(hit),
            return_to=own_address(hit),
            token=self.form_token.make(hit.arrival.host, hit.at),
            gpc=hit.consent.gpc,
            asked=asked,
        )

    def degraded(self, hit: Hit, sign_in: SignIn) -> list[str]:
        denied = [name for name in self.decisions.rules.optional if name not in hit.consent.granted]
        return degraded(
            self.language(hit),
            denied=denied,
            cookies_refused=not hit.arrival.jar,
            store_down=sign_in.unavailable,
        )


def own_address(hit: Hit) -> str:
    """Path and query of the request, as the browser sees them, for the way back."""
    query = hit.scope["query_string"].decode("latin-1")
    path: str = hit.scope.get("raw_path", b"").decode("latin-1") or hit.scope["path"]
    return f"{path}?{query}" if query else path
