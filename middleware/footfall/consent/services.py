"""Services: who a purpose's data goes to. A visitor grants the purpose, and may still say no to one of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?")

Party = Literal["first", "third"]


@dataclass(frozen=True, slots=True)
class Service:
    """One service that a purpose is served by: a video player, an advertising network, a map.

    ``title``, ``provider`` (who receives the data) and ``description`` are shown to visitors; ``url`` is the
    provider's own privacy policy. ``hosts`` are those that its scripts and frames come from (``"youtube.com"``,
    ``"*.youtube-nocookie.com"``), so that they can be held back until it is allowed. A ``party="third"`` is a
    recipient: adding one to a purpose asks for the purpose again.
    """

    name: str
    purpose: str
    title: str = ""
    provider: str = ""
    description: str = ""
    party: Party = "third"
    hosts: Sequence[str] = ()
    url: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"service {self.name!r}: a name is at most 32 lower-case letters, digits, _ and -")
        if self.party not in ("first", "third"):
            raise ValueError(f"service {self.name!r}: party={self.party!r} is neither 'first' nor 'third'")
        if isinstance(self.hosts, str):
            raise ValueError(f"service {self.name!r}: hosts is a tuple: hosts=({self.hosts!r},)")
        for host in self.hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"service {self.name!r}: {host!r} is no host; write 'example.org' or '*.example.org'")


def check_services(services: Iterable[Service], purposes: Iterable[str]) -> Mapping[str, Service]:
    """The services by name. Raises ValueError for one that cannot be chosen, or that another stands in for."""
    known = frozenset(purposes)
    by_name: dict[str, Service] = {}
    by_host: dict[str, str] = {}
    for service in services:
        if service.purpose not in known:
            raise ValueError(
                f"service {service.name!r} has the purpose {service.purpose!r}, which is not among "
                f"{', '.join(sorted(known))}; add Purpose({service.purpose!r}) to Settings.purposes"
            )
        if service.name in known:
            raise ValueError(f"service {service.name!r} is called like a purpose; give it a name of its own")
        if service.name in by_name:
            raise ValueError(f"service {service.name!r} is there twice; give the second another name")
        by_name[service.name] = service
        for host in service.hosts:
            if by_host.setdefault(host, service.name) != service.name:
                raise ValueError(f"services {by_host[host]!r} and {service.name!r} both have the host {host!r}")
    return by_name
