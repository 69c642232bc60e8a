"""Texts that strangers send: what of them may go into a record."""

from __future__ import annotations

import re

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def header(value: str, limit: int) -> str:
    """Return a header's text: UTF-8 out of WSGI's latin-1, cut, without control characters."""
    value = value[:limit]
    if value.isascii():
        return plain(value)
    return plain(value.encode("latin-1", "replace").decode("utf-8", "replace"))


def plain(value: str) -> str:
    """Return the text without control characters."""
    return value if value.isprintable() else _CONTROLS.sub("", value)
