"""Agents that are taken for each other: each with what it must be, and its neighbour."""

from __future__ import annotations

import pytest

import darksocial as ds
from darksocial.rules import channels

ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP2A.240905.003; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/130.0.6723.58 Mobile Safari/537.36 "
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/21G93 "
)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
MAC_SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
    "Version/9.0.1 Safari/601.2.4"
)


@pytest.mark.parametrize(
    ("agent", "kind", "application"),
    [
        # A bare WhatsApp/2 is Signal; with more of a version it is WhatsApp, in three forms.
        ("WhatsApp/2", "preview", "Signal"),
        ("WhatsApp/2.23.20.0", "preview", "WhatsApp"),
        ("WhatsApp/2.23.20.0 A", "preview", "WhatsApp"),
        ("WhatsApp/2.23.20.72 i", "preview", "WhatsApp"),
        ("WhatsApp/2.2336.9 N", "preview", "WhatsApp"),
        (CHROME.replace("Safari", "WhatsApp/2.2336.9 Safari"), "in_app", "WhatsApp"),
        # Safari with the names of two others is iMessage; each of them alone is itself.
        (f"{MAC_SAFARI} facebookexternalhit/1.1 Facebot Twitterbot/1.0", "preview", "iMessage"),
        (MAC_SAFARI, "browser", None),
        ("facebookexternalhit/1.1", "preview", "Facebook"),
        ("Facebot", "preview", "Facebook"),
        ("Twitterbot/1.0", "preview", "X"),
        # LINE and KakaoTalk inside Meta's agent.
        ("facebookexternalhit/1.1;line-poker/1.0", "preview", "LINE"),
        (
            "facebookexternalhit/1.1; kakaotalk-scrap/1.0; "
            "+https://devtalk.kakao.com/t/scrap/33984",
            "preview",
            "KakaoTalk",
        ),
        (f"{IPHONE}KAKAOTALK 8.6.3", "in_app", "KakaoTalk"),
        (f"{ANDROID}Line/12.21.1/IAB", "in_app", "LINE"),
        (CHROME.replace("Chrome/", "Online/1 Chrome/"), "browser", None),
        # MetaIAB is a person, meta-externalagent a program.
        (f"{ANDROID}MetaIAB Facebook", "in_app", "Facebook"),
        (f"{ANDROID}MetaIAB Instagram", "in_app", "Instagram"),
        ("meta-externalagent/1.1", "preview", "Facebook"),
        ("meta-externalfetcher/1.1", "assistant", "Meta AI"),
        # Google's application, Instagram on a Pixel, and Google's crawler on a Pixel.
        (f"{IPHONE}GSA/315.0.630091404 Safari/604.1", "in_app", "Google"),
        (
            f"{ANDROID}Instagram 355.1.0.44.103 Android (34/14; 420dpi; 1080x2201; Google/google; "
            "Pixel 8; shiba; shiba; en_US; 650680600)",
            "in_app",
            "Instagram",
        ),
        (
            "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, "
            "like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; "
            "+http://www.google.com/bot.html)",
            "bot",
            None,
        ),
        # Messenger before Facebook, whose marks it bears too.
        (f"{IPHONE}[FBAN/MessengerForiOS;FBAV/132.0.0.41.90]", "in_app", "Messenger"),
        (f"{IPHONE}[FBAN/FBIOS;FBAV/479.1.0.33.109]", "in_app", "Facebook"),
        # A program that shows links, and a person in the same program.
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "preview", "Slack"),
        (
            CHROME.replace("Chrome/", "Slack/4.35.126 Chrome/") + " Electron/28 Slack_SSB/4.35.126",
            "in_app",
            "Slack",
        ),
        ("TelegramBot (like TwitterBot)", "preview", "Telegram"),
        (f"{ANDROID}Telegram-Android/10.9.1 (Google Pixel 8; Android 14)", "in_app", "Telegram"),
        ("LinkedInBot/1.0 (compatible; Mozilla/5.0)", "preview", "LinkedIn"),
        (f"{ANDROID}[LinkedInApp]/4.1.881", "in_app", "LinkedIn"),
        ("Viber", "preview", "Viber"),
        (f"{ANDROID}Viber/27.4.0.0", "in_app", "Viber"),
        ("Snap URL Preview Service; bot; snapchat; https://x.example", "preview", "Snapchat"),
        (f"{IPHONE}Snapchat/12.90.0.46 (like Safari/8618.2.12.10.9, panda)", "in_app", "Snapchat"),
        ("Mozilla/5.0 (compatible; Pinterestbot/1.0)", "preview", "Pinterest"),
        (f"{ANDROID}[Pinterest/Android]", "in_app", "Pinterest"),
        # ByteDance's crawler, and people in its applications.
        ("Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)", "bot", None),
        (f"{IPHONE}musical_ly_41.0.0 JsSdk/2.0 BytedanceWebview/d8a21c6", "in_app", "TikTok"),
        # X's checker asks with HEAD and a browser's agent: no agent can tell, and none is taken.
        (CHROME, "browser", None),
        # An assistant's fetcher for a person, and its crawler.
        ("Mozilla/5.0 (compatible; ChatGPT-User/1.0)", "assistant", "ChatGPT"),
        ("Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)", "bot", None),
        ("Mozilla/5.0 (compatible; Perplexity-User/1.0)", "assistant", "Perplexity"),
        ("Mozilla/5.0 (compatible; PerplexityBot/1.0)", "bot", None),
        ("Mozilla/5.0 (compatible; Claude-User/1.0)", "assistant", "Claude"),
        ("Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", "bot", None),
        # Teams shows links under Skype's name.
        (
            "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
            "preview",
            "Microsoft Teams",
        ),
    ],
)
def test_what_is_easily_confused(agent: str, kind: str, application: str | None) -> None:
    found = ds.agent(agent)
    assert (found.kind, found.application) == (kind, application)


def test_a_public_preview_is_not_dark() -> None:
    mastodon = ds.agent("http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.social/) Bot")
    assert (mastodon.kind, mastodon.application_kind) == ("preview", "social")
    assert channels.application_channel(mastodon.application_kind or "") == "social"
    signal = ds.agent("WhatsApp/2")
    assert channels.application_channel(signal.application_kind or "") == "dark_social"
