"""The nouns and their closed vocabularies.

Others filter on these exact words, so they change only with a major version.
Unknown is `None` in Python and the empty string in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field

KINDS = (
    "pageview",
    "share",
    "click",
    "pixel",
    "preview",
    "engagement",
    "interaction",
    "conversion",
    "survey",
)

# A token carries the position of its method in this tuple: append, never reorder.
METHODS = (
    "copy",
    "copy_button",
    "share_sheet",
    "share_link",
    "context_menu",
    "drag",
    "print",
    "qr",
    "address_bar",
    "link",
)

NAVIGATIONS = ("navigate", "reload", "back_forward", "prerender")
FETCH_SITES = ("none", "same-origin", "same-site", "cross-site")
ANSWERS = ("shared", "typed", "bookmark", "other")

CHANNELS = (
    "direct",
    "dark_social",
    "social",
    "search",
    "ai",
    "referral",
    "campaign",
    "internal",
)

EVIDENCE = (
    "token",
    "link",
    "own_share",
    "preview",
    "referrer",
    "android_app",
    "in_app",
    "click_id",
    "campaign",
    "survey",
    "model",
)

APPLICATION_KINDS = ("messenger", "email", "app", "document", "unknown")
AGENT_KINDS = ("browser", "in_app", "preview", "assistant", "feed", "bot")
REFERRER_KINDS = ("messenger", "email", "social", "search", "ai", "document", "referral")

LINK_KINDS = ("campaign", "newsletter", "person", "qr")

# 30 quiet minutes end a visit, as in Google Analytics and Matomo.
VISIT_GAP_SECONDS = 1800

EXAMPLE_SOURCE = "example"


@dataclass(frozen=True, slots=True)
class Site:
    """A web site that is measured.

    `key` is the public key in the snippet tag; it also salts the site's tokens.
    A host counts as the site's own where it equals one of `hosts` or is a subdomain of one.
    """

    name: str
    key: str
    hosts: tuple[str, ...]
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Link:
    """A managed link: `/r/<code>` leads to `destination` on its site.

    It leads nowhere while it is `disabled`, and after `expires` (seconds since 1970, 0 for never).
    """

    code: str
    site: str
    destination: str
    kind: str = "campaign"
    label: str = ""
    number: int = 0
    expires: int = 0
    disabled: bool = False

    def live(self, now: float) -> bool:
        """Return whether it leads somewhere at a time (seconds since 1970)."""
        return not self.disabled and not 0 < self.expires <= now


@dataclass(frozen=True, slots=True)
class Hit:
    """One recorded request, as it arrived: interpreted later, in the drain.

    `id` has 63 bits and sorts by time; `ts` and `recorded` are milliseconds since 1970 in UTC.
    `visitor` is a 64-bit hash, 0 where nothing is known. `hints` is what the browser's client hints
    say beyond its agent, as `rules.headers` condenses them.
    Texts are empty where nothing is known; `returning` and `url_seen` are "", "0" or "1".
    """

    id: int
    ts: int
    kind: str
    site: str
    recorded: int = 0
    visitor: int = 0
    url: str = ""
    referrer: str = ""
    user_agent: str = ""
    hints: str = ""
    token: str = ""
    parent: str = ""
    method: str = ""
    code: str = ""
    navigation: str = ""
    fetch_site: str = ""
    returning: str = ""
    url_seen: str = ""
    name: str = ""
    value: float = 0.0
    currency: str = ""
    answer: str = ""
    network: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class TokenParts:
    """What a share token says of itself: how and in which hour (UTC) it was minted."""

    method: str
    hour: int
    random: int = field(repr=False, default=0)
