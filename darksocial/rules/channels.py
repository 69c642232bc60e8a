"""Channels: what Google Analytics would report of a visit, and what the evidence of it says.

GA4's default channel group follows support.google.com/analytics/answer/9756891: an ordered
list of conditions on source, medium and campaign, of which the first that holds decides. Where
the published rules leave something open:

- Search engines and assistants that are recognised get the medium `organic` or `ai-assistant`.
  Google publishes neither list; ours stand in for them.
- A click of Google Ads counts as google / cpc, whatever else the URL says, and one of Google's
  marketing platform as dfa / cpm where the URL says nothing else. The network types behind them
  are known to Google alone, so Paid Video and Cross-network come from source and campaign.
- GA4 gives a direct visit the source of an earlier one. That takes cookies and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from darksocial.rules import data
from darksocial.rules.agents import Agent
from darksocial.rules.referrers import ANDROID, Referrer
from darksocial.rules.urls import ClickId

GOOGLE_ADS = ("gclid", "gbraid", "wbraid")
MARKETING_PLATFORM = "dclid"
UNASSIGNED = "Unassigned"

_PAID = re.compile(r"(.*cp.*|ppc|retargeting|paid.*)")
_SHOPPING = re.compile(r"(.*(([^a-df-z]|^)shop|shopping).*)")
_SOCIAL = ("social", "social-network", "social-media", "sm", "social network", "social media")
_EMAIL = ("email", "e-mail", "e_mail", "e mail")


@dataclass(frozen=True, slots=True)
class Traffic:
    """Where a session came from, in GA4's words and in small letters."""

    source: str
    medium: str
    campaign: str

    @property
    def category(self) -> str:
        """search, shopping, social or video, as the source is listed, or empty."""
        return _categories().get(self.source, "")

    @property
    def paid(self) -> bool:
        return _PAID.fullmatch(self.medium) is not None

    @property
    def shopping(self) -> bool:
        return self.category == "shopping" or _SHOPPING.fullmatch(self.campaign) is not None


GA4: tuple[tuple[str, Callable[[Traffic], bool]], ...] = (
    ("Direct", lambda t: t.source == "(direct)" and t.medium in ("(none)", "(not set)")),
    ("Cross-network", lambda t: "cross-network" in t.campaign),
    ("AI Assistant", lambda t: t.medium == "ai-assistant"),
    ("Paid Shopping", lambda t: t.shopping and t.paid),
    ("Paid Search", lambda t: t.category == "search" and t.paid),
    ("Paid Social", lambda t: t.category == "social" and t.paid),
    ("Paid Video", lambda t: t.category == "video" and t.paid),
    ("Display", lambda t: t.medium in ("display", "banner", "expandable", "interstitial", "cpm")),
    ("Paid Other", lambda t: t.paid),
    ("Organic Shopping", lambda t: t.shopping),
    ("Organic Social", lambda t: t.category == "social" or t.medium in _SOCIAL),
    ("Organic Video", lambda t: t.category == "video" or "video" in t.medium),
    ("Organic Search", lambda t: t.category == "search" or t.medium == "organic"),
    ("Referral", lambda t: t.medium in ("referral", "app", "link")),
    ("Email", lambda t: t.source in _EMAIL or t.medium in _EMAIL),
    ("Affiliates", lambda t: t.medium == "affiliate"),
    ("Audio", lambda t: t.medium == "audio"),
    ("SMS", lambda t: "sms" in (t.source, t.medium)),
    ("Mobile Push Notifications", lambda t: _is_push(t.medium) or t.source == "firebase"),
)


def _is_push(medium: str) -> bool:
    return medium.endswith("push") or "mobile" in medium or "notification" in medium


@cache
def _categories() -> dict[str, str]:
    sources = data.load("ga4_sources.json")["sources"]
    return {source: category for category, listed in sources.items() for source in listed}


def ga4_channel(
    source: str, medium: str, campaign: str, referrer: Referrer | None = None, ad_click: str = ""
) -> str:
    """Return the channel of GA4's default channel group.

    `source`, `medium` and `campaign` are the utm parameters, `ad_click` is the name of an
    advertising click id (`urls.campaign` gives all four); empty where the URL has none.
    """
    traffic = ga4_traffic(source, medium, campaign, referrer, ad_click)
    return next((name for name, holds in GA4 if holds(traffic)), UNASSIGNED)


def ga4_traffic(
    source: str, medium: str, campaign: str, referrer: Referrer | None = None, ad_click: str = ""
) -> Traffic:
    """Return source, medium and campaign as GA4 would set them for a landing."""
    source, medium, campaign = source.lower(), medium.lower(), campaign.lower()
    if ad_click in GOOGLE_ADS:
        return Traffic("google", "cpc", campaign)
    if source or medium or campaign:
        return Traffic(source or "(not set)", medium or "(not set)", campaign)
    if ad_click == MARKETING_PLATFORM:
        return Traffic("dfa", "cpm", "")
    if referrer is None or referrer.kind is None:
        return Traffic("(direct)", "(none)", "")
    return _referred(referrer)


def _referred(referrer: Referrer) -> Traffic:
    host = referrer.host.removeprefix("www.")
    if host.startswith(ANDROID):
        return Traffic(host.removeprefix(ANDROID), "referral", "")
    if referrer.kind == "search":
        return Traffic(host, "organic", "")
    if referrer.kind == "ai":
        return Traffic(host, "ai-assistant", "(ai-assistant)")
    return Traffic(host, "referral", "")


_OPEN = {"social": "social", "search": "search", "ai": "ai", "referral": "referral"}


def application_channel(kind: str) -> str:
    """Return the channel of an application or a referrer by its kind.

    Messengers, mail, documents and other applications are dark social; public networks,
    search engines, assistants and other web sites are channels of their own.
    """
    return _OPEN.get(kind, "dark_social")


def agent_channel(agent: Agent) -> str | None:
    """Return the channel that an agent is evidence for: `None` unless a person is in an app."""
    return application_channel(agent.application_kind or "") if agent.kind == "in_app" else None


def referrer_channel(referrer: Referrer) -> str | None:
    """Return the channel that a referrer is evidence for, or `None` where there is none."""
    return None if referrer.kind is None else application_channel(referrer.kind)


def click_channel(click: ClickId) -> str:
    """Return the channel that a click id without a referrer is evidence for.

    Those of mailings and advertisements belong to a campaign of the owner.
    """
    return "social" if click.kind == "social" else "campaign"
