"""Channels: GA4's default channel group row by row, and what evidence means for ours.

The rows of GA4 follow support.google.com/analytics/answer/9756891, condition by condition.
"""

from __future__ import annotations

import pytest

from darksocial.model import APPLICATION_KINDS, CHANNELS, REFERRER_KINDS
from darksocial.rules import agents, channels, data, referrers, urls

GA4_NAMES = {
    "Direct",
    "Cross-network",
    "AI Assistant",
    "Paid Shopping",
    "Paid Search",
    "Paid Social",
    "Paid Video",
    "Display",
    "Paid Other",
    "Organic Shopping",
    "Organic Social",
    "Organic Video",
    "Organic Search",
    "Referral",
    "Email",
    "Affiliates",
    "Audio",
    "SMS",
    "Mobile Push Notifications",
}


@pytest.mark.parametrize(
    ("source", "medium", "campaign", "channel"),
    [
        ("", "", "", "Direct"),
        ("(direct)", "(none)", "", "Direct"),
        ("(direct)", "(not set)", "", "Direct"),
        ("(direct)", "web", "", "Unassigned"),
        ("", "", "spring", "Unassigned"),
        ("google", "cpc", "Cross-Network spring", "Cross-network"),
        ("chatgpt.com", "ai-assistant", "(ai-assistant)", "AI Assistant"),
        ("amazon", "cpc", "", "Paid Shopping"),
        ("newsletter", "ppc", "shop 2024", "Paid Shopping"),
        ("newsletter", "ppc", "e-shop", "Paid Shopping"),
        ("newsletter", "ppc", "eshop", "Paid Shopping"),
        ("newsletter", "ppc", "workshop", "Paid Other"),
        ("newsletter", "ppc", "workshopping", "Paid Shopping"),
        ("google", "cpc", "", "Paid Search"),
        ("GOOGLE", "CPC", "", "Paid Search"),
        ("bing", "ppc", "", "Paid Search"),
        ("yahoo", "paidsearch", "", "Paid Search"),
        ("duckduckgo", "retargeting", "", "Paid Search"),
        ("facebook", "cpc", "", "Paid Social"),
        ("ig", "paid_social", "", "Paid Social"),
        ("fb", "paid", "", "Paid Social"),
        ("linkedin", "cpm", "", "Paid Social"),
        ("youtube", "cpv-cp", "", "Paid Video"),
        ("vimeo.com", "paid", "", "Paid Video"),
        ("example", "display", "", "Display"),
        ("example", "banner", "", "Display"),
        ("example", "expandable", "", "Display"),
        ("example", "interstitial", "", "Display"),
        ("example", "cpm", "", "Display"),
        ("facebook", "display", "", "Display"),
        ("example", "cpc", "", "Paid Other"),
        ("example", "ecpc2", "", "Paid Other"),
        ("example", "retargeting", "", "Paid Other"),
        ("example", "re-retargeting", "", "Unassigned"),
        ("example", "unpaid", "", "Unassigned"),
        ("etsy.com", "referral", "", "Organic Shopping"),
        ("example", "organic", "shopping free listings", "Organic Shopping"),
        ("facebook", "referral", "", "Organic Social"),
        ("t.co", "referral", "", "Organic Social"),
        ("whatsapp", "", "", "Organic Social"),
        ("example", "social", "", "Organic Social"),
        ("example", "social-network", "", "Organic Social"),
        ("example", "social-media", "", "Organic Social"),
        ("example", "sm", "", "Organic Social"),
        ("example", "social network", "", "Organic Social"),
        ("example", "social media", "", "Organic Social"),
        ("example", "socials", "", "Unassigned"),
        ("youtube.com", "referral", "", "Organic Video"),
        ("example", "my-video-ads", "", "Organic Video"),
        ("google", "organic", "", "Organic Search"),
        ("bing", "referral", "", "Organic Search"),
        ("example", "organic", "", "Organic Search"),
        ("example", "referral", "", "Referral"),
        ("example", "app", "", "Referral"),
        ("example", "link", "", "Referral"),
        ("newsletter", "email", "", "Email"),
        ("newsletter", "e-mail", "", "Email"),
        ("newsletter", "e_mail", "", "Email"),
        ("newsletter", "e mail", "", "Email"),
        ("email", "newsletter", "", "Email"),
        ("newsletter", "newsletter", "", "Unassigned"),
        ("example", "affiliate", "", "Affiliates"),
        ("example", "affiliates", "", "Unassigned"),
        ("example", "audio", "", "Audio"),
        ("sms", "text", "", "SMS"),
        ("example", "sms", "", "SMS"),
        ("example", "webpush", "", "Mobile Push Notifications"),
        ("example", "push", "", "Mobile Push Notifications"),
        ("example", "pushed", "", "Unassigned"),
        ("example", "in-mobile-app", "", "Mobile Push Notifications"),
        ("example", "notification", "", "Mobile Push Notifications"),
        ("firebase", "anything", "", "Mobile Push Notifications"),
        ("example", "qr", "", "Unassigned"),
        ("example", "", "", "Unassigned"),
        ("", "email", "", "Email"),
    ],
)
def test_ga4_from_campaign_parameters(
    source: str, medium: str, campaign: str, channel: str
) -> None:
    assert channels.ga4_channel(source, medium, campaign) == channel


@pytest.mark.parametrize(
    ("referrer", "channel"),
    [
        ("", "Direct"),
        ("about:blank", "Direct"),
        ("https://www.google.de/", "Organic Search"),
        ("https://www.ecosia.org/", "Organic Search"),
        ("https://search.brave.com/", "Organic Search"),
        ("https://www.facebook.com/", "Organic Social"),
        ("https://l.instagram.com/", "Organic Social"),
        ("https://t.co/x", "Organic Social"),
        ("https://news.ycombinator.com/", "Organic Social"),
        ("https://www.youtube.com/", "Organic Video"),
        ("https://www.amazon.com/", "Organic Shopping"),
        ("https://chatgpt.com/", "AI Assistant"),
        ("https://claude.ai/", "AI Assistant"),
        # What is not on Google's list is a referral to it, be it as social as it may.
        ("https://bsky.app/", "Referral"),
        ("https://web.whatsapp.com/", "Referral"),
        ("https://teams.microsoft.com/", "Referral"),
        ("https://navigator.gmx.net/", "Referral"),
        # Google lists its own webmail among the search engines.
        ("https://mail.google.com/", "Organic Search"),
        ("https://heise.de/", "Referral"),
        ("android-app://com.google.android.googlequicksearchbox/", "Referral"),
        ("android-app://com.google.android.gm/", "Referral"),
    ],
)
def test_ga4_from_the_referrer(referrer: str, channel: str) -> None:
    assert channels.ga4_channel("", "", "", referrers.resolve(referrer)) == channel


@pytest.mark.parametrize(
    ("url", "referrer", "channel"),
    [
        ("https://example.com/?gclid=x", "https://www.google.com/", "Paid Search"),
        ("https://example.com/?gclid=x", "", "Paid Search"),
        ("https://example.com/?gclid=x&utm_source=fb&utm_medium=social", "", "Paid Search"),
        ("https://example.com/?wbraid=x&utm_campaign=shop", "", "Paid Shopping"),
        ("https://example.com/?dclid=x", "", "Display"),
        ("https://example.com/?dclid=x&utm_source=a&utm_medium=email", "", "Email"),
        ("https://example.com/?msclkid=x", "https://www.bing.com/", "Organic Search"),
        ("https://example.com/?fbclid=x", "", "Direct"),
        ("https://example.com/?fbclid=x", "https://l.facebook.com/", "Organic Social"),
        ("https://example.com/?utm_medium=email", "https://www.google.com/", "Email"),
        ("https://example.com/?utm_source=x", "https://www.google.com/", "Unassigned"),
    ],
)
def test_ga4_from_a_landing(url: str, referrer: str, channel: str) -> None:
    campaign = urls.campaign(url)
    found = channels.ga4_channel(
        campaign.source,
        campaign.medium,
        campaign.campaign,
        referrers.resolve(referrer),
        campaign.ad_click,
    )
    assert found == channel


def test_ga4_has_these_channels() -> None:
    assert channels.GA4[0][0] == "Direct"
    assert {name for name, _ in channels.GA4} == GA4_NAMES


def test_ga4_knows_the_published_sources() -> None:
    sources = data.load("ga4_sources.json")["sources"]
    listed = [source for names in sources.values() for source in names]
    assert len(listed) == len(set(listed)) == 819
    assert all(source == source.lower() for source in listed)


@pytest.mark.parametrize(
    ("agent", "channel"),
    [
        ("… Mobile/15E148 KAKAOTALK 10.3.1", "dark_social"),
        ("Mozilla/5.0 (X11; Linux) Gecko/20100101 Thunderbird/24.2.0", "dark_social"),
        ("… Mobile Safari/537.36 [LinkedInApp]/2.200.63", "social"),
        ("… Mobile Safari/537.36 MetaIAB Facebook", "social"),
        ("… GSA/334.0.674067880 Mobile/15E148 Safari/604.1", "search"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 7_0_4 like Mac OS X) AppleWebKit/537.51.1 "
            "(KHTML, like Gecko) Mobile/11B554a",
            "dark_social",
        ),
        ("WhatsApp/2.23.20.0 A", None),
        ("curl/8.5.0", None),
        ("Opera/9.80 (X11; Linux x86_64) Presto/2.12.388 Version/12.16", None),
    ],
)
def test_an_agent_is_evidence_for_a_channel(agent: str, channel: str | None) -> None:
    assert channels.agent_channel(agents.resolve(agent)) == channel


@pytest.mark.parametrize(
    ("referrer", "channel"),
    [
        ("https://web.whatsapp.com/", "dark_social"),
        ("https://navigator.gmx.net/", "dark_social"),
        ("https://docs.google.com/", "dark_social"),
        ("https://www.facebook.com/", "social"),
        ("https://www.google.com/", "search"),
        ("https://chatgpt.com/", "ai"),
        ("https://heise.de/", "referral"),
        ("android-app://com.Slack/", "dark_social"),
        ("android-app://org.example/", "referral"),
        ("", None),
    ],
)
def test_a_referrer_is_evidence_for_a_channel(referrer: str, channel: str | None) -> None:
    assert channels.referrer_channel(referrers.resolve(referrer)) == channel


@pytest.mark.parametrize(
    ("parameter", "channel"),
    [("fbclid", "social"), ("igsh", "social"), ("mc_cid", "campaign"), ("gclid", "campaign")],
)
def test_a_click_id_is_evidence_for_a_channel(parameter: str, channel: str) -> None:
    click = urls.click_id(f"https://example.com/?{parameter}=x")
    assert click is not None
    assert channels.click_channel(click) == channel


def test_every_kind_has_a_channel_of_the_vocabulary() -> None:
    kinds = {*APPLICATION_KINDS, *REFERRER_KINDS, "social", "search", "ai"}
    found = {kind: channels.application_channel(kind) for kind in kinds}
    assert set(found.values()) <= set(CHANNELS)
    dark = {kind for kind, channel in found.items() if channel == "dark_social"}
    assert dark == {"messenger", "email", "app", "document", "unknown"}
