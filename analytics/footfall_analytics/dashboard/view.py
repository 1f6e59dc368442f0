"""What an analyst is looking at: a period, a site, filters. All of it stands in the address. Pure.

So every view can be bookmarked, sent to a colleague and gone back to, and a click is a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from footfall_analytics.reports.filters import filters_of
from footfall_analytics.reports.period import period_of, zone_named
from footfall_analytics.reports.question import Asked
from footfall_analytics.reports.report import QuestionError

#: The periods that are one click away: their name in the address, and in words.
PERIODS: Mapping[str, str] = {
    "today": "Today",
    "yesterday": "Yesterday",
    "7d": "Last 7 days",
    "30d": "Last 30 days",
    "90d": "Last 90 days",
    "12mo": "Last 12 months",
    "all": "All time",
}
CUSTOM = "custom"

_DAYS = {"7d": 7, "30d": 30, "90d": 90, "12mo": 365}
_MOST_FILTERS = 20
_LONGEST_ADDRESS = 8_000

#: A period of so many days is shown by hours, up to the next by days, then by weeks, then by months.
_BY_HOUR, _BY_DAY, _BY_WEEK = 2, 100, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One view. Two dates are a custom period; both belong to it."""

    period: str = "30d"
    since: str = ""
    until: str = ""
    site: str = ""
    filters: tuple[str, ...] = ()  # "country=DE", "path=/docs/*", "browser!=Safari"
    compare: bool = True
    bots: bool = False
    tabs: tuple[tuple[str, str], ...] = ()  # panel, and the tab that is open in it, where it is not the first
    metric: str = "visitors"  # what the chart shows

    @classmethod
    def read(cls, query: Iterable[tuple[str, str]]) -> View:
        """The view that an address names. Raises QuestionError for a period or filter that is none."""
        pairs = list(query)
        given = dict(pairs)
        view = cls(
            period=given.get("period", "30d"),
            since=given.get("since", ""),
            until=given.get("until", ""),
            site=given.get("site", "")[:64],
            filters=_filters(pairs, given),
            compare=given.get("compare", "on") != "off",
            bots=given.get("bots") == "on",
            tabs=tuple((name[4:], value) for name, value in pairs if name.startswith("tab.")),
            metric=given.get("metric", "visitors"),
        )
        view._check()
        return view

    def _check(self) -> None:
        if self.period not in PERIODS and self.period != CUSTOM:
            raise QuestionError(f"period {self.period[:40]!r} is none; give one of {', '.join((*PERIODS, CUSTOM))}")
        filters_of(self.filters)
        if self.period == CUSTOM:
            for name, day in (("since", self.since), ("until", self.until)):
                _date(name, day)

    def url(self, path: str = "", more: Iterable[tuple[str, str]] = (), /, **changes: object) -> str:
        """The address of this view with changes, and with ``more``; what is as usual is left out."""
        view = replace(self, **changes)  # type: ignore[arg-type]  # our own templates give what fits
        usual = View()
        pairs = [
            (name, str(getattr(view, name)))
            for name in ("period", "since", "until", "site", "metric")
            if getattr(view, name) != getattr(usual, name)
        ]
        pairs += [("where", one) for one in view.filters]
        pairs += [("compare", "off")] if not view.compare else []
        pairs += [("bots", "on")] if view.bots else []
        pairs += [(f"tab.{panel}", tab) for panel, tab in view.tabs]
        pairs += more
        return f"{path}?{urlencode(pairs)}" if pairs else path or "?"

    def filtered(self, dimension: str, value: object) -> View:
        """This view, of those only whose dimension has the value. A value holds no pattern: ``*`` is a star."""
        text = str(value).replace("\\", "\\\\").replace("*", "\\*")
        term = f"{dimension}={text}"
        return self if term in self.filters else replace(self, filters=(*self.filters, term))

    def unfiltered(self, term: str) -> View:
        return replace(self, filters=tuple(one for one in self.filters if one != term))

    def opened(self, panel: str, tab: str) -> View:
        """This view with a tab open in a panel."""
        return replace(self, tabs=(*(one for one in self.tabs if one[0] != panel), (panel, tab)))

    def tab(self, panel: str, tabs: Iterable[str]) -> str:
        """The tab that is open in a panel: the one chosen, or the first."""
        known = tuple(tabs)
        chosen = dict(self.tabs).get(panel, known[0])
        return chosen if chosen in known else known[0]

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """What a form must send along to keep this view, but the fields that it has itself."""
        return [pair for pair in parse_qsl(self.url().removeprefix("?")) if pair[0] not in without]

    # -- what the reports are asked

    def asked(self, now: datetime, timezone: str) -> Asked:
        """The question's usual part, for every report. ``now`` is aware."""
        asked = Asked(site=self.site, timezone=timezone, bots=self.bots, filters=self.filters)
        if self.period != "all":
            asked["since"], asked["until"] = self._days(now.astimezone(zone_named(timezone)).date())
        return asked

    @property
    def compares(self) -> bool:
        return self.compare and self.period != "all"

    def by(self, now: datetime, timezone: str, begun: date | None = None) -> str:
        """How long a bar or point of the chart is; ``begun`` is the first day of all time."""
        first, last = self._days(now.astimezone(zone_named(timezone)).date())
        days = (last - (begun if self.period == "all" and begun else first)).days + 1
        if days <= _BY_HOUR:
            return "hour"
        return "day" if days <= _BY_DAY else "week" if days <= _BY_WEEK else "month"

    def _days(self, today: date) -> tuple[date, date]:
        """The first and the last day."""
        if self.period == CUSTOM:
            return _date("since", self.since), _date("until", self.until)
        last = today - timedelta(days=self.period == "yesterday")
        return last - timedelta(days=_DAYS.get(self.period, 1) - 1), last

    def words(self, now: datetime, timezone: str) -> str:
        """The period in words."""
        if self.period != CUSTOM:
            return PERIODS[self.period]
        zone = zone_named(timezone)
        return str(period_of(self.since, self.until, zone=zone, now=now)).partition(" (")[0]


def _filters(pairs: list[tuple[str, str]], given: Mapping[str, str]) -> tuple[str, ...]:
    """The filters of the address, and the one that a form adds to them."""
    if sum(len(name) + len(value) for name, value in pairs) > _LONGEST_ADDRESS:
        raise QuestionError("the address is longer than any view needs; remove some filters")
    terms = [value for name, value in pairs if name == "where" and value]
    if (dimension := given.get("dimension")) and (value := given.get("value", "").strip()):
        terms.append(f"{dimension}{'!=' if given.get('is') == 'not' else '='}{value}")
    if len(terms) > _MOST_FILTERS:
        raise QuestionError(f"more than {_MOST_FILTERS} filters; remove some")
    return tuple(dict.fromkeys(terms))


def _date(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QuestionError(f"{name} {text[:40]!r} is no date; give one such as 2026-11-24") from None
