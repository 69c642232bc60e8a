"""The rules of evidence: what has to hold of an arrival, in the order in which it is asked.

A fact is one bit of a visit's `facts`; `store/sql/reclassify/weighed.sql` says for each what
has to be the case. A rule holds where all the facts that it needs are there and none that it
excludes; the first that holds names the evidence. Bits are stored with visits: append facts,
never change the order.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is so of an arrival, or is not; both in words."""

    name: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`evidence` is the word of `model.EVIDENCE`, "" for what is no arrival."""

    evidence: str
    needs: tuple[str, ...]
    excludes: tuple[str, ...]
    channel: str
    why: str


FACTS = (
    Fact("arrived", "it came from outside the site", "it went on after a pause or within the site"),
    Fact("tagged", "the URL brings a token or code", "the URL brings no token"),
    Fact("valid", "the token is a share token of this site", "no valid share token"),
    Fact("own", "the visitor made this token", "the token was not made by this visitor"),
    Fact("public", "the referrer is a public place", "no referrer of a public place"),
    Fact("link", "the code is that of a managed link", "no code of a managed link"),
    Fact(
        "named",
        "referrer, agent, share dialog or click id name an application",
        "neither referrer, agent, share dialog nor click id name an application",
    ),
    Fact(
        "previewed",
        "an application fetched a preview of the token before",
        "no preview of the token names an application",
    ),
    Fact("campaign", "the URL has utm_ parameters", "the URL has no utm_ parameters"),
    Fact("android", "the referrer is an android-app://", "the referrer is no android-app://"),
    Fact("referrer", "there is a referrer from outside", "there is no referrer from outside"),
    Fact("in_app", "the agent is an application's browser", "the agent is an ordinary browser"),
    Fact("click", "the URL has a network's click id", "the URL has no network's click id"),
    Fact(
        "repeated",
        "the visitor had come by this token before",
        "the visitor had not come by this token before",
    ),
    Fact(
        "advertised",
        "the URL has an advertiser's click id, and the referrer is a public place",
        "no advertiser's click id beside a referrer of a public place",
    ),
)

RULES = (
    Rule("", (), ("arrived",), "internal", "what goes on is no arrival"),
    Rule(
        "own_share", ("tagged", "own"), ("public",), "direct",
        "who opens the own link was not sent it by anybody",
    ),
    Rule(
        "link", ("link",), (), "campaign; dark_social where the link is a person's",
        "the owner made the link and knows what it is for",
    ),
    Rule(
        "preview", ("valid", "previewed"), ("public", "named"),
        "dark_social; social where the application posts in public",
        "the token shows that the link was passed on, the preview in which application",
    ),
    Rule(
        "token", ("valid",), ("public",),
        "dark_social; social where it was shared in the dialog of a social network",
        "the link was made by an act of sharing",
    ),
    Rule("campaign", ("campaign",), (), "campaign", "the owner tagged the link"),
    Rule(
        "android_app", ("android",), ("advertised",), "by the application",
        "the application says so itself",
    ),
    Rule(
        "referrer", ("referrer",), ("advertised",), "by the referrer",
        "the browser says where the link was",
    ),
    Rule(
        "in_app", ("in_app",), ("advertised",), "by the application",
        "the page was opened inside it",
    ),
    Rule(
        "click_id", ("click",), (), "social; campaign for mailings and advertisements",
        "the network put its id into the link",
    ),
    Rule("model", (), (), "direct", "nothing says how the visitor came"),
)  # fmt: skip

BITS = {fact.name: 1 << place for place, fact in enumerate(FACTS)}


def mask(names: tuple[str, ...]) -> int:
    """Return the bits of the named facts."""
    return sum(BITS[name] for name in names)


def holds(rule: Rule, facts: int) -> bool:
    """Whether a rule holds for the facts of a visit."""
    wanted = mask(rule.needs)
    return facts & (wanted | mask(rule.excludes)) == wanted


def decide(facts: int) -> Rule:
    """Return the first rule that holds; the last one always does."""
    return next(rule for rule in RULES if holds(rule, facts))


# Whose dialogs for sharing a page post it in public.
PUBLIC_DIALOGS = ("X", "LinkedIn", "Facebook", "Reddit", "Pinterest", "Tumblr", "XING")

# Which channel a kind of place belongs to, as referrers, agents, click ids and links name it; all
# others are dark social.
CHANNEL_OF = {
    "social": "social",
    "search": "search",
    "ai": "ai",
    "referral": "referral",
    "campaign": "campaign",
    "newsletter": "campaign",
    "qr": "campaign",
    "ad": "campaign",
}

# A mailing brings the click id of the service that sent it.
CLICK_CHANNEL_OF = CHANNEL_OF | {"email": "campaign"}

# The channel of what a rule decides alone, without looking at the kind of place.
RULE_CHANNEL_OF = {
    "": "internal",
    "own_share": "direct",
    "preview": "dark_social",
    "token": "dark_social",
    "campaign": "campaign",
    "model": "direct",
}

NUMBERS = {rule.evidence or "internal": number for number, rule in enumerate(RULES)}


def conditions() -> str:
    """Return the rules as what stands in a `multiIf`: by the column `facts`, the rule's number."""
    parts = [
        f"bitAnd(facts, {mask(rule.needs) | mask(rule.excludes)}) = {mask(rule.needs)}, {number}"
        for number, rule in enumerate(RULES[:-1])
    ]
    return ",\n        ".join([*parts, str(len(RULES) - 1)])
