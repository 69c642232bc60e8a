"""The pixel: what `GET /p.gif?k=<site key>&u=<page URL>&t=<token>` says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from darksocial.errors import RecordError
from darksocial.model import Site
from tracker_server.events import page_url
from tracker_server.texts import plain

MAX_TOKEN = 64
MAX_QUERY = 16 * 1024

GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


def read(environ: Mapping[str, Any], sites: Mapping[str, Site]) -> tuple[str, dict[str, str]]:
    """Return the site's name and the record's fields, or raise `RecordError` with the reason.

    Without `u` the page is the Referer: an image's referrer is the page that shows it. What
    Sec-Fetch-Site says of an image says nothing of the page, so it is not kept.
    """
    query = _parameters(environ.get("QUERY_STRING", ""))
    site = sites.get(query.get("k", ""))
    if site is None:
        raise RecordError(
            "The pixel's `k` is the key of no site: copy it from the site's snippet tag.",
            "unknown-site",
        )
    url = query.get("u") or environ.get("HTTP_REFERER", "")
    fields = {"site": site.name, "kind": "pixel", "url": page_url(url, site)}
    token = plain(query.get("t", ""))[:MAX_TOKEN]
    if token:
        fields["token"] = token
    return site.name, fields


def _parameters(query: str) -> dict[str, str]:
    try:
        if len(query) > MAX_QUERY:
            raise ValueError(f"more than {MAX_QUERY} characters")
        text = query.encode("latin-1", "replace").decode("utf-8", "replace")
        return dict(reversed(parse_qsl(text, max_num_fields=20)))
    except ValueError as error:
        raise RecordError(
            f"The pixel's query cannot be read ({error}): send k, u and t.", "bad-query"
        ) from error
