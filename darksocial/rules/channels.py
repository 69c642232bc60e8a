"""Channels: what GA4 would report of a visit, and what the evidence of it says.

GA4's default channel group follows support.google.com/analytics/answer/9756891: an ordered
list of conditions on source, medium and campaign, in which the first that holds decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from darksocial.rules.agents import Agent
from darksocial.rules.referrers import Referrer
from darksocial.rules.urls import ClickId

_PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
_SHOPPING_CAMPAIGN = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
_VIDEO = re.compile(r"^(.*video.*)$")
_SOCIAL_MEDIA = {"social", "social-network", "social-media", "sm", "social network", "social media"}
_DISPLAY = {"display", "banner", "expandable", "interstitial", "cpm"}
_EMAIL = {"email", "e-mail", "e_mail", "e mail"}


@dataclass(frozen=True, slots=True)
class Traffic:
    """Source, medium and campaign as GA4 has them, in lower case, and the source's category."""

    source: str
    medium: str
    campaign: str
    category: str


Condition = Callable[[Traffic], bool]

GA4: tuple[tuple[str, Condition], ...] = (
    (
        "Direct",
        lambda t: t.source in ("", "(direct)") and t.medium in ("", "(not set)", "(none)"),
    ),
    ("Cross-network", lambda t: "cross-network" in t.campaign),
    (
        "Paid Shopping",
        lambda t: (
            (t.category == "shopping" or bool(_SHOPPING_CAMPAIGN.match(t.campaign))) and _paid(t)
        ),
    ),
    ("Paid Search", lambda t: t.category == "search" and _paid(t)),
    ("Paid Social", lambda t: t.category == "social" and _paid(t)),
    ("Paid Video", lambda t: t.category == "video" and _paid(t)),
    ("Display", lambda t: t.medium in _DISPLAY),
    ("Paid Other", lambda t: _paid(t)),
    (
        "Organic Shopping",
        lambda t: t.category == "shopping" or bool(_SHOPPING_CAMPAIGN.match(t.campaign)),
    ),
    ("Organic Social", lambda t: t.category == "social" or t.medium in _SOCIAL_MEDIA),
    ("Organic Video", lambda t: t.category == "video" or bool(_VIDEO.match(t.medium))),
    ("Organic Search", lambda t: t.category == "search" or t.medium == "organic"),
    ("Referral", lambda t: t.medium in ("referral", "app", "link")),
    ("Email", lambda t: t.source in _EMAIL or t.medium in _EMAIL),
    ("Affiliates", lambda t: t.medium == "affiliate"),
    ("Audio", lambda t: t.medium == "audio"),
    ("SMS", lambda t: t.source == "sms" or t.medium == "sms"),
    (
        "Mobile Push Notifications",
        lambda t: (
            t.medium.endswith("push")
            or "mobile" in t.medium
            or "notification" in t.medium
            or t.source == "firebase"
        ),
    ),
)


def _paid(traffic: Traffic) -> bool:
    return bool(_PAID.match(traffic.medium))


def ga4_channel(
    source: str, medium: str, campaign: str, referrer: Referrer | None = None, ad_click: str = ""
) -> str:
    """Return the channel that GA4's default channel group gives."""
    source, medium, campaign = source.lower(), medium.lower(), campaign.lower()
    category = ""
    if not source and not medium and ad_click:
        source, medium, category = "google", "cpc", "search"
    elif not source and not medium and referrer is not None and referrer.kind is not None:
        category = referrer.kind
        source, medium = referrer.host, "organic" if category == "search" else "referral"
    traffic = Traffic(source, medium, campaign, category)
    return next((name for name, holds in GA4 if holds(traffic)), "Unassigned")


def agent_channel(agent: Agent) -> str | None:
    """Return the channel that an in-app agent is evidence for, or `None`."""
    if agent.kind != "in_app":
        return None
    return application_channel(agent.application_kind or "unknown")


def referrer_channel(referrer: Referrer) -> str | None:
    """Return the channel that a referrer is evidence for, or `None` where there is none."""
    return None if referrer.kind is None else application_channel(referrer.kind)


def click_channel(click: ClickId) -> str:
    """Return the channel that a click id without a referrer is evidence for."""
    return {"social": "social", "search": "search", "email": "dark_social"}.get(
        click.kind, "campaign"
    )


def application_channel(kind: str) -> str:
    """Return the channel of an application by its kind.

    Messengers, mail, documents and other applications are dark social; public networks,
    search engines and assistants are channels of their own.
    """
    return {"social": "social", "search": "search", "ai": "ai", "referral": "referral"}.get(
        kind, "dark_social"
    )
