"""What the console calls things: one place for the words of closed vocabularies and numbers."""

from __future__ import annotations

from datetime import date

CHANNELS = {
    "direct": "Direct",
    "dark_social": "Dark social",
    "social": "Social networks",
    "search": "Search",
    "ai": "AI assistants",
    "referral": "Referrals",
    "campaign": "Campaigns",
    "internal": "Internal",
}

# By channel and evidence where the same evidence means two things, else by evidence.
EVIDENCE = {
    ("social", "token"): "Passed on through a network's share dialog",
    ("dark_social", "link"): "A person's managed link",
    ("social", "in_app"): "Opened in a social network's application",
    ("search", "in_app"): "Opened in a search application",
    ("ai", "in_app"): "Opened in an assistant's application",
    "token": "The link carried a share token",
    "link": "A managed link: campaign, newsletter or QR code",
    "own_share": "The sharer opened their own link",
    "preview": "A messenger had fetched a preview of the link",
    "referrer": "The referrer named the service",
    "android_app": "An Android application opened the link",
    "in_app": "Opened in a messenger's or mail program's own browser",
    "click_id": "The address carried a network's click id",
    "campaign": "The address carried campaign parameters",
    "survey": "The visitor said so",
    "model": "No token or other evidence; stays direct",
}

# How the overview's sentence goes on after the number.
IN_SENTENCES = {
    "token": "arrived with a share token",
    "link": "came through a person's link",
    "in_app": "opened in an application's own browser",
    "referrer": "came from a messenger, mail service or document",
    "android_app": "came from an Android application",
    "preview": "followed a preview in a messenger",
    "click_id": "carried a click id",
    "survey": "were named by the visitors themselves",
}

LINK_KINDS = {
    "campaign": "Campaign",
    "newsletter": "Newsletter",
    "person": "Person",
    "qr": "QR code",
}

REFUSALS = {
    "do-not-track": "The browser asked not to be tracked",
    "unknown-code": "A short link that does not exist",
    "unknown-site": "A key that belongs to no site",
    "foreign-host": "A page on a host that is not the site's",
    "bad-json": "Not readable as JSON",
    "bad-batch": "A batch that is not in the snippet's form",
    "bad-event": "An event that is not in the snippet's form",
    "bad-id": "An event without a usable id",
    "bad-url": "A page address that is none of the web",
    "long-url": "A page address that is too long",
    "bad-kind": "A kind of event that does not exist",
    "too-many": "More events than a batch may have",
    "too-old": "An event older than a day",
    "disk-full": "The disk was full",
    "spool-denied": "The spool could not be written",
    "spool-failed": "The spool could not be written",
}

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def channel(word: str) -> str:
    return CHANNELS.get(word, word)


def evidence(channel: str, word: str) -> str:
    return EVIDENCE.get((channel, word)) or EVIDENCE.get(word) or word


def refusal(reason: str) -> str:
    return REFUSALS.get(reason, reason)


def link_kind(word: str) -> str:
    return LINK_KINDS.get(word, word)


def number(value: int) -> str:
    """Return a whole number with separators between thousands."""
    return f"{value:,}"


def short_number(value: int) -> str:
    """Return a round number in a few characters, for an axis."""
    if value >= 1_000_000 and value % 100_000 == 0:
        return f"{value / 1_000_000:g}M"
    return f"{value // 1000}k" if value >= 10_000 and value % 1000 == 0 else number(value)


def counted(value: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number(value)} {one if value == 1 else many}"


def percent(part: int, whole: int) -> str:
    """Return a part in per cent; neither nothing nor everything is ever rounded to."""
    if not whole:
        return ""
    value = 100 * part / whole
    if part and value < 1:
        return "<1%"
    if part < whole and value > 99:
        return ">99%"
    return f"{value:.0f}%"


def day(value: date) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]}"


def month(value: date) -> str:
    return f"{_MONTHS[value.month - 1]} {value.year}"


def listed(parts: list[str]) -> str:
    """Return parts as one enumeration."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
