"""First-party tracking with consent for ASGI applications."""

from footfall.consent.account_notice import AccountNotice
from footfall.consent.approvals import Approvals
from footfall.consent.purposes import Cookie, Policy, Purpose
from footfall.consent.services import Service
from footfall.event import Drop, Event
from footfall.middleware import Footfall
from footfall.requires import Refused, refused, requires
from footfall.requires_purpose import ConsentRequired, requires_purpose
from footfall.sessions.access import Access
from footfall.sessions.devices import SessionInfo
from footfall.sessions.events import SessionEvent
from footfall.sessions.member import Member
from footfall.sessions.members import Members
from footfall.settings import Settings
from footfall.sink import EventSink, MemorySink
from footfall.store import StoreUnavailable
from footfall.visit import Visit

__version__ = "0.1.0"

__all__ = [
    "Access",
    "AccountNotice",
    "Approvals",
    "ConsentRequired",
    "Cookie",
    "Drop",
    "Event",
    "EventSink",
    "Footfall",
    "Member",
    "Members",
    "MemorySink",
    "Policy",
    "Purpose",
    "Refused",
    "Service",
    "SessionEvent",
    "SessionInfo",
    "Settings",
    "StoreUnavailable",
    "Visit",
    "refused",
    "requires",
    "requires_purpose",
]
