"""Referrers: which messenger, mailbox, network, search engine or document a visit came from."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest

from darksocial.model import REFERRER_KINDS
from darksocial.rules import build, data, referrers

CORPUS = Path(__file__).parent / "corpus" / "referrers.tsv"
SHARED = Path(__file__).parents[2].parent / "shared" / "data"
LOG = SHARED / "apache_access.log.gz"


def corpus() -> list[list[str]]:
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("kind", "application", "url"), corpus())
def test_a_referrer_names_its_kind_and_application(kind: str, application: str, url: str) -> None:
    found = referrers.resolve(url)
    assert (found.kind or "-", found.application or "-") == (kind, application)


@pytest.mark.parametrize(
    ("url", "host", "rule"),
    [
        ("https://www.Google.de:443/x", "www.google.de", "=google.*"),
        ("https://l.facebook.com/l.php", "l.facebook.com", "facebook.com"),
        ("https://firma.atlassian.net/wiki/x", "firma.atlassian.net", "atlassian.net/wiki"),
        ("https://www.google.com/url?source=gmail", "www.google.com", "google.*/url?source=gmail"),
        ("https://webmail.example.org./", "webmail.example.org", "webmail.*"),
        ("https://x.example.org/owa/", "x.example.org", "*/owa/"),
        ("https://heise.de/", "heise.de", "referral"),
        ("android-app://com.Slack/", "android-app://com.Slack", "android-app://com.Slack"),
        ("android-app://org.example/x", "android-app://org.example", "android_app"),
        ("http://[::1]:8080/", "[::1]", "referral"),
        ("", "", "none"),
    ],
)
def test_a_referrer_says_which_entry_decided(url: str, host: str, rule: str) -> None:
    found = referrers.resolve(url)
    assert (found.host, found.rule) == (host, rule)


@pytest.mark.parametrize(
    ("host", "kind"),
    [("google.com", "search"), ("www.bing.com/search", "search"), ("heise.de", "referral")],
)
def test_a_host_alone_is_a_referrer_too(host: str, kind: str) -> None:
    assert referrers.resolve(host).kind == kind


def test_a_path_begins_at_whole_segments() -> None:
    assert referrers.resolve("https://www.bing.com/chat").application == "Copilot"
    assert referrers.resolve("https://www.bing.com/chat/x").application == "Copilot"
    assert referrers.resolve("https://www.bing.com/chatter").application == "Bing"


def test_kinds_are_of_the_vocabulary() -> None:
    own = data.load("referrers.json")
    for section in ("hosts", "labels", "paths", "packages"):
        assert set(own[section]) <= set(REFERRER_KINDS)
    assert set(data.load("matomo.json")["hosts"]) <= set(REFERRER_KINDS)


def test_no_entry_of_our_own_is_listed_twice() -> None:
    own = data.load("referrers.json")
    for section in ("hosts", "labels", "paths", "packages"):
        listed = Counter(
            pattern
            for applications in own[section].values()
            for patterns in applications.values()
            for pattern in patterns
        )
        assert [pattern for pattern, times in listed.items() if times > 1] == []


def test_every_entry_of_our_own_decides_about_its_own_host() -> None:
    hosts = data.load("referrers.json")["hosts"]
    wrong = []
    for kind, applications in hosts.items():
        for application, patterns in applications.items():
            for pattern in patterns:
                host = pattern[1:] if pattern[0] == "=" else f"x.{pattern}"
                url = "https://" + host.replace("*", "de")
                found = referrers.resolve(url)
                if (found.kind, found.application) != (kind, application or None):
                    wrong.append((pattern, found))
    assert wrong == []


@pytest.mark.parametrize(
    "url", ["a" * 100_000, "https://" + "a." * 50_000, "https://\ud83d/", "\0"]
)
def test_rubbish_does_no_harm(url: str) -> None:
    assert referrers.resolve(url).kind in (None, "referral")


def test_the_real_log() -> None:
    """All referrers of four days of 2015, which were looked at one by one."""
    if not LOG.is_file():
        pytest.skip(f"the real log is not at hand: {LOG.name}")
    with gzip.open(LOG, "rt", encoding="utf-8", errors="replace") as lines:
        found = [referrers.resolve(line.split('"')[3]) for line in lines if line.count('"') >= 6]
    foreign = [known for known in found if "semicomplete.com" not in known.host]
    assert Counter(known.kind or "-" for known in foreign) == {
        "-": 4075,
        "search": 602,
        "referral": 231,
        "social": 52,
    }
    assert Counter(known.application for known in foreign if known.kind == "search") == {
        "Google": 573,
        "DuckDuckGo": 14,
        "Bing": 6,
        "Baidu": 4,
        "Yandex": 3,
        "Daum": 2,
    }


def test_matomos_list_is_what_the_script_builds() -> None:
    if not SHARED.is_dir():
        pytest.skip("Matomo's lists are not at hand")
    assert build.TARGET.read_text(encoding="utf-8") == build.render(build.build(SHARED))


def test_the_script_reads_the_lists_form() -> None:
    text = (
        "Some%2BNetwork:\n  - network.example\n  - 'm.network.example'\n\n"
        "Engine:\n  -\n    urls:\n      - www.engine.example\n      - 'engine.{}'\n"
        "    params:\n      - q\n"
    )
    assert list(build.entries(text)) == [
        ("Some+Network", "network.example"),
        ("Some+Network", "m.network.example"),
        ("Engine", "www.engine.example"),
        ("Engine", "engine.{}"),
    ]


@pytest.mark.parametrize(
    ("kind", "address", "pattern"),
    [
        ("social", "www.network.example", "network.example"),
        ("search", "www.engine.example", "=engine.example"),
        ("search", "engine.{}", "=engine.*"),
        ("search", "{}.engine.example", "engine.example"),
        ("search", "engine.example/search/", "=engine.example/search"),
        ("social", "com.reddit.frontpage", None),
        ("search", "cnn.com", None),
    ],
)
def test_the_script_makes_our_form(kind: str, address: str, pattern: str | None) -> None:
    assert build.pattern(kind, address) == pattern
