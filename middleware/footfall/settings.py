"""Every knob, with its unit and its reason. Wrong ones fail when they load, not in production."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from footfall.consent.account_notice import AccountNotice
from footfall.consent.choice import longest_content
from footfall.consent.consent_mode import signals_of
from footfall.consent.material import materials
from footfall.consent.purposes import BUILT_IN, NECESSARY, Cookie, Policy, Purpose, purposes_by_name
from footfall.consent.records import SHORTEST_RETENTION
from footfall.consent.regimes import RegimeRule, checked, named
from footfall.consent.services import Service, check_services
from footfall.cookies import LONGEST_LIFETIME
from footfall.sessions.access import Access
from footfall.signing import HOW_TO_MAKE_A_KEY, LONGEST_VALUE, Keyring

if TYPE_CHECKING:
    from footfall.sessions.events import SessionEvent

#: The longest an identifier may live, from its first issue: 13 months (CNIL 2020-091, exempt measurement).
LONGEST_VISITOR_LIFETIME = timedelta(days=395)


_SIGNATURE = 44  # characters that signing adds to a cookie


class _Checked(type):
    """Names the nearest setting when somebody misspells one."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        known = [one.name for one in fields(cls)]  # type: ignore[arg-type]
        for name in kwargs:
            if name not in known:
                nearest = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean {nearest[0]!r}?" if nearest else f"; there are: {', '.join(known)}"
                raise TypeError(f"Settings has no setting {name!r}{hint}")
        return super().__call__(*args, **kwargs)


@dataclass(frozen=True, kw_only=True)
class Settings(metaclass=_Checked):
    """The settings of one site. Raises ValueError, naming the setting and the fix, when one cannot hold."""

    # -- keys and names
    secret_keys: Sequence[str]  # newest first: the first signs, all verify; ≥ 32 characters each
    site: str = "main"  # the name of the site in the tables, for several apps on one ClickHouse
    prefix: str = "/privacy"  # where our own pages live
    cookie_prefix: str = "footfall"  # our cookies are <prefix>-visitor, -consent, -session, -remember

    # -- consent
    regime: RegimeRule = "opt-in"  # or "opt-out"; by country {"US": "opt-out"}; or a callable of the scope
    account_notice: AccountNotice | None = None  # what members are told where silence counts after thirty days
    policy: Policy = Policy()
    purposes: Sequence[Purpose] = ()  # the app's own, beside necessary, preferences, analytics, marketing
    services: Sequence[Service] = ()  # whom a purpose is served by; a visitor may refuse one and keep the purpose
    cookies: Sequence[Cookie] = ()  # what the app sets; the guard lets nothing else pass
    undeclared: Literal["deny", "report"] = "deny"  # an undeclared cookie is dropped, or only counted
    attributes: Literal["report", "repair", "refuse"] = "report"  # of the app's cookies that lack Secure and the like
    consent_lifetime: timedelta = timedelta(days=182)  # a choice, yes or no, is asked again (CNIL 2020-092)
    consent_records_kept: timedelta = timedelta(days=3 * 366)  # the proof of choices; a year at least
    visitor_lifetime: timedelta = LONGEST_VISITOR_LIFETIME  # from first issue; never renewed
    visit_idle: timedelta = timedelta(minutes=30)  # a visit ends after so long without a request
    consent_mode: bool | Mapping[str, str] = False  # Google's signals; a mapping says which purpose each stands for
    notice: bool = True  # put the notice into HTML pages; False: the templates call visit.notice()
    language: str | None = None  # of our pages; None: from Accept-Language
    texts: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  # words of your own: {"en": {"notice_title": "…"}}
    templates: Path | None = None  # a directory whose page.html frames our pages in the site's own look

    # -- members
    store: str = "sqlite:///footfall-data/store.db"  # sessions and consent records
    sign_in_path: str = "/sign-in"  # where who is not signed in is sent to, with a safe way back
    access: Sequence[Access] = ()  # first match wins; what no rule names is open
    session_idle: timedelta = timedelta(minutes=30)  # ASVS 7.3.1; touched at most once a minute
    session_absolute: timedelta = timedelta(hours=24)  # ASVS 7.3.2
    fresh: timedelta = timedelta(minutes=10)  # ASVS 7.5.2: how recent a sign-in must be to end other sessions
    remember_lifetime: timedelta = timedelta(days=30)  # absolute: a series ends then, however much it is used
    sessions_per_member: int = 10  # ASVS 7.1.2; the oldest ends
    on_session_event: Callable[[SessionEvent], None] | None = None  # hears of sign-ins and thefts; must return soon
    theft_ends_all: bool = False  # a stolen remember-me token ends its series only, or all sessions of the member
    csrf: Literal["check", "token", "off"] = "check"  # forms of other sites are refused (own_forms)
    csrf_exempt: Sequence[str] = ()  # where other sites may post to, as identity providers do
    no_activity: Sequence[str] = ()  # paths whose requests (polling) do not keep a session alive

    # -- what is recorded
    static: Sequence[str] = ("/static/*", "/favicon.ico", "/robots.txt")  # counted, not recorded: no visit, no cookies
    health: Sequence[str] = ("/healthz", "/health", "/livez", "/readyz")  # probes, likewise
    excluded: Sequence[str] = ()  # whatever else is nobody's visit, likewise
    country_header: str | None = None  # set by a proxy you trust, e.g. "CF-IPCountry"

    # -- billing data
    on_billing: Literal["drop", "refuse"] = "drop"  # the cookie goes, or the whole response
    trusted_ids: Sequence[str] = ()  # cookies (or patterns) whose long bare numbers are known to be ids

    # -- while you develop
    development: bool = False  # loud logs and exceptions that name the fix; never in production

    def __post_init__(self) -> None:
        Keyring(self.secret_keys)
        for check in (_check_names, _check_choices, _check_times, _check_cookies, _check_size, _check_paths):
            check(self)

    @property
    def purpose_names(self) -> frozenset[str]:
        return frozenset(purpose.name for purpose in (*BUILT_IN, *self.purposes))

    @property
    def material(self) -> Mapping[str, str]:
        """What is material of each purpose and service: who agreed to it is not asked again (``consent.material``)."""
        return materials(purposes_by_name(self.purposes), self.services, self.cookies, self.visitor_lifetime)

    @classmethod
    def from_env(cls, **settings: Any) -> Settings:
        """Settings with ``FOOTFALL_SECRET_KEYS`` (comma-separated, newest first) and ``FOOTFALL_STORE`` from the
        environment; what is given in code wins. Raises ValueError when no key is there."""
        given = {**_from_environment(os.environ), **settings}
        if not given.get("secret_keys"):
            raise ValueError(f"FOOTFALL_SECRET_KEYS is not set: cookies cannot be signed; {HOW_TO_MAKE_A_KEY}")
        return cls(**given)


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if keys := environment.get("FOOTFALL_SECRET_KEYS"):
        found["secret_keys"] = [key.strip() for key in keys.split(",") if key.strip()]
    if store := environment.get("FOOTFALL_STORE"):
        found["store"] = store
    return found


def _check_names(settings: Settings) -> None:
    if not settings.site or len(settings.site) > 64:
        raise ValueError(f"site {settings.site!r}: a name of 1 to 64 characters")
    if not settings.cookie_prefix.isascii() or not settings.cookie_prefix.replace("-", "").isalnum():
        raise ValueError(f"cookie_prefix {settings.cookie_prefix!r}: letters, digits and - only")


def _check_choices(settings: Settings) -> None:
    checked(settings.regime, settings.country_header)
    _check_account_notice(settings)
    _one_of("undeclared", settings.undeclared, ("deny", "report"))
    _one_of("attributes", settings.attributes, ("report", "repair", "refuse"))
    _one_of("csrf", settings.csrf, ("check", "token", "off"))
    _one_of("on_billing", settings.on_billing, ("drop", "refuse"))
    if settings.sessions_per_member < 1:
        raise ValueError(f"sessions_per_member={settings.sessions_per_member}: at least 1, or nobody can sign in")


def _check_account_notice(settings: Settings) -> None:
    notice = settings.account_notice
    if notice is None and named(settings.regime, "opt-out-after-notice"):
        raise ValueError("regime 'opt-out-after-notice' needs account_notice, what members are told: AccountNotice(…)")
    for purpose in notice.purposes if notice else ():
        if purpose not in settings.purpose_names - {NECESSARY.name}:
            raise ValueError(f"account_notice: there is no optional purpose {purpose!r}; add it to Settings.purposes")


def _check_times(settings: Settings) -> None:
    for name in ("consent_lifetime", "visit_idle", "session_idle", "session_absolute", "fresh", "remember_lifetime"):
        value: timedelta = getattr(settings, name)
        if value < timedelta(seconds=1):
            raise ValueError(f"{name}={value}: a positive time")
    for name in ("consent_lifetime", "remember_lifetime"):
        if getattr(settings, name) > LONGEST_LIFETIME:
            raise ValueError(f"{name}={getattr(settings, name)}: no browser keeps a cookie over 400 days (RFC 6265bis)")
    if not timedelta(0) < settings.visitor_lifetime <= LONGEST_VISITOR_LIFETIME:
        raise ValueError(f"visitor_lifetime={settings.visitor_lifetime}: 395 days (13 months) at most")
    if settings.consent_records_kept < SHORTEST_RETENTION:
        raise ValueError(
            f"consent_records_kept={settings.consent_records_kept}: a year (366 days) at least (47 CFR 64.2007(a)(3))"
        )
    if settings.session_idle > settings.session_absolute:
        raise ValueError("session_idle is longer than session_absolute: a session could never idle out")


def _check_cookies(settings: Settings) -> None:
    names = settings.purpose_names
    services = check_services(settings.services, names)
    signals_of(settings.consent_mode, names)
    for cookie in settings.cookies:
        if cookie.purpose not in names:
            raise ValueError(
                f"cookie {cookie.name!r} has the purpose {cookie.purpose!r}, which is not among "
                f"{', '.join(sorted(names))}; add Purpose({cookie.purpose!r}) to Settings.purposes"
            )
        if cookie.service:
            _check_service(cookie, services)
        if cookie.name.removeprefix("__Host-").startswith(f"{settings.cookie_prefix}-"):
            raise ValueError(f"cookie {cookie.name!r}: names that begin with {settings.cookie_prefix}- are ours")


def _check_service(cookie: Cookie, services: Mapping[str, Service]) -> None:
    service = services.get(cookie.service)
    if service is None:
        raise ValueError(
            f"cookie {cookie.name!r} has the service {cookie.service!r}, which Settings.services does not have; "
            f'add Service("{cookie.service}", purpose="{cookie.purpose}") to it'
        )
    if service.purpose != cookie.purpose:
        raise ValueError(
            f"cookie {cookie.name!r} has the purpose {cookie.purpose!r}, and its service {service.name!r} has "
            f"{service.purpose!r}; give the cookie purpose={service.purpose!r}"
        )


def _check_size(settings: Settings) -> None:
    services = [service.name for service in settings.services]
    length = longest_content(settings.purpose_names, services, settings.material) + _SIGNATURE
    if length > LONGEST_VALUE:
        raise ValueError(
            f"{len(settings.purposes)} purposes of your own and {len(services)} services make a choice of {length} "
            f"characters, and {LONGEST_VALUE} is all that is kept; join services of one provider, or shorten names"
        )


def _check_paths(settings: Settings) -> None:
    for name in ("prefix", "sign_in_path"):
        path: str = getattr(settings, name)
        if not path.startswith("/") or path.startswith("//") or path.endswith("/"):
            raise ValueError(f"{name}={path!r}: a path of this site, such as '/privacy', without a slash at its end")
    if settings.templates is not None and not settings.templates.is_dir():
        raise ValueError(f"templates={str(settings.templates)!r} is not a directory; name the one that holds page.html")
    for name in ("static", "health", "excluded", "no_activity", "csrf_exempt"):
        for path in getattr(settings, name):
            if not path.startswith("/") or "*" in path.removesuffix("/*"):
                raise ValueError(f"{name}: {path!r} is no path ('/healthz') and no folder ('/static/*')")
    for rule in settings.access:
        if not isinstance(rule, Access):
            raise ValueError(f"access: {rule!r} is no rule; write Access('/members/*', member=True)")


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name}={value!r}: one of {', '.join(map(repr, allowed))}")
