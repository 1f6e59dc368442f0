"""Google's Consent Mode, version 2: the choice as the signals that Google's tags ask for. Pure.

Only signals: nothing is loaded, and no tag is asked for. ``default`` comes before any tag and states what holds now;
``update`` follows from our script when the visitor chooses.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

#: Which purpose each signal stands for, unless ``Settings.consent_mode`` says otherwise.
SIGNALS: Mapping[str, str] = {
    "ad_storage": "marketing",
    "ad_user_data": "marketing",
    "ad_personalization": "marketing",
    "analytics_storage": "analytics",
    "functionality_storage": "preferences",
    "personalization_storage": "preferences",
    "security_storage": "necessary",
}


def signals_of(setting: bool | Mapping[str, str], purposes: Collection[str]) -> Mapping[str, str]:
    """The signals of a site, empty where it sends none. Raises ValueError for one that Google does not know, and for
    a purpose that the site does not have."""
    if setting is False:
        return {}
    chosen = dict(SIGNALS) if setting is True else {**SIGNALS, **setting}
    for signal, purpose in chosen.items():
        if signal not in SIGNALS:
            raise ValueError(f"consent_mode: there is no signal {signal!r}, only {', '.join(SIGNALS)}")
        if purpose not in purposes:
            raise ValueError(f"consent_mode: {signal} stands for {purpose!r}, which is not among the site's purposes")
    return chosen


def states(signals: Mapping[str, str], granted: Collection[str]) -> dict[str, str]:
    """Each signal as "granted" or "denied"."""
    return {signal: "granted" if purpose in granted else "denied" for signal, purpose in signals.items()}


def default_script(signals: Mapping[str, str], granted: Collection[str]) -> str:
    """What must run before the first tag."""
    stated = json.dumps(states(signals, granted), sort_keys=True)
    return (
        "window.dataLayer=window.dataLayer||[];window.gtag=window.gtag||function(){dataLayer.push(arguments)};"
        f'gtag("consent","default",{stated});'
    )
