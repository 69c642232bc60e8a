"""Applications through which links are passed on, and what each leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

_GALAXY = (
    "Mozilla/5.0 (Linux; Android 14; SM-S921B; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36"
)
_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko)"
)
_IMESSAGE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
    "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"
)


@dataclass(frozen=True, slots=True)
class Application:
    """One way of passing a link on.

    `mobile` and `desktop` weigh how often sharers on such devices use it; `reader` is the part
    of recipients on a handheld. `fan` multiplies the audience, `minutes` is the median delay
    and `spread` its sigma. `in_app` is the probability that a handheld recipient opens it in
    the application's own browser, `shows` that one on a desktop sends `referrer`, `package`
    that one on Android sends `android`. `preview` is the agent that fetches the page for a
    picture; `by_sender` where the sender's device does so, so that no cache answers.
    """

    name: str
    kind: str
    mobile: float
    desktop: float
    reader: float
    fan: float = 1.0
    minutes: float = 40.0
    spread: float = 1.5
    in_app: float = 0.0
    agents: tuple[str, ...] = ()
    shows: float = 0.0
    referrer: str = ""
    package: float = 0.0
    android: str = ""
    preview: str = ""
    by_sender: bool = False


# fmt: off
APPLICATIONS = (
    Application(
        "WhatsApp", "messenger", 36, 9, 0.88, 1.3, 25, 1.6, shows=0.4,
        referrer="https://web.whatsapp.com/", package=0.03, android="android-app://com.whatsapp/",
        preview="WhatsApp/2.25.32.75 A", by_sender=True,
    ),
    Application(
        "Telegram", "messenger", 7, 4, 0.8, 2.5, 30, 1.7, 0.3,
        (f"{_GALAXY} Telegram-Android/11.9.1 (Samsung SM-S921B; Android 14; SDK 34; HIGH)",),
        0.35, "https://web.telegram.org/", 0.05, "android-app://org.telegram.messenger/",
        "TelegramBot (like TwitterBot)",
    ),
    Application(
        "Messenger", "messenger", 9, 3, 0.85, 1.0, 60, 1.6, 0.65,
        (
            f"{_IPHONE} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/485.0.0.36.110;FBDV/iPhone15,2]",
            f"{_GALAXY} [FB_IAB/Orca-Android;FBAV/485.0.0.70.109;]",
        ),
        0.5, "https://www.messenger.com/",
        preview="facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    ),
    Application(
        "Signal", "messenger", 5, 2, 0.8, 1.0, 30, 1.5, preview="WhatsApp/2", by_sender=True
    ),
    Application(
        "iMessage", "messenger", 10, 3, 0.85, 0.8, 20, 1.5, preview=_IMESSAGE, by_sender=True
    ),
    Application("SMS", "messenger", 3, 0.3, 0.99, 0.6, 30, 1.5),
    Application(
        "LINE", "messenger", 1, 0.3, 0.95, 1.2, 40, 1.5, 0.8,
        (f"{_GALAXY} Line/15.4.1/IAB",), preview="facebookexternalhit/1.1;line-poker/1.0",
    ),
    Application(
        "Slack", "messenger", 2, 11, 0.2, 2.2, 35, 1.8, shows=0.15,
        referrer="https://app.slack.com/",
        preview="Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    ),
    Application(
        "Microsoft Teams", "messenger", 1.5, 10, 0.15, 2.0, 45, 1.8, shows=0.25,
        referrer="https://statics.teams.cdn.office.net/",
        preview="Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    ),
    Application(
        "Discord", "messenger", 1.5, 3, 0.45, 2.5, 30, 1.7, shows=0.2,
        referrer="https://discord.com/",
        preview="Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    ),
    Application(
        "Gmail", "email", 5, 14, 0.5, 1.1, 240, 1.9, shows=0.2,
        referrer="https://mail.google.com/", package=0.15,
        android="android-app://com.google.android.gm/",
    ),
    Application(
        "GMX", "email", 2, 6, 0.45, 1.0, 300, 1.9, shows=0.6, referrer="https://deref-gmx.net/"
    ),
    Application(
        "Outlook", "email", 2, 14, 0.2, 1.5, 180, 1.9, shows=0.08,
        referrer="https://outlook.live.com/",
    ),
    Application("Apple Mail", "email", 4, 4, 0.7, 1.1, 240, 1.9),
    Application(
        "Google Docs", "document", 0.3, 3, 0.1, 1.5, 1400, 2.2, shows=0.5,
        referrer="https://docs.google.com/document/",
    ),
    Application(
        "Notion", "document", 0.2, 2, 0.1, 1.5, 2000, 2.2, shows=0.5,
        referrer="https://www.notion.so/",
    ),
    Application("a document", "document", 0.3, 3, 0.15, 2.0, 2500, 2.2),
    Application(
        "Instagram", "app", 5, 0.3, 0.98, 0.9, 50, 1.6, 0.7,
        (f"{_IPHONE} Mobile/22G86 Instagram 402.0.0.31.102 (iPhone15,2; iOS 18_6; de_DE; de)",),
    ),
    Application("another application", "unknown", 5, 4, 0.6, 1.0, 90, 1.9),
)
# fmt: on
NAMES = tuple(application.name for application in APPLICATIONS)
