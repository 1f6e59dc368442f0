"""What stands at the foot of every page of ours for one visitor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Footing:
    """``where``: where a member's choice comes from, in words; ``sells``: there is a page on selling and sharing;
    ``account``: there is a notice on the use of account information for this member."""

    where: str = ""
    sells: bool = False
    account: bool = False


#: Where nothing is known of the visitor.
PLAIN = Footing()
