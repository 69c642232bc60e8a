"""User agents: who made a request, a person or a program, and inside which application.

The rules stand in `data/agents.json`, in the order in which they are asked: a person in an
application's own browser comes before previews, since Meta's applications name both in one
agent; then previews, assistants, feed readers, other bots, the list of `crawler-user-agents`,
and last what holds for agents that nobody has named. All patterns are matched at once by the
Rust engine behind ua-parser, in linear time, so no agent can make a rule slow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import ua_parser
import ua_parser_rs
from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from ua_parser.regex import Resolver as RustResolver
from user_agents import parsers

from darksocial.rules import data

MAX_LENGTH = 1024
CACHE_SIZE = 65_536
LIBRARY_PREFIX = "crawler-user-agents:"
_OTHER = "Other"  # ua-parser's word for unknown


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule: agents that match `pattern` are of this kind and application.

    `kind` is one of `model.AGENT_KINDS`. The application `$1` is what the pattern's first group
    matched. `comment` says why, or gives a sample.
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

    `kind` is one of `model.AGENT_KINDS`: in_app is a person inside an application, preview a
    program that shows a pasted link, assistant a program that fetches for a person's question.
    `application` is that application; its kind is one of `model.APPLICATION_KINDS`, or social,
    search or ai where it is a public network, a search engine or an assistant.
    `rule` names the rule that decided. `browser_version` is the major version, `device` is
    desktop, mobile, tablet or other. Unknown is `None`.
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


class Matcher:
    """Asks rules in their order, all of them at once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        # The engine answers with the first pattern that matches: its "family" carries the
        # application, in which the engine replaces $1, its "major version" the rule's place.
        self._rules = {str(place): rule for place, rule in enumerate(rules)}
        self._engine = ua_parser_rs.UserAgentExtractor(
            (rule.pattern, rule.application or "", place, None, None, None)
            for place, rule in self._rules.items()
        )

    def match(self, user_agent: str) -> tuple[Rule, str | None]:
        """Return the rule that decides, and the application."""
        if user_agent.strip() in ("", "-"):
            return NO_AGENT, None
        found = self._engine.extract(user_agent)
        if found is None:
            return UNRECOGNISED, None
        rule = self._rules[found.major or ""]
        if not rule.application:
            return rule, None
        return rule, _names().get(found.family, found.family)


def resolve(user_agent: str) -> Agent:
    """Return what the user agent says; only its first 1,024 characters are read."""
    user_agent = user_agent[:MAX_LENGTH]
    if not user_agent.isascii():
        # Half a surrogate pair cannot enter the engine.
        user_agent = user_agent.encode("utf-8", "replace").decode("utf-8")
    return _resolve(user_agent)


@lru_cache(maxsize=CACHE_SIZE)
def _resolve(user_agent: str) -> Agent:
    rule, application = _matcher().match(user_agent)
    parsed = parse_user_agent(user_agent)
    browser, version, system = parsed.browser.family, parsed.browser.version, parsed.os.family
    return Agent(
        rule.kind,
        application,
        rule.application_kind,
        rule.name,
        browser if browser != _OTHER else None,
        str(version[0]) if browser != _OTHER and version else None,
        system if system != _OTHER else None,
        _device(parsed),
    )


def _device(parsed: parsers.UserAgent) -> str:
    if parsed.is_tablet:
        return "tablet"
    if parsed.is_mobile:
        return "mobile"
    return "desktop" if parsed.is_pc else "other"


def parse_user_agent(user_agent: str) -> parsers.UserAgent:
    """Return what `user_agents.parse` returns, about ten times as fast.

    Its own entry point uses ua-parser's legacy module; here it is fed by the Rust engine.
    """
    result = _parser().parse(user_agent).with_defaults()
    browser, system, device = result.user_agent, result.os, result.device
    parsed: parsers.UserAgent = parsers.UserAgent.__new__(parsers.UserAgent)
    parsed.ua_string = user_agent
    parsed.browser = parsers.parse_browser(
        browser.family, browser.major, browser.minor, browser.patch
    )
    parsed.os = parsers.parse_operating_system(
        system.family, system.major, system.minor, system.patch
    )
    parsed.device = parsers.parse_device(device.family, device.brand, device.model)
    return parsed


@cache
def _parser() -> ua_parser.Parser:
    return ua_parser.Parser(RustResolver(ua_parser.load_builtins()))


@cache
def _matcher() -> Matcher:
    return Matcher(rules())


@cache
def _names() -> dict[str, str | None]:
    """Return names of applications by what agents write; `None` where a word names none."""
    names: dict[str, str | None] = data.load("agents.json")["names"]
    return names


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
    kind = "feed" if "feed-reader" in row.get("tags", ()) else "bot"
    return Rule(LIBRARY_PREFIX + row["pattern"], kind, row["pattern"])
