"""User agents: two-sided corpora, each line real, each rule needed by a line."""

from __future__ import annotations

import gzip
import re
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from user_agents import parse as slow_parse
from user_agents.parsers import UserAgent

from darksocial.model import AGENT_KINDS, APPLICATION_KINDS
from darksocial.rules import agents, data

CORPUS = Path(__file__).parent / "corpus"
LOG = Path(__file__).parents[2].parent / "shared" / "data" / "apache_access.log.gz"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)


def corpus(kind: str) -> Iterator[list[str]]:
    for line in (CORPUS / f"{kind}.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def corpus_agents() -> list[str]:
    return [row[-1] for kind in AGENT_KINDS for row in corpus(kind)]


def real_agents() -> list[str]:
    if not LOG.is_file():
        pytest.skip(f"the real log is not at hand: {LOG.name}")
    with gzip.open(LOG, "rt", encoding="utf-8", errors="replace") as lines:
        found = {line.split('"')[5] for line in lines if line.count('"') >= 6}
    return sorted(found)


@pytest.mark.parametrize("kind", ["in_app", "preview", "assistant", "feed"])
def test_an_agent_names_its_kind_and_application(kind: str) -> None:
    expected = [(kind, name, app_kind, agent) for name, app_kind, agent in corpus(kind)]
    found = [
        (known.kind, known.application or "-", known.application_kind or "-", row[-1])
        for row in corpus(kind)
        for known in [agents.resolve(row[-1])]
    ]
    assert found == expected


@pytest.mark.parametrize("kind", ["bot", "browser"])
def test_an_agent_without_an_application_names_its_kind(kind: str) -> None:
    wrong = [
        (row[0], known.kind, known.rule, row[-1])
        for row in corpus(kind)
        for known in [agents.resolve(row[-1])]
        if (known.kind, known.application) != (kind, None)
    ]
    assert wrong == []


def test_kinds_are_of_the_vocabularies() -> None:
    networks = {"social", "search", "ai", None}
    assert {rule.kind for rule in agents.rules()} == set(AGENT_KINDS)
    assert {rule.application_kind for rule in agents.rules()} <= {*APPLICATION_KINDS, *networks}


def test_rules_of_our_own_have_one_name_each_and_a_reason() -> None:
    own = [rule for rule in agents.rules() if not rule.name.startswith(agents.LIBRARY_PREFIX)]
    assert [name for name, times in Counter(rule.name for rule in own).items() if times > 1] == []
    assert [rule.name for rule in own if not rule.comment] == []


def test_every_rule_of_our_own_is_needed_by_a_line_of_the_corpus() -> None:
    matchers = [agents.Matcher(part) for part in _parts()]
    decided: dict[str, list[str]] = {}
    for line in corpus_agents():
        decided.setdefault(agents.resolve(line).rule, []).append(line)
    unneeded = []
    for place in (0, 2):
        for rule in _parts()[place]:
            lines = decided.get(rule.name, [])
            others = [other for other in _parts()[place] if other is not rule]
            without = [*matchers[:place], agents.Matcher(others), *matchers[place + 1 :]]
            if _outcomes(without, lines) == _outcomes(matchers, lines):
                unneeded.append(rule.name)
    assert unneeded == []


def test_every_pattern_that_is_skipped_would_make_a_line_of_the_corpus_wrong() -> None:
    lines = corpus_agents()
    front, library, late = (agents.Matcher(part) for part in _parts())
    complete = _outcomes([front, library, late], lines)
    harmless = []
    for pattern in data.load("agents.json")["skipped"]:
        skipped = agents.Matcher([agents.Rule("skipped", "bot", pattern)])
        if _outcomes([front, skipped, library, late], lines) == complete:
            harmless.append(pattern)
    assert harmless == []


def _parts() -> tuple[list[agents.Rule], list[agents.Rule], list[agents.Rule]]:
    """Return the rules before, from and after the library."""
    every = list(agents.rules())
    library = [rule for rule in every if rule.name.startswith(agents.LIBRARY_PREFIX)]
    first = every.index(library[0])
    return every[:first], library, every[first + len(library) :]


def _outcomes(
    matchers: list[agents.Matcher], lines: list[str]
) -> list[tuple[str, str | None, str | None]]:
    """Return what matchers, asked one after the other, say of each line."""
    outcomes = []
    for line in lines:
        answers = (matcher.match(line) for matcher in matchers)
        unrecognised = (agents.UNRECOGNISED, None)
        rule, application = next((a for a in answers if a != unrecognised), unrecognised)
        outcomes.append((rule.kind, application, rule.application_kind))
    return outcomes


def test_patterns_of_the_library_that_are_skipped_still_exist() -> None:
    known = {row["pattern"] for row in CRAWLER_USER_AGENTS_DATA}
    assert set(data.load("agents.json")["skipped"]) <= known


def test_known_crawlers_are_programs() -> None:
    samples = [sample for row in CRAWLER_USER_AGENTS_DATA for sample in row["instances"]]
    people = [s for s in samples if agents.resolve(s).kind in ("browser", "in_app")]
    # Five samples of the list are people, or cannot be told from people.
    assert len(samples) > 2000
    assert len(people) <= 0.003 * len(samples)


@pytest.mark.parametrize(
    ("agent", "application", "kind"),
    [
        ("Zoom-LinkUnfurl/1.0", "Zoom", "messenger"),
        ("Miro-LinkPreview/1.0", "Miro", "document"),
        ("Somebody-LinkPreview/1.0", "Somebody", "unknown"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Canva/1.90 Chrome/118.0.5993.159 Electron/27.1.0 Safari/537.36",
            "Canva",
            "document",
        ),
    ],
)
def test_an_application_that_is_listed_brings_its_kind(
    agent: str, application: str, kind: str
) -> None:
    known = agents.resolve(agent)
    assert (known.application, known.application_kind) == (application, kind)


def test_a_rule_can_be_asked_for_its_reason() -> None:
    assert agents.resolve("WhatsApp/2").rule == "signal_preview"
    assert agents.resolve("curl/8.5.0").rule == "crawler-user-agents:^curl"
    assert agents.resolve("LumiBot 2.0").rule == "bot_word"
    assert agents.resolve("").rule == "no_agent"
    assert agents.resolve("&as_qdr=all").rule == "unrecognised"


@pytest.mark.parametrize(
    ("agent", "browser", "version", "system", "device"),
    [
        (CHROME, "Chrome", "131", "Windows", "desktop"),
        (
            "Mozilla/5.0 (iPad; CPU OS 7_0_4 like Mac OS X) AppleWebKit/537.51.1 (KHTML, like "
            "Gecko) Version/7.0 Mobile/11B554a Safari/9537.53",
            "Mobile Safari",
            "7",
            "iOS",
            "tablet",
        ),
        (
            "Mozilla/5.0 (Linux; Android 4.4.2; Nexus 5 Build/KOT49H) AppleWebKit/537.36 (KHTML, "
            "like Gecko) Chrome/32.0.1700.99 Mobile Safari/537.36",
            "Chrome Mobile",
            "32",
            "Android",
            "mobile",
        ),
        ("WhatsApp/2.23.20.0 A", "WhatsApp", "2", None, "other"),
        ("nothing of the kind", None, None, None, "other"),
    ],
)
def test_browser_system_and_device(
    agent: str, browser: str | None, version: str | None, system: str | None, device: str
) -> None:
    known = agents.resolve(agent)
    assert (known.browser, known.browser_version, known.os, known.device) == (
        browser,
        version,
        system,
        device,
    )


def test_a_long_agent_is_cut() -> None:
    assert agents.resolve(CHROME + " " * 1_000_000 + "Googlebot").kind == "browser"
    assert agents.resolve("x" * 1_000_000) == agents.resolve("x" * agents.MAX_LENGTH)


@pytest.mark.parametrize(
    "rubbish", ["\ud83d", "Mozilla/5.0 (\x00", "Mo\nzilla", "(" * 1000, "日本", "a;" * 500]
)
def test_rubbish_is_a_program(rubbish: str) -> None:
    assert agents.resolve(rubbish).kind == "bot"


def test_no_agent_makes_the_rules_slow() -> None:
    nasty = [
        "Mozilla/5.0 (" + "; wv" * 250,
        "FBAN/" * 200,
        "Mozilla/5.0 (Linux; Android 10; " + "a " * 480,
        "(KHTML, like Gecko) " + "A/1 " * 250 + "Electron/",
    ]
    started = time.process_time()
    for agent in nasty:
        agents.resolve(agent)
    assert time.process_time() - started < 1


def test_the_fast_way_to_parse_equals_the_slow_one() -> None:
    different = []
    for agent in _sample():
        fast, slow = agents.parse_user_agent(agent), _slow_parse(agent)
        # The slow way overlooks crawlers that name a computer.
        device = fast.device == slow.device or fast.device.family == "Spider"
        if not device or (fast.browser, fast.os) != (slow.browser, slow.os):
            different.append(agent)
    assert different == []


def test_the_fast_way_says_of_people_all_that_the_slow_one_says() -> None:
    properties = ["is_mobile", "is_tablet", "is_pc", "is_touch_capable", "device"]
    people = [row[-1] for kind in ("in_app", "browser") for row in corpus(kind)]
    different = [
        (agent, name)
        for agent in people
        for name in properties
        if getattr(agents.parse_user_agent(agent), name) != getattr(_slow_parse(agent), name)
    ]
    assert different == []


def _slow_parse(agent: str) -> UserAgent:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return slow_parse(agent)


def _sample() -> list[str]:
    """Return the corpus and every tenth agent of the library: the slow way is slow."""
    library = [sample for row in CRAWLER_USER_AGENTS_DATA for sample in row["instances"]]
    return corpus_agents() + library[::10]


def test_the_real_log() -> None:
    """All 558 agents of four days of 2015, which were looked at one by one."""
    known = {agent: agents.resolve(agent) for agent in real_agents()}
    kinds = Counter(agent.kind for agent in known.values())
    assert kinds == {"browser": 418, "bot": 88, "feed": 22, "preview": 14, "in_app": 16}
    applications = {
        (agent.kind, agent.application)
        for agent in known.values()
        if agent.kind in ("preview", "in_app")
    }
    assert applications == {
        ("in_app", None),
        ("in_app", "Google"),
        ("in_app", "Instagram"),
        ("in_app", "Janetter"),
        ("in_app", "Thunderbird"),
        ("preview", "Embedly"),
        ("preview", "Facebook"),
        ("preview", "Flipboard"),
        ("preview", "Gmail"),
        ("preview", "Google Docs"),
        ("preview", "Microsoft Office"),
        ("preview", "X"),
    }


def test_people_in_the_real_log_are_browsers_we_can_name() -> None:
    unnamed = [
        agent
        for agent in real_agents()
        if agents.resolve(agent).kind == "browser" and not re.search(r"Maui|MAUI", agent)
        if agents.resolve(agent).browser is None
    ]
    assert len(unnamed) <= 5
