"""User agents: who made a request, a person or a program, and inside which application.

The rules stand in `data/agents.json`, in the order in which they are asked: a person in an
application's own browser comes before previews, since Meta's applications name both in one
agent; then previews, assistants, feed readers, other bots, and the list of
`crawler-user-agents` at the end. All patterns are matched at once by the Rust engine behind
ua-parser, in linear time, so no agent can make a rule slow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import ua_parser
import ua_parser_rs
from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from user_agents import parsers

from darksocial.rules import data

MAX_LENGTH = 1024
CACHE_SIZE = 65_536
CRAWLER_PREFIX = "crawler-user-agents:"


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule: agents that match `pattern` are of this kind and application.

    `kind` is one of `model.AGENT_KINDS`. `comment` says why, or gives a sample.
    """

    name: str
    kind: str
    pattern: str
    application: str | None = None
    application_kind: str | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """What a user agent says.

    `kind` is one of `model.AGENT_KINDS`; `application` and `application_kind` name the
    application whose person (in_app) or program (preview, assistant, feed, bot) it is.
    `application_kind` is one of `model.APPLICATION_KINDS`, or social, search or ai where the
    application is a public network, a search engine or an assistant.
    `rule` names the rule that decided. `device` is desktop, mobile, tablet or other.
    Unknown is `None`.
    """

    kind: str
    application: str | None
    application_kind: str | None
    rule: str
    browser: str | None
    browser_version: str | None
    os: str | None
    device: str


BROWSER = Rule("browser", "browser", "")
EMPTY = Rule("empty", "bot", "")


@lru_cache(maxsize=CACHE_SIZE)
def resolve(user_agent: str) -> Agent:
    """Return what the user agent says; only its first 1,024 characters are read."""
    user_agent = user_agent[:MAX_LENGTH]
    rule = match(user_agent)
    parsed = parse_user_agent(user_agent)
    known = parsed.browser.family != "Other"
    return Agent(
        rule.kind,
        rule.application,
        rule.application_kind,
        rule.name,
        parsed.browser.family if known else None,
        str(parsed.browser.version[0]) if known and parsed.browser.version else None,
        parsed.os.family if parsed.os.family != "Other" else None,
        _device(parsed),
    )


def match(user_agent: str) -> Rule:
    """Return the rule that decides about a user agent."""
    if user_agent.strip() in ("", "-"):
        return EMPTY
    own, library = _matchers()
    for matcher, rules in (own, library):
        found = matcher.extract(user_agent)
        if found is not None:
            return rules[found.family]
    return BROWSER


def parse_user_agent(user_agent: str) -> parsers.UserAgent:
    """Return what `user_agents.parse` returns, about ten times as fast.

    Its own entry point uses ua-parser's legacy module; here it is fed by the Rust engine.
    """
    result = ua_parser.parse(user_agent).with_defaults()
    agent, system, device = result.user_agent, result.os, result.device
    parsed: parsers.UserAgent = parsers.UserAgent.__new__(parsers.UserAgent)
    parsed.ua_string = user_agent
    parsed.browser = parsers.parse_browser(agent.family, agent.major, agent.minor, agent.patch)
    parsed.os = parsers.parse_operating_system(
        system.family, system.major, system.minor, system.patch
    )
    parsed.device = parsers.parse_device(device.family, device.brand, device.model)
    return parsed


def own_rules() -> list[Rule]:
    """Return the rules of `data/agents.json`, in their order."""
    return [Rule(**row) for row in data.load("agents.json")["rules"]]


def library_rules() -> list[Rule]:
    """Return the rules that `crawler-user-agents` adds."""
    skipped = data.load("agents.json")["skipped"]
    return [
        Rule(
            CRAWLER_PREFIX + row["pattern"],
            "feed" if "feed-reader" in row["tags"] else "bot",
            row["pattern"],
        )
        for row in CRAWLER_USER_AGENTS_DATA
        if row["pattern"] not in skipped
    ]


_Matcher = tuple[ua_parser_rs.UserAgentExtractor, dict[str, Rule]]


@cache
def _matchers() -> tuple[_Matcher, _Matcher]:
    return _matcher(own_rules()), _matcher(library_rules())


def _matcher(rules: list[Rule]) -> _Matcher:
    # The extractor answers with the first pattern that matches; "$" would be a group there.
    keys = {str(position): rule for position, rule in enumerate(rules)}
    extractor = ua_parser_rs.UserAgentExtractor(
        (rule.pattern, key, None, None, None, None) for key, rule in keys.items()
    )
    return extractor, keys


def _device(parsed: parsers.UserAgent) -> str:
    if parsed.is_tablet:
        return "tablet"
    if parsed.is_mobile:
        return "mobile"
    return "desktop" if parsed.is_pc else "other"
