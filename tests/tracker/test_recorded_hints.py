"""Client hints in records: kept by every endpoint where they say more than the agent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Mobile Safari/537.36"
)
USUAL = {
    "User-Agent": PHONE,
    "Sec-CH-UA": '"Google Chrome";v="141", "Not?A_Brand";v="8", "Chromium";v="141"',
    "Sec-CH-UA-Mobile": "?1",
    "Sec-CH-UA-Platform": '"Android"',
}
IN_WHATSAPP = {
    **USUAL,
    "Sec-CH-UA": '"Android WebView";v="141", "Not?A_Brand";v="8", "Chromium";v="141"',
    "X-Requested-With": "com.whatsapp",
}
KEPT = "brand=Android WebView/141;app=com.whatsapp"
EVENT = {"i": "7", "t": "pageview", "u": "https://example.com/"}

Ask = Callable[[FlaskClient, dict[str, str]], Any]
ENDPOINTS: dict[str, Ask] = {
    "redirect": lambda tracker, headers: tracker.get("/r/abc", headers=headers),
    "pixel": lambda tracker, headers: tracker.get(
        "/p.gif?k=KEY&u=https://example.com/", headers=headers
    ),
    "events": lambda tracker, headers: tracker.post(
        "/c", data=json.dumps({"k": "KEY", "e": [EVENT]}), headers=headers
    ),
}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize(
    ("headers", "kept"), [(IN_WHATSAPP, KEPT), (USUAL, None)], ids=["a WebView", "everyday"]
)
def test_what_a_record_keeps(
    tracker: FlaskClient,
    hits: Callable[[], list[dict[str, Any]]],
    endpoint: str,
    headers: dict[str, str],
    kept: str | None,
) -> None:
    ENDPOINTS[endpoint](tracker, headers)
    assert [hit.get("hints") for hit in hits()] == [kept]


def test_who_asks_not_to_be_tracked_leaves_nothing(
    tracker: FlaskClient, hits: Callable[[], list[dict[str, Any]]]
) -> None:
    tracker.get("/r/abc", headers={**IN_WHATSAPP, "Sec-GPC": "1"})
    assert hits() == []
