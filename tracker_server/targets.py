"""Where a share link leads: the application behind a share dialog's host or a link's scheme."""

from __future__ import annotations

from darksocial.rules import referrers

# Schemes of share links, each under the name that the rules know the application by; e-mail and
# text messages open whatever program the visitor has.
SCHEMES = {
    "mailto:": "E-mail",
    "sms:": "SMS",
    "whatsapp:": "WhatsApp",
    "tg:": "Telegram",
    "fb-messenger:": "Messenger",
    "line:": "LINE",
    "viber:": "Viber",
    "sgnl:": "Signal",
    "threema:": "Threema",
    "skype:": "Skype",
    "msteams:": "Microsoft Teams",
    "slack:": "Slack",
    "kakaolink:": "KakaoTalk",
    "weixin:": "WeChat",
    "wechat:": "WeChat",
    "twitter:": "X",
    "fb:": "Facebook",
}


def application_of(target: str) -> str:
    """Return the application of a host (`wa.me`) or scheme (`viber:`), or the target itself.

    An unknown target stays as it is: a new messenger shows under its host until it has a name.
    """
    if target.endswith(":"):
        return SCHEMES.get(target.lower(), target)
    return referrers.resolve(f"https://{target}/").application or target
