"""User agents: who made a request, a person or a program, and inside which application.

The rules stand in `data/agents.json`, in the order in which they are asked: a person in an
application's own browser comes before previews, since Meta's applications name both in one
agent; then previews, assistants, feed readers, other bots, and the list of
`crawler-user-agents` at the end. All patterns are matched at once by the Rust engine behind
ua-parser, in linear time, so no agent can make a rule slow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import ua_parser
import ua_parser_rs
from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from ua_parser.regex import Resolver as RegexResolver
from user_agents import parsers

from darksocial.rules import data

MAX_LENGTH = 1024
CACHE_SIZE = 65_536
LIBRARY_PREFIX = "crawler-user-agents:"
OTHER = "Other"  # ua-parser's word for unknown


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


NO_AGENT = Rule("no_agent", "bot", "")
UNRECOGNISED = Rule("unrecognised", "bot", "")


def resolve(user_agent: str) -> Agent:
    """Return what the user agent says; only its first 1,024 characters are read."""
    return _resolve(user_agent[:MAX_LENGTH])


@lru_cache(maxsize=CACHE_SIZE)
def _resolve(user_agent: str) -> Agent:
    rule, application = match(user_agent)
    parsed = parse_user_agent(user_agent)
    known = parsed.browser.family != OTHER
    return Agent(
        rule.kind,
        application,
        rule.application_kind,
        rule.name,
        parsed.browser.family if known else None,
        str(parsed.browser.version[0]) if known and parsed.browser.version else None,
        parsed.os.family if parsed.os.family != OTHER else None,
        _device(parsed),
    )


def match(user_agent: str) -> tuple[Rule, str | None]:
    """Return the rule that decides about a user agent, and the application."""
    if user_agent.strip() in ("", "-"):
        return NO_AGENT, None
    for extractor, by_place in _matchers():
        if found := extractor.extract(user_agent):
            return by_place[found.major or ""], found.family or None
    return UNRECOGNISED, None


def parse_user_agent(user_agent: str) -> parsers.UserAgent:
    """Return what `user_agents.parse` returns, about ten times as fast.

    Its own entry point uses ua-parser's legacy module; here it is fed by the Rust engine.
    """
    result = _parser().parse(user_agent).with_defaults()
    agent, system, device = result.user_agent, result.os, result.device
    parsed: parsers.UserAgent = parsers.UserAgent.__new__(parsers.UserAgent)
    parsed.ua_string = user_agent
    parsed.browser = parsers.parse_browser(agent.family, agent.major, agent.minor, agent.patch)
    parsed.os = parsers.parse_operating_system(
        system.family, system.major, system.minor, system.patch
    )
    parsed.device = parsers.parse_device(device.family, device.brand, device.model)
    return parsed


@cache
def _parser() -> ua_parser.Parser:
    return ua_parser.Parser(RegexResolver(ua_parser.load_builtins()))


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules in the order in which they are asked."""
    content = data.load("agents.json")
    library = (_library_rule(row) for row in CRAWLER_USER_AGENTS_DATA)
    return (
        *(Rule(**row) for row in content["rules"]),
        *(rule for rule in library if rule.pattern not in content["skipped"]),
        *(Rule(**row) for row in content["late"]),
    )


def _library_rule(row: dict[str, Any]) -> Rule:
    kind = "feed" if "feed-reader" in row["tags"] else "bot"
    return Rule(LIBRARY_PREFIX + row["pattern"], kind, row["pattern"])


_Matcher = tuple[ua_parser_rs.UserAgentExtractor, dict[str, Rule]]


@cache
def _matchers() -> tuple[_Matcher, ...]:
    """Return the rules as matchers.

    Each answers with the first pattern that matches: with its application as the family, in
    which the engine replaces `$1`, and with the rule's place as the major version.
    """
    return (matcher(rules()),)


def matcher(rules: Iterable[Rule]) -> _Matcher:
    by_place = {str(place): rule for place, rule in enumerate(rules)}
    extractor = ua_parser_rs.UserAgentExtractor(
        (rule.pattern, rule.application or "", place, None, None, None)
        for place, rule in by_place.items()
    )
    return extractor, by_place


def _device(parsed: parsers.UserAgent) -> str:
    if parsed.is_tablet:
        return "tablet"
    if parsed.is_mobile:
        return "mobile"
    return "desktop" if parsed.is_pc else "other"
