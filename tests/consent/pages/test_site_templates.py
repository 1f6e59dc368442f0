"""The pages in a site's own look: one template of its own frames them all."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_html import elements, only

from footfall.consent.pages import PrivacyPage, PrivacyState
from footfall.settings import Settings


def test_a_frame_of_the_sites_own_holds_both_pages(settings: Settings, tmp_path: Path) -> None:
    head, body = "<title>{% block title %}{% endblock %}</title>", "<p>Our house</p>{% block content %}{% endblock %}"
    frame = f"<html><head>{head}</head><body>{body}</body></html>"
    (tmp_path / "page.html").write_text(frame)
    page = PrivacyPage(settings, templates=tmp_path)
    for html in (page.render(PrivacyState(), "en"), page.declaration("en")):
        assert "Our house" in html
        assert only(html, "h1").text == only(html, "title").text


def test_a_frame_may_extend_ours(settings: Settings, tmp_path: Path) -> None:
    frame = '{% extends "footfall/page.html" %}{% block header %}<header>Our house</header>{% endblock %}'
    (tmp_path / "page.html").write_text(frame)
    html = PrivacyPage(settings, templates=tmp_path).render(PrivacyState(), "en")
    assert only(html, "header").text == "Our house"
    assert len(elements(html, "main")) == 1


def test_a_frame_of_the_sites_own_brings_its_own_content_policy(settings: Settings, tmp_path: Path) -> None:
    assert "content-security-policy" not in PrivacyPage(settings, templates=tmp_path).headers


def test_a_directory_that_is_none_is_refused_at_start(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not a directory"):
        PrivacyPage(settings, templates=tmp_path / "nowhere")
