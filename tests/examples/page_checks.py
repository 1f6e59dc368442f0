"""What a page's HTML says to someone who cannot see it: checked without a browser."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

Attributes = dict[str, str | None]

_VOID = frozenset(("meta", "link", "input", "br", "img", "rect", "path", "circle"))
_NAMELESS_INPUTS = frozenset(("hidden", "submit"))


class Page(HTMLParser):
    """Every element of a page, in order, and what is wrong with it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.open: list[str] = []
        self.problems: list[str] = []
        self.feed(html)
        if self.open:
            self.problems.append(f"never closed: {self.open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def every(self, *tags: str) -> list[Attributes]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    def value_of(self, name: str) -> str | None:
        """The value of the form field of that name."""
        return next(one.get("value") for one in self.every("input", "button") if one.get("name") == name)


def complaints(html: str) -> list[str]:
    """What an assistive technology would stumble over (WCAG 2.2: 1.3.1, 2.4.1, 2.4.2, 3.1.1, 3.3.2, 4.1.2)."""
    page = Page(html)
    found = [*page.problems]
    found += [f"{len(page.every(tag))} <{tag}>" for tag in ("h1", "main", "title") if len(page.every(tag)) != 1]
    if page.every("html")[0].get("lang") != "en":
        found.append("no language")
    identifiers = [str(attributes["id"]) for _, attributes in page.elements if "id" in attributes]
    found += [f"id {one!r} twice" for one in set(identifiers) if identifiers.count(one) > 1]
    found += _dangling(page, set(identifiers))
    found += _unlabelled(page)
    found += _skipped_levels([int(tag[1]) for tag, _ in page.elements if tag in ("h1", "h2", "h3", "h4")])
    return found


def _dangling(page: Page, identifiers: set[str]) -> list[str]:
    """References to elements that are not there."""
    wanted: list[str] = []
    for tag, attributes in page.elements:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            wanted += (attributes.get(name) or "").split()
        if tag == "a" and (attributes.get("href") or "").startswith("#"):
            wanted.append(str(attributes["href"])[1:])
    return [f"nothing has the id {one!r}" for one in wanted if one not in identifiers]


def _unlabelled(page: Page) -> list[str]:
    labelled = {attributes.get("for") for attributes in page.every("label")}
    fields = [one for one in page.every("input") if one.get("type") not in _NAMELESS_INPUTS]
    fields = [one for one in fields if one.get("aria-hidden") != "true"]
    navigations = [one for one in page.every("nav") if "aria-label" not in one]
    return [f"no label: {one}" for one in fields if one.get("id") not in labelled] + [
        f"no name: {one}" for one in navigations
    ]


def _skipped_levels(levels: list[int]) -> list[str]:
    return [f"h{upper} is followed by h{lower}" for upper, lower in pairwise(levels) if lower > upper + 1]
