"""User agents: who made a request, a person or a program, and inside which application.

The rules stand in `data/agents.json`, in the order in which they are asked: a person in an
application's own browser comes before previews, since Meta's applications name both in one
agent; then previews, assistants, feed readers, other bots, the list of `crawler-user-agents`,
and last what holds for agents that nobody has named. All patterns are matched at once by the
Rust engine behind ua-parser, in linear time, so no agent can make a rule slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import ua_parser
import ua_parser_rs
from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from ua_parser.core import Domain, PartialResult
from ua_parser.regex import Resolver as RustResolver
from user_agents import parsers

from darksocial.errors import InputError
from darksocial.rules import data

MAX_LENGTH = 1024
CACHE_SIZE = 65_536
LIBRARY_PREFIX = "crawler-user-agents:"
_OTHER = "Other"  # ua-parser's word for unknown
_NAMES = Domain.USER_AGENT | Domain.OS


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


def resolve(user_agent: str, client_hints: Mapping[str, str] | None = None) -> Agent:
    """Return what the user agent says; only its first 1,024 characters are read.

    `client_hints` are the request's headers, or those of them that `hints.refine` knows.
    """
    if client_hints:
        from darksocial.rules import hints

        return hints.refine(resolve(user_agent), client_hints)
    if not isinstance(user_agent, str):
        raise InputError(
            f"A user agent is a text, not {type(user_agent).__name__}: give '' where none is known."
        )
    user_agent = user_agent[:MAX_LENGTH]
    if not user_agent.isascii():
        # Half a surrogate pair cannot enter the engine.
        user_agent = user_agent.encode("utf-8", "replace").decode("utf-8")
    return _resolve(user_agent)


@lru_cache(maxsize=CACHE_SIZE)
def _resolve(user_agent: str) -> Agent:
    rule, application = _matcher().match(user_agent)
    parsed = _parser().resolver(user_agent, _NAMES)
    browser, system = parsed.user_agent, parsed.os
    return Agent(
        rule.kind,
        application,
        _kind_of(rule, application),
        rule.name,
        browser.family if browser and browser.family != _OTHER else None,
        _major(browser.major) if browser and browser.family != _OTHER else None,
        system.family if system and system.family != _OTHER else None,
        _device(user_agent, parsed),
    )


def _kind_of(rule: Rule, application: str | None) -> str | None:
    """Return the kind of an application: where a rule names many, what is known of this one."""
    if rule.application != "$1" or rule.application_kind not in ("app", "unknown"):
        return rule.application_kind
    return _kinds().get(application or "", rule.application_kind)


def _major(version: str | None) -> str | None:
    return str(int(version)) if version and version.isdigit() else version or None


def _device(user_agent: str, names: PartialResult) -> str:
    """Return the form of the device: from how an everyday agent begins, else from the parser.

    ua-parser's patterns for devices take longer than all the others.
    """
    begin = _BEGIN.match(user_agent)
    if begin and (begin[1] == "iPad; " or not any(word in user_agent for word in _ODD)):
        place = begin[1]
        if place == "Linux":
            return "mobile" if "Mobile Safari" in user_agent else "tablet"
        return _FORMS[place]
    device = _parser().resolver(user_agent, Domain.DEVICE)
    parsed = _as_user_agents(
        replace(device, domains=Domain.ALL, user_agent=names.user_agent, os=names.os)
    )
    if parsed.is_tablet:
        return "tablet"
    if parsed.is_mobile:
        return "mobile"
    return "desktop" if parsed.is_pc else "other"


# Ends where the device is named; what tells a rare device or browser sends to the parser.
_BEGIN = re.compile(
    r"Mozilla/5\.0 \((iPhone; (?=[CU])|iPad; (?=[CU])|Windows NT |Macintosh; (?=Intel)"
    r"|X11; (?=Linux x86_64|CrOS|Ubuntu)|Linux(?=; (?:U; )?Android \d))"
)
_FORMS = {
    "iPhone; ": "mobile",
    "iPad; ": "tablet",
    "Windows NT ": "desktop",
    "Macintosh; ": "desktop",
    "X11; ": "desktop",
}
_ODD = (
    *(
        "Firefox",
        "Kindle",
        "Silk",
        "Opera",
        "OPR",
        "Puffin",
        "MIDP",
        "J2ME",
        "Xoom",
        "Maemo",
        "ARM",
    ),
    *(
        "Windows Phone",
        "IEMobile",
        "bot",
        "Bot",
        "CFNetwork",
        "Version/4.0 Chrome",
        "; KF",
        "Presto",
    ),
    *("crawl", "pider", "BlackBerry", "(iPad", "/iPad", "CrKey"),
)


def parse_user_agent(user_agent: str) -> parsers.UserAgent:
    """Return what `user_agents.parse` returns, about ten times as fast.

    Its own entry point uses ua-parser's legacy module; here it is fed by the Rust engine.
    """
    return _as_user_agents(_parser().resolver(user_agent, _NAMES | Domain.DEVICE))


def _as_user_agents(result: PartialResult) -> parsers.UserAgent:
    known = result.complete().with_defaults()
    browser, system, device = known.user_agent, known.os, known.device
    parsed: parsers.UserAgent = parsers.UserAgent.__new__(parsers.UserAgent)
    parsed.ua_string = known.string
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
def _kinds() -> dict[str, str]:
    """Return kinds of applications by name, as their hosts are listed."""
    hosts = data.load("referrers.json")["hosts"]
    named = ((kind, name) for kind, names in hosts.items() for name in names if name)
    return {name: kind for kind, name in named if kind != "referral"}


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
