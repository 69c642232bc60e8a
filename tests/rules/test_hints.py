"""Client hints refine an everyday browser, and nothing else."""

from __future__ import annotations

import pytest

import darksocial as ds

FROZEN = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Mobile Safari/537.36"
)
DESKTOP = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36"
)
OLD_WEBVIEW = (
    "Mozilla/5.0 (Linux; Android 13; SM-A536U Build/TP1A.220624.014; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36"
)
GREASE = '"Not?A_Brand";v="8", "Chromium";v="141", '
WEBVIEW = {"Sec-CH-UA": GREASE + '"Android WebView";v="141"'}


@pytest.mark.parametrize(
    ("agent", "headers", "field", "expected"),
    [
        (FROZEN, {"Sec-CH-UA": GREASE + '"Brave";v="141"'}, "browser", "Brave"),
        (FROZEN, {"sec-ch-ua": GREASE + '"Google Chrome";v="141"'}, "browser", "Chrome Mobile"),
        (FROZEN, {"SEC_CH_UA": GREASE + '"Opera";v="92"'}, "browser_version", "92"),
        (DESKTOP, {"Sec-CH-UA-Platform": '"macOS"'}, "os", "Mac OS X"),
        (DESKTOP, {"Sec-CH-UA-Mobile": "?1"}, "device", "mobile"),
        (DESKTOP, {"Sec-CH-UA-Form-Factors": '"Tablet"'}, "device", "tablet"),
        (DESKTOP, {"Sec-CH-UA": '"HeadlessChrome";v="141"'}, "kind", "bot"),
        (FROZEN, WEBVIEW, "kind", "in_app"),
        (FROZEN, {**WEBVIEW, "X-Requested-With": "com.whatsapp"}, "application", "WhatsApp"),
        (FROZEN, {**WEBVIEW, "X-Requested-With": "com.whatsapp"}, "application_kind", "messenger"),
        (FROZEN, {**WEBVIEW, "X-Requested-With": "org.example"}, "application", None),
        (OLD_WEBVIEW, {"X-Requested-With": "com.whatsapp"}, "application", "WhatsApp"),
        (OLD_WEBVIEW, {"X-Requested-With": "org.example"}, "application", None),
        (OLD_WEBVIEW, {"X-Requested-With": "org.example"}, "kind", "in_app"),
        (FROZEN, {"X-Requested-With": "com.whatsapp"}, "kind", "browser"),
        (FROZEN, {"X-Requested-With": "XMLHttpRequest"}, "kind", "browser"),
        (FROZEN, {"Sec-CH-UA": "rubbish"}, "browser", "Chrome Mobile"),
    ],
)
def test_what_a_hint_adds(
    agent: str, headers: dict[str, str], field: str, expected: str | None
) -> None:
    assert getattr(ds.agent(agent, headers), field) == expected


@pytest.mark.parametrize("agent", ["TelegramBot (like TwitterBot)", "curl/8.5.0"])
def test_a_program_stays_what_it_is(agent: str) -> None:
    assert ds.agent(agent, WEBVIEW) == ds.agent(agent)


def test_a_named_application_stays_named() -> None:
    facebook = FROZEN + " [FB_IAB/FB4A;FBAV/357.0.0.23.115;]"
    assert ds.agent(facebook, {**WEBVIEW, "X-Requested-With": "com.whatsapp"}).application == (
        "Facebook"
    )
