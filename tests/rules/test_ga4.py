"""GA4's channel over all combinations of what its rules look at, beside a second reading of them.

The rules of support.google.com/analytics/answer/9756891 once more, in their order and as plain
conditions; the lists of sources are shared with the code, everything else is not.
"""

from __future__ import annotations

import itertools
import re

import pytest

from darksocial.rules import channels, data

SOURCES = (
    "(direct)",
    "google",
    "bing.com",
    "facebook",
    "l.facebook.com",
    "t.co",
    "youtube.com",
    "netflix",
    "amazon",
    "etsy.com",
    "email",
    "e-mail",
    "e_mail",
    "e mail",
    "sms",
    "firebase",
    "newsletter",
    "Google",
    "",
)
MEDIUMS = (
    "(none)",
    "(not set)",
    "",
    "cpc",
    "CPC",
    "ppc",
    "cpm",
    "cpv",
    "retargeting",
    "xretargeting",
    "paid",
    "paid_social",
    "unpaid",
    "ppcx",
    "organic",
    "referral",
    "app",
    "link",
    "links",
    "social",
    "social-network",
    "social-media",
    "sm",
    "social network",
    "social media",
    "socialx",
    "video",
    "videos",
    "my video ad",
    "display",
    "banner",
    "expandable",
    "interstitial",
    "email",
    "e-mail",
    "e_mail",
    "e mail",
    "emails",
    "affiliate",
    "affiliates",
    "audio",
    "sms",
    "push",
    "web-push",
    "pushed",
    "mobile",
    "mobile-web",
    "notification",
    "x-notifications",
    "ai-assistant",
)
CAMPAIGNS = (
    "",
    "spring",
    "cross-network",
    "Spring Cross-Network 1",
    "shopping",
    "Shop",
    "eshop",
    "e-shop",
    "workshop",
    "barbershop sale",
)

_LISTED = {
    source: category
    for category, listed in data.load("ga4_sources.json")["sources"].items()
    for source in listed
}


def published(source: str, medium: str, campaign: str) -> str:
    """Return the first channel whose published condition holds."""
    listed = _LISTED.get(source)
    paid = bool(re.search(r"^(.*cp.*|ppc|retargeting|paid.*)$", medium))
    shopping = listed == "shopping" or bool(
        re.search(r"^(.*(([^a-df-z]|^)shop|shopping).*)$", campaign)
    )
    mail = ("email", "e-mail", "e_mail", "e mail")
    social = {"social", "social-network", "social-media", "sm", "social network", "social media"}
    conditions = {
        "Direct": source == "(direct)" and medium in {"(not set)", "(none)"},
        "Cross-network": campaign.find("cross-network") >= 0,
        "AI Assistant": medium == "ai-assistant",
        "Paid Shopping": shopping and paid,
        "Paid Search": listed == "search" and paid,
        "Paid Social": listed == "social" and paid,
        "Paid Video": listed == "video" and paid,
        "Display": medium in {"display", "banner", "expandable", "interstitial", "cpm"},
        "Paid Other": paid,
        "Organic Shopping": shopping,
        "Organic Social": listed == "social" or medium in social,
        "Organic Video": listed == "video" or bool(re.search(r"^(.*video.*)$", medium)),
        "Organic Search": listed == "search" or medium == "organic",
        "Referral": medium in {"referral", "app", "link"},
        "Email": source in mail or medium in mail,
        "Affiliates": medium == "affiliate",
        "Audio": medium == "audio",
        "SMS": source == "sms" or medium == "sms",
        "Mobile Push Notifications": bool(re.search(r"push$", medium))
        or bool(re.search(r"mobile|notification", medium))
        or source == "firebase",
    }
    return next((name for name, holds in conditions.items() if holds), "Unassigned")


@pytest.mark.parametrize("source", SOURCES)
def test_every_combination_is_as_published(source: str) -> None:
    different = []
    for medium, campaign in itertools.product(MEDIUMS, CAMPAIGNS):
        if not (source or medium or campaign):
            continue
        set_ = (source or "(not set)").lower(), (medium or "(not set)").lower(), campaign.lower()
        found = channels.ga4_channel(source, medium, campaign)
        if found != published(*set_):
            different.append((medium, campaign, found, published(*set_)))
    assert different == []


def test_the_published_sources_are_all_there() -> None:
    """819 rows in Google's table of source categories."""
    listed = data.load("ga4_sources.json")["sources"]
    assert {kind: len(sources) for kind, sources in listed.items()} == {
        "search": 131,
        "shopping": 52,
        "social": 590,
        "video": 46,
    }
