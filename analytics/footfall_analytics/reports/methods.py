"""The reports as methods, so that an editor knows their names; each takes what ``Asked`` lists."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Unpack

from footfall_analytics.reports.question import Asked
from footfall_analytics.reports.result import Result


class Methods(ABC):
    """One method for each report of the catalogue."""

    @abstractmethod
    def run(self, name: str, **asked: Unpack[Asked]) -> Result:
        """The answer of the report of that name."""

    def traffic(self, **asked: Unpack[Asked]) -> Result:
        """Page views, requests, visits, visitors, members and bytes for each day, hour, week or month."""
        return self.run("traffic", **asked)

    def pages(self, **asked: Unpack[Asked]) -> Result:
        """Views, visits, visitors, members and the median time to serve (ms) of each path."""
        return self.run("pages", **asked)

    def visits(self, **asked: Unpack[Asked]) -> Result:
        """Visits that began, their visitors, pages, bounces and seconds, for each day, hour, week or month."""
        return self.run("visits", **asked)

    def entry(self, **asked: Unpack[Asked]) -> Result:
        """The pages that visits began with, and how many bounced there."""
        return self.run("entry", **asked)

    def exit(self, **asked: Unpack[Asked]) -> Result:
        """The pages that visits ended with, and the share of the visits to each that ended there."""
        return self.run("exit", **asked)

    def breakdown(self, **asked: Unpack[Asked]) -> Result:
        """Views, visits, visitors and members by each value of any ``dimension``."""
        return self.run("breakdown", **asked)

    def documents(self, **asked: Unpack[Asked]) -> Result:
        """Reads and readers of each document; double-clicks within 30 s fold into one read."""
        return self.run("documents", **asked)

    def databases(self, **asked: Unpack[Asked]) -> Result:
        """Uses and users of each database; double-clicks within 30 s fold into one use."""
        return self.run("databases", **asked)

    def members(self, **asked: Unpack[Asked]) -> Result:
        """What each member used, what they did before the sign-in in the same visit included."""
        return self.run("members", **asked)

    def timeline(self, **asked: Unpack[Asked]) -> Result:
        """What one ``member`` did, the newest first."""
        return self.run("timeline", **asked)

    def sources(self, **asked: Unpack[Asked]) -> Result:
        """Visits and page views by the source and channel of each visit's entry."""
        return self.run("sources", **asked)

    def channels(self, **asked: Unpack[Asked]) -> Result:
        """As ``sources``, by channel alone."""
        return self.run("channels", **asked)

    def campaigns(self, **asked: Unpack[Asked]) -> Result:
        """As ``sources``, by utm_source, utm_medium and utm_campaign."""
        return self.run("campaigns", **asked)

    def devices(self, **asked: Unpack[Asked]) -> Result:
        """Page views and visitors by device, browser and operating system."""
        return self.run("devices", **asked)

    def countries(self, **asked: Unpack[Asked]) -> Result:
        """Views, visits, visitors and members by country."""
        return self.run("countries", **asked)

    def errors(self, **asked: Unpack[Asked]) -> Result:
        """What was not found (404) or broke (5xx), by route and the page that led there."""
        return self.run("errors", **asked)

    def slow(self, **asked: Unpack[Asked]) -> Result:
        """Median, 95th percentile and maximum of the time (ms) that each route takes."""
        return self.run("slow", **asked)

    def bots(self, **asked: Unpack[Asked]) -> Result:
        """Robots by name, the reason why they are taken for one, and who runs the AI crawlers."""
        return self.run("bots", **asked)

    def retention(self, **asked: Unpack[Asked]) -> Result:
        """Visitors by the week, day or month of their first visit, and the share that came back in each later one."""
        return self.run("retention", **asked)

    def funnel(self, **asked: Unpack[Asked]) -> Result:
        """How many visitors took the ``steps``, one after the other."""
        return self.run("funnel", **asked)

    def journeys(self, **asked: Unpack[Asked]) -> Result:
        """Which page led to which within visits; ``path`` and ``direction`` keep to one page."""
        return self.run("journeys", **asked)

    def together(self, **asked: Unpack[Asked]) -> Result:
        """What is used by the same visitors, of a ``kind``, with a score from 0 to 1."""
        return self.run("together", **asked)

    def consent(self, **asked: Unpack[Asked]) -> Result:
        """Answers and grants of each purpose; ``figures`` have the shares of blind traffic and of GPC."""
        return self.run("consent", **asked)

    def realtime(self, **asked: Unpack[Asked]) -> Result:
        """The last 30 minutes by the minute; ``figures["visitors_now"]`` are those of the last five."""
        return self.run("realtime", **asked)

    def cookies(self, **asked: Unpack[Asked]) -> Result:
        """Cookies that the guard did not let pass: name, route, how often, why, and whether they are declared."""
        return self.run("cookies", **asked)

    def accounting(self, **asked: Unpack[Asked]) -> Result:
        """Requests by outcome, and in ``problems`` the days whose rows are not those that were counted."""
        return self.run("accounting", **asked)
