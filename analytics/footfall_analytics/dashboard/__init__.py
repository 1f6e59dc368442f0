"""The analysts' page: what ``footfall report`` answers, to look at and click through, as an app to mount."""

from footfall_analytics.dashboard.app import Dashboard

__all__ = ["Dashboard"]
