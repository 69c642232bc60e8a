"""Of a browser's hints a record keeps what the agent does not say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darksocial.rules.headers import LIMIT, NAMES, condense, expand

PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Mobile Safari/537.36"
)
LINUX = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36"
)
USUAL = '"Google Chrome";v="141", "Not?A_Brand";v="8", "Chromium";v="141"'
BRAVE = '"Brave";v="141", "Not?A_Brand";v="8", "Chromium";v="141"'
WEBVIEW = '"Android WebView";v="141", "Not?A_Brand";v="8", "Chromium";v="141"'


@pytest.mark.parametrize(
    ("agent", "headers", "kept"),
    [
        (PHONE, {}, ""),
        (
            PHONE,
            {
                "sec-ch-ua": USUAL,
                "sec-ch-ua-platform": '"Android"',
                "sec-ch-ua-mobile": "?1",
            },
            "",
        ),
        (LINUX, {"sec-ch-ua": USUAL, "sec-ch-ua-platform": '"Linux"'}, ""),
        (PHONE, {"sec-ch-ua": BRAVE}, "brand=Brave/141"),
        (PHONE, {"sec-ch-ua": WEBVIEW, "x-requested-with": "com.whatsapp"},
         "brand=Android WebView/141;app=com.whatsapp"),
        (LINUX, {"sec-ch-ua-platform": '"Android"', "sec-ch-ua-mobile": "?1"}, "os=Android;mobile"),
        (PHONE, {"sec-ch-ua-platform": '"Linux"'}, "os=Linux"),
        (LINUX, {"sec-ch-ua-platform": '"Unknown"', "sec-ch-ua-mobile": "?0"}, ""),
        (LINUX, {"sec-ch-ua-form-factors": '"Tablet", "EInk"'}, "tablet"),
        (PHONE, {"x-requested-with": "XMLHttpRequest"}, ""),
        (PHONE, {"x-requested-with": "com.example;os=x"}, ""),
        (PHONE, {"x-requested-with": "ann@example.com"}, ""),
        (PHONE, {"x-requested-with": "a." + "b" * 200}, ""),
        (PHONE, {"sec-ch-ua": '"A;os=B";v="1", "C";v="x"', "sec-ch-ua-platform": '"a;b"'}, ""),
    ],
)  # fmt: skip
def test_what_is_kept(agent: str, headers: dict[str, str], kept: str) -> None:
    assert condense(agent, headers) == kept


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-ch-ua": '"Brave";v="141"'},
        {"sec-ch-ua": '"Android WebView";v="141", "Opera";v="92"'},
        {"sec-ch-ua-platform": '"macOS"', "sec-ch-ua-mobile": "?1"},
        {"sec-ch-ua-form-factors": '"Tablet"', "x-requested-with": "com.whatsapp.w4b"},
    ],
)
def test_what_is_kept_comes_back(headers: dict[str, str]) -> None:
    assert expand(condense("", headers)) == headers


@given(st.text(), st.fixed_dictionaries({name: st.text() for name in NAMES}))
def test_strangers_write_no_long_and_no_foreign_text(agent: str, headers: dict[str, str]) -> None:
    kept = condense(agent, headers)
    assert len(kept) <= LIMIT
    assert kept.isascii()
    assert kept.isprintable()
    assert set(expand(kept)) <= set(NAMES)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert set(expand(text)) <= set(NAMES)
