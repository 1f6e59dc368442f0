"""Asking: who is shown the notice, in which words, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from footfall.consent.accounts import Accounts
from footfall.consent.answer import Answer, Form, Pressed, answer_of
from footfall.consent.change import PolicyChange
from footfall.consent.choice import Source
from footfall.consent.decisions import Decisions
from footfall.consent.facts import of_choice, of_notice
from footfall.consent.footing import Footing
from footfall.consent.notice import Notice
from footfall.consent.pages import PrivacyPage, PrivacyState, source_in_words
from footfall.consent.purposes import ANALYTICS, NECESSARY
from footfall.consent.records import Method
from footfall.consent.sale import SalePage
from footfall.consent.shown import Layer, ShownText
from footfall.consent.texts import Catalogue, Texts, degraded
from footfall.cookie_probe import was_told
from footfall.cookies import CookieNames
from footfall.entry import Entries, entry_of
from footfall.guard.removal import removals_elsewhere
from footfall.hit import Hit
from footfall.identifiers import Identifiers
from footfall.recorder import Recorder
from footfall.sessions.member import Member
from footfall.sessions.origin import FormToken, same_origin
from footfall.sessions.sign_in import SignIn
from footfall.settings import Settings

#: How a record names what was pressed.
METHODS: Mapping[Pressed, Method] = {
    "accept_all": "accept_all",
    "reject_all": "reject_all",
    "save": "custom",
    "withdraw": "withdraw",
    "allow_service": "custom",
    "refuse_service": "custom",
    "allow_sale": "custom",
    "refuse_sale": "custom",
}

_SOURCES: Mapping[Layer, Source] = {"notice": "banner", "preferences": "preferences", "placeholder": "placeholder"}


class Asking:
    """Puts the question to one visitor and carries out the answer."""

    def __init__(
        self,
        settings: Settings,
        decisions: Decisions,
        accounts: Accounts,
        identifiers: Identifiers,
        recorder: Recorder,
        form_token: FormToken,
        entries: Entries,
    ) -> None:
        self._names = tuple(CookieNames.of(settings.cookie_prefix, secure=secure) for secure in (False, True))
        self._language = settings.language
        self._texts = Catalogue(settings.texts)
        self._prefix = settings.prefix
        self._puts_notice = settings.notice
        self._tells_changes = bool(settings.policy.changes)
        self._cookies = settings.cookies
        self._has_account_notice = settings.account_notice is not None
        self._decisions = decisions
        self._accounts = accounts
        self._identifiers = identifiers
        self._recorder = recorder
        self._form_token = form_token
        self._entries = entries
        self._notice = Notice(settings, texts=self._texts, templates=settings.templates)
        self.sale = SalePage(settings, self._texts)
        self._change = PolicyChange(settings, texts=self._texts, templates=settings.templates)
        self.pages = PrivacyPage(settings, texts=self._texts, templates=settings.templates)

    def footing(self, hit: Hit) -> Footing:
        """The foot of our pages: a member is told on each of them where the choice that holds comes from."""
        where = source_in_words(self.words(hit), hit.consent.source) if hit.member else ""
        return Footing(where=where, sells=self.sale.exists, account=self._has_account_notice and hit.member is not None)

    async def weigh(self, hit: Hit, member: Member | None, *, signs_in: bool) -> None:
        """Settle whom this request comes from, and what holds for them: the device's choice, for a member together
        with the account's. ``signs_in``: the member has come with this request; a change that makes is recorded."""
        device = hit.device
        consent = device if member is None else await self._accounts.consent(member.id, device, hit.at)
        hit.member = member
        if consent is not hit.consent:
            hit.consent = consent
            hit.visitor = self._identifiers.recognise(hit.known, consent.granted, hit.at)
        if member is not None and signs_in:
            visitor = hit.visitor.id if hit.visitor else ""
            if await self._accounts.note_sign_in(member.id, device, hit.consent, hit.at, visitor):
                granted = " ".join(name for name in hit.consent.granted_sorted if name != NECESSARY.name)
                facts = {"granted": granted, "layer": "account", "regime": hit.regime}
                self._recorder.used("consent", hit, "account", facts)

    def language(self, hit: Hit) -> str:
        """The language of our words to this visitor."""
        return self._language or self._texts.negotiate(hit.arrival.text(b"accept-language"))

    def words(self, hit: Hit) -> Texts:
        """All our words in that language."""
        return self._texts[self.language(hit)]

    def must_ask(self, hit: Hit) -> bool:
        """Whether the middleware puts the notice, or a change of the policy, into this visitor's pages."""
        if not self._puts_notice:
            return False
        return not hit.consent.decided or (self._tells_changes and self._must_tell(hit))

    def notice(self, hit: Hit, *, nonce: str = "") -> str:
        """The notice for this visitor, or the change of the policy since they chose; empty where there is nothing
        to be asked or told. ``nonce`` is that of the page's CSP."""
        if hit.consent.decided:
            return self._change_of_policy(hit, nonce) if self._must_tell(hit) else ""
        hit.asks = True
        language, asked = self.language(hit), self._open_purposes(hit)
        hit.asked = of_notice(asked, language, hit.consent.regime)
        html = self._notice.html(
            language,
            return_to=hit.address,
            token=self.token(hit),
            entry=self._entry(hit),
            gpc=hit.consent.gpc,
            nonce=nonce,
            asked=asked,
            regime=hit.consent.regime,
        )
        return hit.rooted(html)

    def _must_tell(self, hit: Hit) -> bool:
        """Whether this browser's choice was made under an older policy, and its change is untold."""
        return self._change.concerns(hit.device)

    def _change_of_policy(self, hit: Hit, nonce: str) -> str:
        self._note_told(hit)
        hit.asks = True
        return hit.rooted(self._change.html(self.language(hit), nonce=nonce))

    def _note_told(self, hit: Hit) -> None:
        """The choice stands; its cookie says that the change was told, and a member's record too."""
        choice = hit.device.choice
        if choice is None or hit.told:
            return
        hit.told = True
        told, names = self._decisions.told(choice), self._names[hit.arrival.secure]
        hit.own_cookies.append(self._decisions.set_cookie(told, names, hit.at, regime=hit.regime))
        if hit.member is not None:
            self._decisions.note_told(hit.member.id, self._change.shown(self.language(hit)), hit.at)

    def receive_plain(self, hit: Hit) -> None:
        """Have the app send a page that the notice can be put into: not compressed, and not as a file's path."""
        if self.must_ask(hit) and hit.is_document and "text/html" in hit.arrival.text(b"accept"):
            scope = hit.scope
            scope["headers"] = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
            extensions = scope.get("extensions") or {}
            scope["extensions"] = {name: one for name, one in extensions.items() if name != "http.response.pathsend"}

    def _open_purposes(self, hit: Hit) -> list[str]:
        return [name for name in self._decisions.rules.optional if not hit.consent.answered(name)]

    def page(self, hit: Hit, sign_in: SignIn, outcome: str, return_to: str = "") -> str:
        """The page ``/privacy`` for this visitor."""
        consent, choice = hit.consent, hit.consent.choice
        if self._must_tell(hit):
            self._note_told(hit)  # the page says what changed
        # A choice was just kept and yet does not come back: the browser refuses cookies.
        cookies_refused = outcome == "saved" and not hit.arrival.jar
        state = PrivacyState(
            granted=consent.granted,
            services=consent.services,
            decided=consent.decided,
            decided_at=choice.decided_at if choice else None,
            source=consent.source,
            regime=consent.regime,
            policy_version=consent.policy_version,
            gpc=consent.gpc,
            degraded=self.degraded(hit, sign_in, cookies_refused=cookies_refused),
            visitor_number=hit.visitor.id if hit.visitor else "",
            member=hit.member.id if hit.member else "",
            outcome="" if cookies_refused else outcome,
            return_to=return_to,
            notices=sign_in.notices,
            token=self.token(hit),
            secure=hit.arrival.secure,
            footing=self.footing(hit),
        )
        return hit.rooted(self.pages.render(state, self.language(hit)))

    def privacy_link(self, hit: Hit) -> Markup:
        """A link to the choices, in the visitor's language."""
        words = self.words(hit)
        link = f'<a href="{escape(self._prefix)}" lang="{words.language}">{escape(words.page_title)}</a>'
        return Markup(hit.rooted(link))  # noqa: S704  (escaped above)

    def declaration(self, hit: Hit) -> str:
        """The page ``/privacy/cookies``."""
        language, footing = self.language(hit), self.footing(hit)
        return hit.rooted(self.pages.declaration(language, secure=hit.arrival.secure, footing=footing))

    def token(self, hit: Hit) -> str:
        """What a form of ours carries for browsers that do not say where a request comes from."""
        return self._form_token.make(hit.arrival.host, hit.at)

    def _entry(self, hit: Hit) -> str:
        """How this visitor came here, for the form to bring along; "" where a page of the site led here."""
        host = hit.arrival.host
        referrer = hit.arrival.headers.get(b"referer", b"").decode("latin-1")
        entry = entry_of(host, hit.scope["path"], hit.scope["query_string"].decode("latin-1"), referrer)
        return self._entries.sign(entry, host, hit.at) if entry else ""

    def is_ours(self, hit: Hit, token: str) -> bool:
        """Whether a form comes from a page of this site (ASVS 3.5.1)."""
        verdict = same_origin(hit.arrival.headers, hit.scope.get("scheme", "http"), hit.arrival.host)
        return self._form_token.check(token, hit.arrival.host, hit.at) if verdict is None else verdict

    def degraded(self, hit: Hit, sign_in: SignIn, *, cookies_refused: bool = False) -> list[str]:
        """What does not work for this visitor now, in sentences."""
        denied = [name for name in self._decisions.rules.optional if name not in hit.consent.granted]
        language = self.language(hit)
        return degraded(
            language,
            denied=denied,
            cookies_refused=cookies_refused or was_told(hit, self._prefix),
            store_down=sign_in.unavailable,
            texts=self._texts,
        )

    def answer_of(self, hit: Hit, form: Form) -> Answer:
        """What a form that this visitor sent grants and refuses."""
        consent = hit.consent
        return answer_of(form, consent.choice, self._decisions.rules, gpc=consent.gpc, due=consent.due)

    def is_stale(self, hit: Hit, shown: str, form: Form) -> bool:
        """Whether the form showed other words than a record of this answer would name; "" says nothing."""
        return bool(shown) and shown != self.shown(hit, form).fingerprint

    async def answer(self, hit: Hit, names: CookieNames, form: Form, *, entry: str = "") -> bool:
        """Carry out an answer: recorded, set, and in force for this very response. False: it could not be recorded,
        and nothing was granted. ``entry`` is the form's field of that name."""
        answer, method, before = self.answer_of(hit, form), METHODS[form.pressed], hit.consent
        shown = self.shown(hit, form)
        unrefused = hit.consent.granted - answer.refused  # what silence grants goes on as it was
        visitor = self._identifiers.recognise(hit.known, answer.granted | unrefused, hit.at)
        decided = await self._decisions.decide(
            hit.consent,
            answer,
            method=method,
            source="account" if hit.member else _SOURCES.get(form.layer, "preferences"),
            shown=shown,
            now=hit.at,
            regime=hit.regime,
            visitor_id=visitor.id if visitor else "",
            member_id=hit.member.id if hit.member else "",
        )
        if decided.choice is None:
            return False
        hit.consent = hit.device = decided.consent
        if hit.member is not None:
            await self._accounts.keep(hit.member.id, decided.choice, hit.at)
            hit.consent = await self._accounts.consent(hit.member.id, hit.device, hit.at)
        hit.visitor = visitor if ANALYTICS.name in hit.consent.granted else None
        hit.own_cookies.append(self._decisions.set_cookie(decided.choice, names, hit.at, regime=hit.regime))
        hit.own_cookies += removals_elsewhere(self._cookies, hit.arrival.jar, before, hit.consent)
        if hit.visitor is not None and hit.known is None:
            hit.entry = self._entries.read(entry, hit.arrival.host, hit.at)  # the visit begins here
        self._recorder.used("consent", hit, method, of_choice(decided.choice, shown, hit.regime))
        return True

    def shown(self, hit: Hit, form: Form) -> ShownText:
        """The words the visitor chose by: they go into the record by their fingerprint (GDPR 7(1))."""
        language, gpc = self.language(hit), hit.consent.gpc
        if form.layer == "do_not_sell":
            return self.sale.shown(language, gpc=gpc)
        if form.layer == "notice":
            asked, regime = self._open_purposes(hit), hit.consent.regime
            return self._notice.shown(language, gpc=gpc, asked=asked, regime=regime)
        service = next(iter(self._decisions.rules.meant(form.services)), None) if form.layer == "placeholder" else None
        if service is None:
            return self.pages.shown(language, gpc=gpc, secure=hit.arrival.secure)
        return self.pages.shown_service(language, service)
