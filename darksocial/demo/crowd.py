"""Who comes to the demo site in the example traffic: agents, referrers, ways in."""

from __future__ import annotations

from dataclasses import dataclass

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) "
_ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
_GALAXY = (
    "Mozilla/5.0 (Linux; Android 14; SM-S921B; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36"
)
_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko)"
)

DESKTOP = (
    _WINDOWS + "Chrome/142.0.0.0 Safari/537.36",
    _WINDOWS + "Chrome/141.0.0.0 Safari/537.36",
    _WINDOWS + "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    _MAC + "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    _MAC + "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
)
ANDROID = (
    _ANDROID + "Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
)
IPHONE = (
    _IPHONE + " Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
)
MOBILE = ANDROID + IPHONE + IPHONE
EVERYBODY = DESKTOP + MOBILE

IN_MESSENGERS = (
    _GALAXY + " Telegram-Android/11.9.1 (Samsung SM-S921B; Android 14; SDK 34; HIGH)",
    _GALAXY + " Line/15.4.1/IAB",
    _IPHONE + " Mobile/15E148 [FBAN/MessengerForiOS;FBAV/485.0.0.36.110;FBDV/iPhone15,2]",
    _GALAXY + " [FB_IAB/Orca-Android;FBAV/485.0.0.70.109;]",
    _GALAXY + " MicroMessenger/8.0.50.2701(0x28003265) NetType/WIFI Language/de",
)
IN_NETWORKS = (
    _IPHONE + " Mobile/22G86 Instagram 402.0.0.31.102 (iPhone15,2; iOS 18_6; de_DE; de)",
    _GALAXY + " Instagram 402.0.0.45.104 Android (34/14; 480dpi; 1080x2117; samsung; SM-S921B)",
    _IPHONE + " Mobile/15E148 [FBAN/FBIOS;FBAV/533.0.0.41.89;FBDV/iPhone15,2;FBLC/de_DE]",
    _GALAXY + " [FB_IAB/FB4A;FBAV/533.0.0.46.101;]",
    _GALAXY + " [LinkedInApp]/4.1.1013",
    _IPHONE + " Mobile/15E148 musical_ly_38.6.0 JsSdk/2.0 NetType/WIFI Region/DE",
)
BOTS = (
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; "
    "+http://www.google.com/bot.html) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; "
    "+http://www.bing.com/bingbot.htm) Chrome/136.0.0.0 Safari/537.36",
)
PREVIEWS = (
    "WhatsApp/2.25.32.75 A",
    "WhatsApp/2.25.32.75 i",
    "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
)

# Networks as the tracker writes them: truncated, and from the ranges reserved for examples.
NETWORKS = ("192.0.0.0/16", "198.51.0.0/16", "203.0.0.0/16", "2001:db8::/48", "2001:db8:1::/48")


@dataclass(frozen=True, slots=True)
class Way:
    """One way of coming in: how often, who, from where, and where to.

    `pages` is front (home and sections) or articles; `query` is what the address carries.
    """

    name: str
    weight: int
    agents: tuple[str, ...]
    referrers: tuple[str, ...] = ("",)
    pages: str = "articles"
    query: str = ""


WAYS = (
    Way("typed", 170, EVERYBODY, pages="front"),
    Way("bookmarked", 60, DESKTOP, pages="front"),
    Way(
        "search",
        230,
        EVERYBODY,
        (
            "https://www.google.com/",
            "https://www.google.de/",
            "https://www.bing.com/",
            "https://duckduckgo.com/",
            "https://www.ecosia.org/",
        ),
    ),
    Way(
        "network",
        80,
        EVERYBODY,
        (
            "https://www.facebook.com/",
            "https://l.facebook.com/",
            "https://www.linkedin.com/",
            "https://t.co/x4TqQ0",
            "https://www.reddit.com/",
        ),
    ),
    Way("assistant", 22, DESKTOP, ("https://chatgpt.com/", "https://www.perplexity.ai/")),
    Way(
        "referral",
        60,
        EVERYBODY,
        ("https://harbour-notes.example/reading", "https://slow-travel.example/links/"),
    ),
    Way("letter", 55, EVERYBODY, query="utm_source=letter&utm_medium=email&utm_campaign=autumn"),
    Way("advertisement", 18, EVERYBODY, query="utm_source=google&utm_medium=cpc&utm_campaign=rail"),
    Way(
        "webmail",
        26,
        DESKTOP,
        (
            "https://mail.google.com/",
            "https://outlook.live.com/",
            "https://web.de/",
            "https://www.gmx.net/",
        ),
    ),
    Way(
        "web messenger",
        22,
        DESKTOP,
        (
            "https://web.whatsapp.com/",
            "https://web.telegram.org/",
            "https://teams.microsoft.com/",
            "https://app.slack.com/",
        ),
    ),
    Way(
        "android application",
        18,
        ANDROID,
        ("android-app://com.google.android.gm/", "android-app://org.telegram.messenger/"),
    ),
    Way("in a messenger", 62, IN_MESSENGERS),
    Way("in a network's application", 52, IN_NETWORKS),
    Way("click id", 14, MOBILE, query="fbclid=IwY2xjawNExample0nly"),
    Way("untold", 70, EVERYBODY),
)


@dataclass(frozen=True, slots=True)
class Promoted:
    """A managed link of the demo site; `day` is how many arrivals it brings on a day."""

    label: str
    kind: str
    path: str
    day: float
    agents: tuple[str, ...]


PROMOTED = (
    Promoted("Saturday letter", "newsletter", "/city/bakeries-at-three", 9.0, EVERYBODY),
    Promoted("An ambassador (example)", "person", "/sea/a-year-of-cold-water", 6.0, MOBILE),
    Promoted("Poster at the harbour station", "qr", "/city/night-train", 4.0, MOBILE),
)
