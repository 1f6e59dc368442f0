"""Long parameters come as a form: ``query`` and ``param_…`` as parts of multipart/form-data."""

from __future__ import annotations

import email.parser
import email.policy


def is_form(content_type: str) -> bool:
    return content_type.lower().startswith("multipart/form-data")


def read_form(content_type: str, body: bytes) -> dict[str, str]:
    """The fields of the form. Raises ValueError for one that cannot be read, and for files."""
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode("latin-1", "replace")
    form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    if not form.is_multipart():
        raise ValueError("the form cannot be read: its parts are not where its boundary says")
    fields: dict[str, str] = {}
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str) or part.get_filename() is not None:
            raise ValueError("external tables are not available here; insert the data into a table")
        content = part.get_payload(decode=True)
        fields[name] = content.decode("utf-8") if isinstance(content, bytes) else ""
    return fields
