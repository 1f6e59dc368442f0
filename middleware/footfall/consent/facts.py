"""What analysts are told of consent: properties of the event of a choice, and of a page that asked for one. Pure.

Nobody is in them. A page that asked is the row that it is anyway: anonymous while analytics is not granted.
"""

from __future__ import annotations

from collections.abc import Iterable

from footfall.consent.choice import Choice
from footfall.consent.regimes import Regime
from footfall.consent.shown import ShownText


def of_choice(choice: Choice, shown: ShownText, regime: Regime) -> dict[str, str]:
    """Of a choice that was made. Names are separated by spaces."""
    return _stated(
        granted=choice.granted,
        refused=choice.refused,
        services=choice.services,
        services_refused=choice.services_refused,
        layer=(shown.layer,),
        language=(shown.language,),
        regime=(regime,),
    )


def of_notice(asked: Iterable[str], language: str, regime: Regime) -> dict[str, str]:
    """Of a page that the notice was put into."""
    return _stated(asked=asked, layer=("notice",), language=(language,), regime=(regime,))


def _stated(**names: Iterable[str]) -> dict[str, str]:
    return {key: " ".join(sorted(value)) for key, value in names.items() if value}
