"""The analysts' half of Footfall: what happens to one event, in the order it happens."""

from footfall_analytics.members import MemberData
from footfall_analytics.metrics import Metrics, MetricsEndpoint
from footfall_analytics.reports import Reports
from footfall_analytics.sink import ClickHouse
from footfall_analytics.suggestions import Suggestions

__all__ = ["ClickHouse", "MemberData", "Metrics", "MetricsEndpoint", "Reports", "Suggestions"]
