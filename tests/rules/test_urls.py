"""URLs: whose they are, what is stored of them, what their parameters say."""

from __future__ import annotations

import dataclasses
import random
import re
import string
import time

import pytest

from darksocial.rules import data, urls

SITE = ("example.com", "shop.example.org", "localhost:8000")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("example.com", True),
        ("www.example.com", True),
        ("a.b.example.com", True),
        ("EXAMPLE.com", True),
        ("example.com:8443", True),
        ("www.example.com:443", True),
        ("example.com.", True),
        ("shop.example.org", True),
        ("localhost:8000", True),
        ("example.org", False),
        ("notexample.com", False),
        ("example.com.evil.example", False),
        ("localhost", False),
        ("localhost:8001", False),
        ("www.localhost:8000", False),
        ("[::1]:8000", False),
        ("", False),
    ],
)
def test_own_hosts(host: str, own: bool) -> None:
    assert urls.own_host(host, SITE) is own


def test_no_hosts_own_nothing() -> None:
    assert not urls.own_host("example.com", ())


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Example.com/a", "example.com"),
        ("http://example.com:8080?x", "example.com:8080"),
        ("https://user:pw@example.com/", "example.com"),
        ("https://good.example@evil.example/", "evil.example"),
        ("https://evil.example\\@good.example/", "evil.example"),
        ("https://[::1]:8080/", "[::1]:8080"),
        ("android-app://com.slack/", "com.slack"),
        ("//example.com/a", ""),
        ("/a/b", ""),
        ("about:blank", ""),
        ("", ""),
    ],
)
def test_host_of_a_url(url: str, host: str) -> None:
    assert urls.host_of(url) == host


@pytest.mark.parametrize(
    ("host", "bare"),
    [
        ("example.com:80", "example.com"),
        ("example.com:", "example.com"),
        ("example.com.", "example.com"),
        ("[::1]", "[::1]"),
        ("[::1]:80", "[::1]"),
    ],
)
def test_a_host_without_its_port(host: str, bare: str) -> None:
    assert urls.bare_host(host) == bare


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://Example.com/Path/", "https://example.com/Path/"),
        ("https://user:pw@example.com/a", "https://example.com/a"),
        ("https://example.com/a#section", "https://example.com/a"),
        ("https://example.com/a#ds=abc", "https://example.com/a"),
        ("https://example.com", "https://example.com"),
        ("https://example.com?", "https://example.com"),
        ("/only/a/path?x=1", "/only/a/path"),
        ("//Not/A/Host", "//Not/A/Host"),
        ("android-app://com.slack/x", "android-app://com.slack/x"),
        # the query, by allow-list
        ("https://example.com/?q=secret+question", "https://example.com/"),
        (
            "https://example.com/?utm_source=news&x=1&utm_medium=email",
            "https://example.com/?utm_source=news&utm_medium=email",
        ),
        ("https://example.com/?a=1&ds=4kQz8", "https://example.com/?ds=4kQz8"),
        ("https://example.com/?fbclid=IwAR0abc&gclid=x", "https://example.com/?fbclid&gclid"),
        ("https://example.com/?utm_id=7&utm_whatever=7", "https://example.com/?utm_id=7"),
        ("https://example.com/?p=123&page=2", "https://example.com/?p=123&page=2"),
        ("https://example.com/?p=123x&page=1234567890", "https://example.com/"),
        # e-mail addresses
        ("https://example.com/u/jane.doe@example.org/x", "https://example.com/u/-/x"),
        ("https://example.com/u/jane%40example.org", "https://example.com/u/-"),
        ("https://example.com/?utm_content=jane@example.org", "https://example.com/"),
        ("https://example.com/?utm_term=jane%40example.org&ds=a", "https://example.com/?ds=a"),
        ("https://example.social/@jane", "https://example.social/@jane"),
        # tokens and sessions
        (
            "https://example.com/reset/0123456789abcdef0123456789abcdef",
            "https://example.com/reset/-",
        ),
        (
            "https://example.com/reset/dGhpcyBpcyBhIHNlY3JldCB0b2tlbg%3D%3D",
            "https://example.com/reset/-",
        ),
        ("https://example.com/v/aB3dXy9kLmN0pQrStUvWxYz12/next", "https://example.com/v/-/next"),
        ("https://example.com/v/k3j2h4k5j6h7g8f9d0s1a2q3w4/e5", "https://example.com/v/-/e5"),
        ("https://example.com/i/550e8400-e29b-41d4-a716-446655440000", "https://example.com/i/-"),
        ("https://example.com/m/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.c2ln", "https://example.com/m/-"),
        ("https://example.com/a;jsessionid=1A2B3C?x=1", "https://example.com/a"),
        ("https://example.com/a;JSESSIONID=1A/b", "https://example.com/a/b"),
    ],
)
def test_what_is_stored_of_a_url(url: str, clean: str) -> None:
    assert urls.clean_url(url) == clean
    assert urls.clean_url(clean) == clean


@pytest.mark.parametrize(
    "path",
    [
        "/blog/geekery/ssl-latency.html",
        "/2024/01/how-to-make-a-website-in-2024-part-2",
        "/presentations/logstash-puppetconf-2012/",
        "/artikel/Die-groessten-Irrtuemer-des-Jahres-2023-1234567.html",
        "/annual_report_2024_final_version.html",
        "/GettingStartedWithPython3InTheCloud",
        "/wiki/Liste_der_Kulturdenkm%C3%A4ler_in_Berlin_1234567890",
        "/covid19-vaccination-mrna-1273-and-bnt162b2",
        "/blog/geekery/asus-k8n-dl-sata-boot-linux.html",
        "/p/my-favourite-recipes-3f2a9b8c7d6e",
        "/products/ABC-12345-XL-2024-EDITION-2",
        "/12345678901234567890",
        "/@jane/109876543210987654",
        "/hoechstwahrscheinlichkeitsschaetzung",
    ],
)
def test_ordinary_paths_stay_as_they_are(path: str) -> None:
    assert urls.clean_url(f"https://example.com{path}") == f"https://example.com{path}"


def test_a_long_url_is_cut() -> None:
    assert len(urls.clean_url("https://example.com/" + "a/" * 500_000)) == urls.MAX_LENGTH


@pytest.mark.parametrize(
    "segment", ["a-" * 1000, "aA" * 1000, "a_" * 500 + "!", "0a" * 1000, "abc-" * 49 + "x" * 17]
)
def test_no_path_makes_cleaning_slow(segment: str) -> None:
    started = time.process_time()
    urls.clean_url("https://example.com/" + segment)
    assert time.process_time() - started < 0.1


def test_random_tokens_are_not_stored() -> None:
    """A handful in a thousand of the shortest look like words; that is what is known of it."""
    dice = random.Random(1)
    letters = string.ascii_letters + string.digits + "-_"
    tokens = ["".join(dice.choices(letters, k=length)) for length in (24, 32, 43) * 300]
    stored = [token for token in tokens if urls.clean_url(f"/reset/{token}") != "/reset/-"]
    assert len(stored) <= 0.02 * len(tokens)


def test_patterns_are_re2() -> None:
    patterns = dataclasses.asdict(urls.CLEANING)
    assert len(patterns) == 12
    for pattern in patterns.values():
        assert re.compile(pattern)
        assert not re.search(r"\(\?[=!<P]|\\[1-9]|[*+?}]\+", pattern)


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("https://example.com/?ds=4kQz8", "4kQz8"),
        ("https://example.com/?a=1&ds=4kQz8&b=2#x", "4kQz8"),
        ("https://example.com/a#ds=4kQz8", "4kQz8"),
        ("https://example.com/a#section&ds=4kQz8", "4kQz8"),
        ("https://example.com/?ds=first&ds=second#ds=third", "first"),
        ("https://example.com/?ads=4kQz8", ""),
        ("https://example.com/a#ads=4kQz8", ""),
        ("https://example.com/ds=4kQz8", ""),
        ("https://example.com/", ""),
    ],
)
def test_token_of_a_url(url: str, token: str) -> None:
    assert urls.token_of(url) == token


@pytest.mark.parametrize(
    ("url", "tagged"),
    [
        ("https://example.com", "https://example.com?ds=T"),
        ("https://example.com/a", "https://example.com/a?ds=T"),
        ("https://example.com/a?", "https://example.com/a?ds=T"),
        ("https://example.com/a?x=1", "https://example.com/a?x=1&ds=T"),
        ("https://example.com/a?x=1&", "https://example.com/a?x=1&ds=T"),
        ("https://example.com/a?x=%20+%C3%BC&&y", "https://example.com/a?x=%20+%C3%BC&&y&ds=T"),
        ("https://example.com/a#top", "https://example.com/a?ds=T#top"),
        ("https://example.com/a?x#:~:text=a?b", "https://example.com/a?x&ds=T#:~:text=a?b"),
        ("https://example.com/a?x=1&ds=old&y=2", "https://example.com/a?x=1&ds=T&y=2"),
        ("https://example.com/a?ds=old&ds=older", "https://example.com/a?ds=T"),
        ("https://example.com/a?ads=1", "https://example.com/a?ads=1&ds=T"),
    ],
)
def test_a_url_with_a_parameter(url: str, tagged: str) -> None:
    assert urls.with_parameter(url, "ds", "T") == tagged
    assert urls.token_of(tagged) == "T"


def test_a_parameter_cannot_break_out() -> None:
    assert urls.with_parameter("https://a.example/", "ds", "x&y#z") == (
        "https://a.example/?ds=x%26y%23z"
    )


@pytest.mark.parametrize(
    ("query", "application", "kind"),
    [
        ("fbclid=IwAR0abc", "Facebook", "social"),
        ("igsh=MzRlODBiNWFlZA==", "Instagram", "social"),
        ("twclid=2-abc", "X", "social"),
        ("li_fat_id=abc", "LinkedIn", "social"),
        ("ttclid=E.C.P.abc", "TikTok", "social"),
        ("share_id=A1b2C3d4E5f6G7h8I9j0K", "Reddit", "social"),
        ("si=a1B2c3D4e5F6g7H8", "YouTube", "social"),
        ("qclid=abc", "Quora", "social"),
        ("xmt=AQG0nL0Yc3vZ9Qx7pW2k", "Threads", "social"),
        ("__twitter_impression=true", "X", "social"),
        ("mc_cid=abc&mc_eid=def", "Mailchimp", "email"),
        ("sfmc_id=12345", "Salesforce", "email"),
        ("iterableEmailCampaignId=12345", "Iterable", "email"),
        ("_hsenc=p2ANqtz", "HubSpot", "email"),
        ("x=1&gclid=EAIaIQ", "Google", "ad"),
        ("msclkid=abc", "Microsoft", "ad"),
    ],
)
def test_click_ids_name_their_network(query: str, application: str, kind: str) -> None:
    click = urls.click_id(f"https://example.com/a?{query}")
    assert click is not None
    assert (click.application, click.kind) == (application, kind)


@pytest.mark.parametrize(
    "query", ["", "x=1", "fbclid=", "fbclid", "si=1", "share_id=12", "FBCLID=1", "nofbclid=1"]
)
def test_other_parameters_name_no_network(query: str) -> None:
    assert urls.click_id(f"https://example.com/a?{query}") is None
    assert urls.click_id(f"https://example.com/a#{query}") is None


def test_click_ids_are_listed_once() -> None:
    names = [row["parameter"] for row in data.load("click_ids.json")["parameters"]]
    assert len(names) == len(set(names))
    assert {click.kind for click, _ in urls.CLICK_IDS.values()} == {"social", "email", "ad"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", urls.Campaign()),
        ("utm_source=News+Letter&utm_medium=email", urls.Campaign("News Letter", "email")),
        ("utm_campaign=spring%20sale", urls.Campaign(campaign="spring sale")),
        ("utm_source=jane@example.org&utm_medium=x", urls.Campaign(medium="x")),
        ("gclid=a", urls.Campaign(ad_click="gclid")),
        ("msclkid=a&gclid=b", urls.Campaign(ad_click="gclid")),
        ("fbclid=a", urls.Campaign()),
    ],
)
def test_campaign_of_a_url(query: str, expected: urls.Campaign) -> None:
    assert urls.campaign(f"https://example.com/?{query}") == expected
