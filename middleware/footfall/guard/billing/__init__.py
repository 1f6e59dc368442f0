"""Billing data in cookies, sessions and logged texts: found through every wrapping, reported without the data."""

from footfall.guard.billing.chunks import find_in_response
from footfall.guard.billing.finding import Finding, Kind
from footfall.guard.billing.scrub import find_in_text, scrub
from footfall.guard.billing.set_cookie import find_billing_data, find_in_mapping, find_in_pair

__all__ = [
    "Finding",
    "Kind",
    "find_billing_data",
    "find_in_mapping",
    "find_in_pair",
    "find_in_response",
    "find_in_text",
    "scrub",
]
