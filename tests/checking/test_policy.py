"""Content Security Policies, source by source."""

from __future__ import annotations

import pytest

from darksocial.checking.policy import CONNECT, SCRIPT, Load, parse, refusal

PAGE = "https://www.example.com/a/b"
SOURCES = [
    # sources, address, allowed
    ("'self'", "https://www.example.com/ds.js", True),
    ("'self'", "https://example.com/ds.js", False),
    ("'self'", "https://www.example.com:8443/ds.js", False),
    ("'none'", "https://www.example.com/ds.js", False),
    ("", "https://www.example.com/ds.js", False),
    ("*", "https://t.example/ds.js", True),
    ("https:", "https://t.example/ds.js", True),
    ("http:", "https://t.example/ds.js", True),
    ("data:", "https://t.example/ds.js", False),
    ("t.example", "https://t.example/ds.js", True),
    ("T.Example", "https://t.example/ds.js", True),
    ("https://t.example", "https://t.example/ds.js", True),
    ("https://t.example/", "https://t.example/ds.js", True),
    ("https://t.example/ds.js", "https://t.example/ds.js", True),
    ("https://t.example/ds", "https://t.example/ds.js", False),
    ("https://t.example/js/", "https://t.example/js/ds.js", True),
    ("http://t.example", "https://t.example/ds.js", True),
    ("t.example", "http://t.example/ds.js", False),
    ("*.example", "https://t.example/ds.js", True),
    ("*.t.example", "https://t.example/ds.js", False),
    ("t.example:443", "https://t.example/ds.js", True),
    ("t.example:8443", "https://t.example/ds.js", False),
    ("t.example:*", "https://t.example:8443/ds.js", True),
    ("t.example", "https://t.example:8443/ds.js", False),
    ("other.example https://t.example", "https://t.example/ds.js", True),
    ("t.example.evil", "https://t.example/ds.js", False),
    ("'unsafe-inline'", "https://t.example/ds.js", False),
    ("http://[", "https://t.example/ds.js", False),
    ("t.example", "https://t.example:99999/ds.js", False),
]


@pytest.mark.parametrize(("sources", "url", "allowed"), SOURCES)
def test_a_source(sources: str, url: str, allowed: bool) -> None:
    for directives, name in ((SCRIPT, "script-src"), (CONNECT, "connect-src")):
        expected = None if allowed else name
        assert refusal(f"{name} {sources}", directives, Load(url, PAGE)) == expected


NONCES = [
    ("'nonce-abc'", "abc", "", True),
    ("'nonce-abc'", "", "", False),
    ("'nonce-abc' 'strict-dynamic'", "abc", "", True),
    ("https: 'strict-dynamic'", "", "", False),
    ("'sha384-x'", "", "sha384-x", True),
    ("'sha384-x'", "", "sha384-x sha384-y", False),
    ("'sha384-x'", "", "", False),
]


@pytest.mark.parametrize(("sources", "nonce", "integrity", "allowed"), NONCES)
def test_a_script_that_is_trusted_by_itself(
    sources: str, nonce: str, integrity: str, allowed: bool
) -> None:
    load = Load("https://t.example/ds.js", PAGE, nonce, integrity)
    assert (refusal(f"script-src {sources}", SCRIPT, load) is None) is allowed
    # None of this counts for what is sent.
    assert refusal(f"connect-src {sources}", CONNECT, Load("ftp://x", PAGE)) == "connect-src"


IMPORTS = [
    ("'nonce-abc'", "abc", True),
    ("'nonce-abc' 'strict-dynamic'", "abc", True),
    ("'sha384-x' 'strict-dynamic'", "", True),
    ("'sha384-x'", "", False),
    ("https://t.example", "", True),
    ("https://t.example/ds.js", "", False),
]


@pytest.mark.parametrize(("sources", "nonce", "allowed"), IMPORTS)
def test_what_a_script_imports(sources: str, nonce: str, allowed: bool) -> None:
    load = Load("https://t.example/more.js", PAGE, nonce, imported=True)
    assert (refusal(f"script-src {sources}", SCRIPT, load) is None) is allowed


def test_the_first_of_two_directives_counts() -> None:
    assert parse("Script-Src a b ;; script-src c") == {"script-src": ["a", "b"]}
