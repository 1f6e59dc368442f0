"""What a handler sees of a request: ``request.state.visit``."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import Response
from starlette.types import Receive

from footfall.consent.approvals import AccountConsent
from footfall.consent.consent import Consent
from footfall.consent_refusal import consent_refusal
from footfall.cookie_probe import must_probe
from footfall.hit import Hit
from footfall.own_forms import binding_of
from footfall.refusals import Reason
from footfall.sessions.access import Access
from footfall.sessions.member import Member
from footfall.sessions.principal import principal

if TYPE_CHECKING:
    from footfall.sessions.sign_in import SignIn
    from footfall.site import Site


class Visit:
    """One request of one visitor: who they are, what they agreed to, and what the app wants to note."""

    __slots__ = ("_hit", "_sign_in", "_site")

    def __init__(self, site: Site, hit: Hit, sign_in: SignIn) -> None:
        self._site = site
        self._hit = hit
        self._sign_in = sign_in

    @property
    def visitor_id(self) -> uuid.UUID | None:
        """The identifier of this browser, or ``None`` where none may be kept."""
        visitor = self._hit.visitor
        return uuid.UUID(visitor.id) if visitor else None

    @property
    def returning(self) -> bool:
        """Whether this browser was seen in an earlier visit. Always false without consent."""
        visitor = self._hit.visitor
        return visitor.returning if visitor else False

    @property
    def member(self) -> Member | None:
        """Who is signed in, or ``None``."""
        return self._sign_in.member

    @property
    def consent(self) -> Consent:
        """What the visitor agreed to."""
        return self._hit.consent

    @property
    def account_consent(self) -> AccountConsent:
        """Whether the information in the member's account may be used, where that is an opt-out with notice:
        ``await visit.account_consent.allows("marketing")``, before each use (47 CFR 64.2009(a)).

        Raises ValueError where ``Settings.account_notice`` is missing.
        """
        approvals, member = self._site.approvals, self._sign_in.member
        if approvals is None:
            raise ValueError("Settings.account_notice is missing: without a notice no account can be said to approve")
        return approvals.of(member.id if member else "", gpc=self._hit.arrival.gpc)

    @property
    def degraded(self) -> list[str]:
        """What does not work for this visitor now, and why, in sentences to show them. Empty when all works."""
        return self._site.asking.degraded(self._hit, self._sign_in)

    def notice(self) -> Markup:
        """The notice that asks for the choice, for templates that place it themselves; empty once decided."""
        self._hit.placed = True
        return Markup(self._site.asking.notice(self._hit))  # noqa: S704  (rendered by our own escaping template)

    def privacy_link(self) -> Markup:
        """A link to the choices, in the visitor's language, for the foot of every page: changing one's mind is to be as
        easy as agreeing was (GDPR 7(3))."""
        return self._site.asking.privacy_link(self._hit)

    def embed(
        self, service: str, html: str, *, width: int = 0, height: int = 0, title: str = "", nonce: str = ""
    ) -> Markup:
        """What comes from a service (``Settings.services``): your HTML where the visitor allows it, else a placeholder
        of that size (CSS pixels) in which it can be loaded once, or always.

        ``title`` says what is embedded, ``nonce`` is that of the page's CSP for our style sheet. Raises ValueError for
        a service that the settings do not have.
        """
        return self._site.embedding.embed(
            self._hit, service, html, width=width, height=height, title=title, nonce=nonce
        )

    def held_back(self, name: str) -> Markup:
        """The attributes that hold a script back until its purpose or service is allowed, and nothing where it is:
        ``<script {{ visit.held_back("analytics") }} src="/stats.js"></script>``."""
        return self._site.embedding.held_back(self._hit, name)

    def consent_mode(self, nonce: str = "") -> Markup:
        """The script that tells Google's tags what holds now, to stand before them in the head of every page
        (``Settings.consent_mode``). ``nonce`` is that of the page's CSP."""
        return self._site.embedding.consent_mode(self._hit, nonce=nonce)

    def do_not_sell_link(self) -> Markup:
        """A link to the page on selling and sharing, for the foot of your pages; empty where nothing is sold or shared
        (``Purpose.sale_or_share``)."""
        asking, hit = self._site.asking, self._hit
        return Markup(hit.rooted(asking.sale.link(asking.language(hit))))  # noqa: S704  (made by our own escaping template)

    async def login(self, member_id: str, *, remember: bool = False, roles: Collection[str] = ()) -> None:
        """Sign a member in: call it after the credentials were checked.

        The session gets a new token (ASVS 7.2.4). ``remember`` keeps the member signed in on this browser for
        ``Settings.remember_lifetime``. Raises ``StoreUnavailable`` where the session cannot be kept.
        """
        site, hit = self._site, self._hit
        self._must_be_unanswered("login")
        await site.sessions.login(
            self._sign_in,
            member_id,
            remember=remember,
            roles=roles,
            now=site.clock(),
            user_agent=hit.arrival.text(b"user-agent"),
            country=site.country(hit.arrival),
        )
        await self._signed_in_as(self._sign_in.member)
        hit.probes = must_probe(hit)
        site.recorder.used("sign_in", hit)

    async def logout(self, *, everywhere: bool = False) -> None:
        """Sign the member out, on this browser or on all; the session is dead on every worker at once."""
        self._must_be_unanswered("logout")
        self._site.recorder.used("sign_out", self._hit)
        await self._site.sessions.logout(self._sign_in, everywhere=everywhere, now=self._site.clock())
        await self._signed_in_as(None)
        self._hit.signed_out = True

    @property
    def notices(self) -> list[str]:
        """What the member must be told: ``"theft"`` when somebody used a copy of their remember-me cookie. Show
        it, then call ``dismiss_notices``."""
        return list(self._sign_in.notices)

    @property
    def notices_in_words(self) -> list[str]:
        """The same as sentences in the visitor's language, for templates that tell the member themselves."""
        words = self._site.asking.words(self._hit)
        return [words.say(f"devices.{notice}") for notice in self._sign_in.notices]

    async def dismiss_notices(self) -> None:
        """The member has seen them. Raises ``StoreUnavailable``."""
        await self._site.sessions.dismiss_notices(self._sign_in)

    async def end_sessions(self, member_id: str, *, except_current: bool = False) -> int:
        """End a member's sessions and remembered browsers, on every worker at once: when the account is disabled,
        or, all but this one, after a change of password (ASVS 7.4.2, 7.4.3). How many there were."""
        current = self._sign_in if except_current else None
        return await self._site.sessions.end_sessions(member_id, except_current=current)

    async def set_roles(self, member_id: str, roles: Collection[str]) -> None:
        """Give a member these roles in all sessions, from the next request on (ASVS 8.3.2)."""
        await self._site.sessions.set_roles(member_id, roles)

    def form_token(self) -> str:
        """What a form carries in a hidden field ``form_token`` (or a script in ``X-Form-Token``) where
        ``Settings.csrf`` is "token": for browsers that do not say where a request comes from."""
        hit = self._hit
        return self._site.form_token.make(hit.arrival.host, hit.at, binding_of(self._sign_in))

    def refuses(self, rule: Access) -> Reason | None:
        """Why a rule, whatever its path, does not let this visitor in; ``None``: it does."""
        return self._site.gate.reason(rule, self._hit, self._sign_in)

    async def refusal(self, reason: Reason, receive: Receive) -> Response:
        """What the visitor gets instead of the app's answer: the way to the sign-in, a page, or problem JSON."""
        return await self._site.gate.answer(reason, self._hit, receive)

    def plain_refusal(self, reason: Reason) -> tuple[HTTPStatus, dict[str, str]]:
        """Status and headers of that answer, for frameworks that write the body themselves."""
        return self._site.gate.plain(reason, self._hit)

    def lacks(self, *purposes: str) -> list[str]:
        """Those of the purposes that are not granted. Raises ValueError for one that the settings do not have."""
        return [purpose for purpose in purposes if not self.consent.allows(purpose)]

    def consent_refusal(self, missing: Sequence[str]) -> Response:
        """What to answer where purposes are missing: 403, a page that leads to the choices, or problem JSON."""
        return consent_refusal(self._site, self._hit, missing)

    def document(self, name: str, **props: object) -> None:
        """Note that a document was read or downloaded."""
        self._site.recorder.used("document", self._hit, name, props)

    def database(self, name: str, **props: object) -> None:
        """Note that a database was used."""
        self._site.recorder.used("database", self._hit, name, props)

    def event(self, name: str, **props: object) -> None:
        """Note anything else. Properties are kept as text, scrubbed, and only where analytics is granted."""
        self._site.recorder.used("event", self._hit, name, props)

    def _must_be_unanswered(self, what: str) -> None:
        if self._hit.status:
            raise RuntimeError(f"{what}() after the response has begun can set no cookie; call it before you respond")

    async def _signed_in_as(self, member: Member | None) -> None:
        await self._site.asking.weigh(self._hit, member, signs_in=member is not None)
        self._hit.scope["user"], self._hit.scope["auth"] = principal(member)
