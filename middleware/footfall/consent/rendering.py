"""The templates of our pages: Jinja2, escaped, strict, and each of them replaceable by the site's own."""

from __future__ import annotations

from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

_BUILT_IN = Path(__file__).with_name("templates")


def environment(templates: Path | None = None) -> Environment:
    """The environment our pages are rendered in.

    A file in ``templates`` replaces ours of the same name; ``page.html`` is the frame of every page. It may
    extend ours, which is always to be had as ``footfall/page.html``. Raises ValueError when the directory is none.
    """
    ours = FileSystemLoader(_BUILT_IN)
    loaders: list[BaseLoader] = [PrefixLoader({"footfall": ours}), ours]
    if templates is not None:
        if not templates.is_dir():
            raise ValueError(f"templates={str(templates)!r} is not a directory; name the one that holds page.html")
        loaders.insert(0, FileSystemLoader(templates))
    return Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
