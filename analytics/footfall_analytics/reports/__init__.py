"""The reports: one question, one SQL file, the same answer on the command line and in Python."""

from footfall_analytics.reports.catalog import CATALOG, QuestionError, Report, UnknownReportError
from footfall_analytics.reports.period import Period
from footfall_analytics.reports.result import Result
from footfall_analytics.reports.run import Reports

__all__ = ["CATALOG", "Period", "QuestionError", "Report", "Reports", "Result", "UnknownReportError"]
