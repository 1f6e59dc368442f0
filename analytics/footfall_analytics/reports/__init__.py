"""The reports: one question, one SQL file, the same answer on the command line and in Python."""

from footfall_analytics.reports.catalog import CATALOG
from footfall_analytics.reports.dimensions import DIMENSIONS, Dimension
from footfall_analytics.reports.filters import Filter
from footfall_analytics.reports.frames import MissingPackage
from footfall_analytics.reports.period import Period
from footfall_analytics.reports.report import QuestionError, Report, UnknownReportError
from footfall_analytics.reports.result import Result
from footfall_analytics.reports.run import Reports

__all__ = [
    "CATALOG",
    "DIMENSIONS",
    "Dimension",
    "Filter",
    "MissingPackage",
    "Period",
    "QuestionError",
    "Report",
    "Reports",
    "Result",
    "UnknownReportError",
]
