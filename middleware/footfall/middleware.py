"""The middleware: glue only. Scope → visit → app → guarded response → event."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footfall.arrival import without_cookies
from footfall.caching import Headers, by_name
from footfall.cookies import CookieNames
from footfall.departure import Departure
from footfall.event import DropReason
from footfall.handshake import Handshake
from footfall.hit import Hit
from footfall.paths import PathSet, inside
from footfall.routes import PrivacyRoutes
from footfall.sessions.principal import ANONYMOUS, principal
from footfall.sessions.session import Session
from footfall.sessions.sign_in import SignIn
from footfall.settings import Settings
from footfall.sink import EventSink, NoSink
from footfall.site import Site
from footfall.store import StoreUnavailable
from footfall.visit import Visit


class Footfall:
    """First-party tracking with consent, as one pure ASGI middleware.

    ``sink`` takes the events: ``footfall_analytics.ClickHouse(url)``, a ``MemorySink`` in tests, or nothing.
    ``clock`` gives Unix time in seconds; tests move it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: Settings,
        sink: EventSink | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.app = app
        self.site = Site(settings, sink or NoSink(), clock)
        self._gate = self.site.gate
        self._routes = PrivacyRoutes(self.site, self._gate)
        self._excluded = PathSet[DropReason](
            {"static": settings.static, "health": settings.health, "excluded": settings.excluded}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._other(scope, receive, send)
        path = inside(scope)
        passes = self._nobodys_visit(path, scope, receive, send)
        if passes is not None:
            return await passes
        hit, sign_in = await self._arrive(scope)
        departure = Departure(self.site, hit, sign_in, send)
        try:
            page = self._routes.find(path, hit, sign_in)
            verdict = self._gate.judge(hit, sign_in, ours=page is not None)
            hit.protected = verdict.protected
            app = verdict.instead or page or self.app
            if verdict.wants_token:
                app = self._gate.with_token(app, hit, sign_in)
            await app(scope, receive, departure.send)
        except StoreUnavailable:
            # The app wanted to sign somebody in or out and cannot: the visitor is told so, in words.
            if hit.status:
                raise
            await self._gate.refusal(hit, "down")(scope, receive, departure.send)
        except BaseException:
            hit.status = hit.status or HTTPStatus.INTERNAL_SERVER_ERROR
            raise
        finally:
            departure.record()
            hit.let_go()

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "websocket":
                await self._websocket(scope, receive, send)
            case "lifespan":
                await self._lifespan(scope, receive, send)
            case _:
                await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        hit, sign_in = await self._arrive(scope)
        handshake = Handshake(self.site, hit, sign_in, send)
        try:
            app = self._gate.judge(hit, sign_in).instead or self.app
            await app(scope, receive, handshake.send)
        finally:
            await handshake.finish()
            hit.let_go()

    async def _arrive(self, scope: Scope) -> tuple[Hit, SignIn]:
        """Everything known of the request before the app runs; the app finds it in its usual places."""
        site = self.site
        now = site.clock()
        if site.decisions.is_due(now):
            await site.decisions.keep_up(now)
        arrival = site.arrivals.read(scope)
        standing = site.standings.of(arrival.browser, site.regime(scope, arrival), now)
        hit = Hit(scope, arrival, standing, now)
        sign_in = await self._resume(hit, standing.names) if standing.signs_in else SignIn(standing.names)
        site.border.admit(hit)
        site.asking.receive_plain(hit)
        scope.setdefault("state", {})["visit"] = Visit(site, hit, sign_in)
        scope["session"] = sign_in.session
        scope["user"], scope["auth"] = principal(sign_in.member)
        return hit, sign_in

    async def _resume(self, hit: Hit, names: CookieNames) -> SignIn:
        """The sign-in state that the cookies name, and what holds for that member."""
        site, arrival = self.site, hit.arrival
        active = site.no_activity.find(inside(hit.scope)) is None
        sign_in = await site.sessions.resume(arrival.jar, secure=arrival.secure, now=hit.at, active=active)
        await site.asking.weigh(hit, sign_in.member, signs_in=names.session in sign_in.cookies)
        return sign_in

    def _nobodys_visit(self, path: str, scope: Scope, receive: Receive, send: Send) -> Awaitable[None] | None:
        """What answers a request that is counted and nothing else; ``None`` for all others."""
        file = self._routes.file(path)
        if file is not None:
            self.site.recorder.drop("static")
            return file(scope, receive, send)
        reason = self._excluded.find(path)
        if reason is None or self._gate.closes(scope):
            return None
        return self._pass_by(reason, scope, receive, send)

    def _pass_by(self, reason: DropReason, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """An excluded path: counted, no visit. It reads no cookies, and sets only what nobody need agree to."""
        self.site.recorder.drop(reason)
        scope["headers"] = without_cookies(scope["headers"])
        scope["session"] = Session()  # an app that always asks for it finds an empty one, which is not kept
        scope["user"], scope["auth"] = ANONYMOUS

        def guarded(message: Message) -> Awaitable[None]:
            return send(self._of_nobody(message, scope) if message["type"] == "http.response.start" else message)

        return self.app(scope, receive, guarded)

    def _of_nobody(self, message: Message, scope: Scope) -> Message:
        """The start of a response, with only the cookies that need nobody's consent."""
        stated = message.get("headers", ())
        headers: Headers = stated if isinstance(stated, list) else list(stated)
        if b"set-cookie" not in by_name(headers):
            return message if headers is stated else {**message, "headers": headers}
        site = self.site
        arrival = site.arrivals.read(scope)
        hit = Hit(scope, arrival, site.standings.of_nobody(arrival.browser), site.clock())
        return {**message, "headers": site.border.release(headers, hit)}

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The journal opens with the worker and is sealed when it stops."""

        async def opening(message: Message) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                self.site.close()
            await send(message)

        self.site.open()
        try:
            await self.app(scope, receive, opening)
        except BaseException:
            self.site.close()  # an app that knows no lifespan; the next event opens again
            raise
