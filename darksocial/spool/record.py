"""One line of a segment: eight hex digits of CRC-32, a blank, one JSON object, a newline.

The keys are the fields of `model.Hit`; fields without content are left out.
A line whose sum does not fit was torn by a crash and was never acknowledged.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from zlib import crc32

from darksocial.model import Hit

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

FIELDS = tuple(field.name for field in fields(Hit))
LOW_BITS = 20
LOW_MASK = (1 << LOW_BITS) - 1


def new_id(milliseconds: int) -> int:
    """Return a 63-bit hit id that sorts by time.

    33 bits of seconds since 1970, 10 bits of the second's fraction, 20 random bits.
    """
    return make_id(milliseconds, secrets.randbits(LOW_BITS))


def make_id(milliseconds: int, low: int) -> int:
    """Return the hit id of a time with its lowest 20 bits taken from `low`."""
    seconds, rest = divmod(milliseconds, 1000)
    return seconds << 30 | (rest << 10) // 1000 << LOW_BITS | low & LOW_MASK


def encode(record: Mapping[str, Any]) -> bytes:
    """Return the line of a record: a mapping from fields of `Hit` to their values."""
    return line(members(record))


def members(record: Mapping[str, Any]) -> str:
    """Return the members of a record's JSON object, without the braces."""
    return _to_json(record)[1:-1]


def line(*parts: str) -> bytes:
    """Return the line of a record from one or more texts of JSON members, none of them empty.

    Lone surrogates (a browser's half emoji) become `?`, so that every line is valid UTF-8.
    """
    body = f"{{{','.join(parts)}}}".encode("utf-8", "replace")
    return b"%08x %b\n" % (crc32(body), body)


def decode(line: bytes) -> dict[str, Any] | None:
    """Return the record of a line, or `None` where the sum does not fit."""
    body = line.rstrip(b"\n")[9:]
    try:
        if int(line[:8], 16) != crc32(body):
            return None
        record = json.loads(body)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
