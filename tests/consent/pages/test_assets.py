"""The two files the notice needs: small, cached for good, found under an address that names their content."""

from __future__ import annotations

import gzip

import pytest

from footfall.consent.assets import ASSETS, SCRIPT, STYLE


@pytest.mark.parametrize(("name", "most"), [("style.css", 3072), ("script.js", 4096)])
def test_a_file_is_small_on_the_wire(name: str, most: int) -> None:
    assert len(gzip.compress(ASSETS[name].content, 6)) <= most


def test_the_address_changes_with_the_content() -> None:
    assert STYLE.url("/privacy") == f"/privacy/style.css?v={STYLE.version}"
    assert STYLE.version != SCRIPT.version
    assert "immutable" in STYLE.cache_control


def test_the_style_reaches_nothing_of_the_sites_own() -> None:
    """Every selector names a class of ours; the one exception leaves room for the notice while it is there."""
    css = STYLE.content.decode()
    while "/*" in css:
        before, _, rest = css.partition("/*")
        css = before + rest.partition("*/")[2]
    for block in css.split("{")[:-1]:
        selector = block.rpartition("}")[2].strip()
        if selector and not selector.startswith("@"):
            assert "footfall-" in selector, selector


def test_the_script_uses_no_sink_of_trusted_types() -> None:
    """W3C Trusted Types: a page that requires them must not break."""
    script = SCRIPT.content.decode()
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "Function("):
        assert sink not in script
