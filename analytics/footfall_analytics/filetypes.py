"""What the extension of a path says about what was served: an asset of a page, a document, or data for programs.

An access log does not know content types. What has none of these extensions is taken for a page.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

FileType = Literal["asset", "document", "data", "page"]

_EXTENSIONS: dict[FileType, str] = {
    # parts of a page, which its browser fetches by itself
    "asset": """
        css js mjs map wasm webmanifest png apng jpg jpeg jfif gif svg svgz ico cur webp avif bmp
        woff woff2 ttf otf eot swf xsl xslt
    """,
    # what people read, hear or keep
    "document": """
        pdf ps djvu epub mobi azw3 doc docx docm dot dotx rtf odt odp ods odg odf xls xlsx xlsm xlsb ppt pptx pps ppsx
        key numbers pages csv tsv tex bib zip gz tgz tar bz2 tbz xz txz zst 7z rar jar war gem whl deb rpm apk dmg iso
        img exe msi pkg bin torrent mp3 m4a aac ogg oga opus wav flac mp4 m4v mov avi mkv webm mpg mpeg ogv wmv flv
        tif tiff psd ai eps dwg dxf stl ics vcf
    """,
    # what programs read, and plain text: served, but no page
    "data": """
        xml rss atom json jsonl ndjson geojson yaml yml toml ini conf cfg log txt diff patch c h cpp hpp cc rs go java
        py pyc rb lua sh bash vim spec sql mk m4 pcap gpx kml
    """,
}
_TYPES: dict[str, FileType] = {
    extension: file_type for file_type, extensions in _EXTENSIONS.items() for extension in extensions.split()
}


@lru_cache(maxsize=16_384)
def type_of(path: str) -> FileType:
    """What ``/files/list.PDF`` is, by its extension alone."""
    _, dot, extension = file_name(path).rpartition(".")
    return _TYPES.get(extension.lower(), "page") if dot else "page"


def file_name(path: str) -> str:
    """The part of a path behind its last slash."""
    return path.rpartition("/")[2]
