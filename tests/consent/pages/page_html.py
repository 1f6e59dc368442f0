"""HTML read back as a list of elements, each with its attributes and the text inside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(("input", "link", "meta", "br"))


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        if closed.tag != tag:
            raise ValueError(f"</{tag}> closes <{closed.tag}>")

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.pieces.append(data)


def elements(html: str, tag: str = "", **attributes: str) -> list[Element]:
    """The elements of a tag with these attributes. Raises ValueError where the tags are not well nested."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.open:
        raise ValueError(f"left open: {[element.tag for element in reader.open]}")
    wanted = attributes.items()
    return [one for one in reader.elements if (not tag or one.tag == tag) and wanted <= one.attributes.items()]


def only(html: str, tag: str = "", **attributes: str) -> Element:
    found = elements(html, tag, **attributes)
    if len(found) != 1:
        raise ValueError(f"{len(found)} of <{tag} {attributes}>")
    return found[0]


def buttons(html: str) -> dict[str, Element]:
    return {button["value"]: button for button in elements(html, "button")}
