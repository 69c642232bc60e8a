"""What `POST /c` accepts, as pure functions: bytes to a batch, an event to a record's fields.

A batch is `{"k": site key, "e": [event, …]}`. Names that are not in the tables below are
ignored, so that a newer snippet can talk to an older tracker.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from darksocial.errors import RecordError
from darksocial.model import ANSWERS, FETCH_SITES, METHODS, NAVIGATIONS, Site
from tracker_server.table import is_web_page, owns
from tracker_server.targets import application_of
from tracker_server.texts import plain

MAX_BYTES = 64 * 1024
MAX_EVENTS = 50
MAX_URL = 4096
MAX_ID = 2**63 - 1
MAX_AGE = 24 * 3600 * 1000

KINDS = ("pageview", "share", "engagement", "interaction", "conversion", "survey")

# Name in the event, field of the record, longest text; what is longer is cut.
TEXTS = (
    ("r", "referrer", 4096),
    ("d", "token", 64),
    ("p", "parent", 64),
    ("x", "name", 256),
)
CHOICES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("n", "navigation", NAVIGATIONS),
    ("m", "method", METHODS),
    ("w", "answer", ANSWERS),
    ("f", "fetch_site", FETCH_SITES),
    ("s", "returning", ("0", "1")),
    ("z", "url_seen", ("0", "1")),
)

_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one request sends: the site's public key and its events, not yet looked at."""

    key: str
    events: list[Any]


def read(body: bytes) -> Batch:
    """Return the batch in a request body, or raise `RecordError`."""
    try:
        batch = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RecordError(
            f'The batch is no JSON in UTF-8 ({error}): send {{"k": key, "e": [events]}}.',
            "bad-json",
        ) from error
    if not isinstance(batch, dict):
        raise _refused("batch", "has to be a JSON object", "bad-batch")
    key, events = batch.get("k"), batch.get("e")
    if not isinstance(key, str):
        raise _refused("batch's `k`", "has to be the site's public key", "bad-key")
    if not isinstance(events, list):
        raise _refused("batch's `e`", "has to be a list of events", "bad-batch")
    return Batch(key, events)


def sort_out(
    events: list[Any], site: Site, received: int
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the fields of the events that count, and a reason for each that is refused."""
    accepted, reasons = [], ["too-many"] * (len(events) - MAX_EVENTS)
    for event in events[:MAX_EVENTS]:
        try:
            accepted.append(fields(event, site, received))
        except RecordError as error:
            reasons.append(error.reason)
    return accepted, reasons


def fields(event: Any, site: Site, received: int) -> dict[str, Any]:
    """Return the record's fields that the event gives, or raise `RecordError` with the reason.

    `received` is in milliseconds since 1970; the hit's time is that less the event's age, so
    the browser's clock does not matter.
    """
    if not isinstance(event, dict):
        raise _refused("event", "has to be a JSON object", "bad-event")
    record: dict[str, Any] = {
        "id": _id(event.get("i")),
        "ts": received - _age(event.get("a")),
        "site": site.name,
        "kind": _choice(event, "t", "kind", KINDS),
        "url": page_url(event.get("u"), site),
    }
    if not record["kind"]:
        raise _refused("event's `t`", f"has to be one of {', '.join(KINDS)}", "bad-kind")
    for name, field, limit in TEXTS:
        record[field] = _text(event, name, field)[:limit]
    for name, field, choices in CHOICES:
        record[field] = _choice(event, name, field, choices)
    if record["kind"] == "share" and record["name"]:
        record["name"] = application_of(record["name"])
    record["value"] = _value(event.get("v"))
    record["currency"] = _currency(event)
    return {field: content for field, content in record.items() if content}


def page_url(value: Any, site: Site) -> str:
    """Return the URL of one of the site's pages, or raise `RecordError` with the reason."""
    url = plain(value).strip() if isinstance(value, str) else ""
    if not is_web_page(url):
        raise _refused("page's URL", "has to begin with http:// or https://", "bad-url")
    if len(url) > MAX_URL:
        raise _refused("page's URL", f"has to be {MAX_URL} characters or less", "long-url")
    if not owns(site.hosts, url):
        raise _refused("page's URL", f"has to be on a host of {site.name}", "foreign-host")
    return url


def _refused(what: str, rule: str, reason: str) -> RecordError:
    return RecordError(f"The {what} {rule}.", reason)


def _id(value: Any) -> int:
    if isinstance(value, str) and _ID.fullmatch(value) and int(value) <= MAX_ID:
        return int(value)
    raise _refused("event's `i`", f"has to be a decimal string from 1 to {MAX_ID}", "bad-id")


def _age(value: Any) -> int:
    age = 0.0 if value is None else _number(value, "a", "bad-age")
    if age > MAX_AGE:
        raise _refused("event's `a`", f"has to be {MAX_AGE} ms or less", "too-old")
    # A clock that was set back between event and sending: it happened just now.
    return max(0, int(age))


def _text(event: Mapping[str, Any], name: str, field: str) -> str:
    value = event.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _refused(f"event's `{name}`", "has to be a text", f"bad-{field}".replace("_", "-"))
    return plain(value)


def _choice(event: Mapping[str, Any], name: str, field: str, choices: tuple[str, ...]) -> str:
    value = _text(event, name, field)
    if value and value not in choices:
        reason = f"bad-{field}".replace("_", "-")
        raise _refused(f"event's `{name}`", f"has to be one of {', '.join(choices)}", reason)
    return value


def _value(value: Any) -> float:
    return 0.0 if value is None else _number(value, "v", "bad-value")


def _number(value: Any, name: str, reason: str) -> float:
    try:
        number = math.nan if isinstance(value, (bool, str)) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise _refused(f"event's `{name}`", "has to be a finite number", reason)
    return number


def _currency(event: Mapping[str, Any]) -> str:
    value = _text(event, "c", "currency")
    if value and not _CURRENCY.fullmatch(value):
        raise _refused("event's `c`", "has to be a currency's three letters", "bad-currency")
    return value.upper()
