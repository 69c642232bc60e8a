"""What things are called: one place for the words of the closed vocabularies."""

from __future__ import annotations

from functools import cache

from darksocial.texts.language import Language
from darksocial.texts.language import mark as _
from darksocial.texts.language import mark_both as _n

CHANNELS = {
    "direct": _("Direct"),
    "dark_social": _("Dark social"),
    "social": _("Social networks"),
    "search": _("Search"),
    "ai": _("AI assistants"),
    "referral": _("Referrals"),
    "campaign": _("Campaigns"),
    "internal": _("Internal"),
}

# By channel and evidence where the same evidence means two things, else by evidence.
EVIDENCE = {
    ("social", "token"): _("Passed on through a network's share dialog"),
    ("dark_social", "link"): _("A person's managed link"),
    ("social", "in_app"): _("Opened in a social network's application"),
    ("search", "in_app"): _("Opened in a search application"),
    ("ai", "in_app"): _("Opened in an assistant's application"),
    "token": _("The link carried a share token"),
    "link": _("A managed link: campaign, newsletter or QR code"),
    "own_share": _("The sharer opened their own link"),
    "preview": _("A messenger had fetched a preview of the link"),
    "referrer": _("The referrer named the service"),
    "android_app": _("An Android application opened the link"),
    "in_app": _("Opened in a messenger's or mail program's own browser"),
    "click_id": _("The address carried a network's click id"),
    "campaign": _("The address carried campaign parameters"),
    "survey": _("The visitor said so"),
    "model": _("No token or other evidence; stays direct"),
    "no arrival": _("No arrival: it went on within the site"),
}

# What the overview says of visits with some evidence: of one and of several.
SENTENCES = {
    "token": _n("%(n)s arrived with a share token", "%(n)s arrived with a share token"),
    "link": _n("%(n)s came through a person's link", "%(n)s came through a person's link"),
    "in_app": _n(
        "%(n)s opened in an application's own browser",
        "%(n)s opened in an application's own browser",
    ),
    "referrer": _n(
        "%(n)s came from a messenger, mail service or document",
        "%(n)s came from a messenger, mail service or document",
    ),
    "android_app": _n(
        "%(n)s came from an Android application", "%(n)s came from an Android application"
    ),
    "preview": _n(
        "%(n)s followed a preview in a messenger", "%(n)s followed a preview in a messenger"
    ),
    "click_id": _n("%(n)s carried a click id", "%(n)s carried a click id"),
    "survey": _n("%(n)s was named by the visitor", "%(n)s were named by the visitors themselves"),
}

LINK_KINDS = {
    "campaign": _("Campaign"),
    "newsletter": _("Newsletter"),
    "person": _("Person"),
    "qr": _("QR code"),
}

ROOTS = {
    "share": _("Share"),
    "link": _("Link"),
    "lost": _("Share that was not recorded"),
}

METHODS = {
    "copy": _("Copied"),
    "copy_button": _("Copy button"),
    "share_sheet": _("Share sheet of the device"),
    "share_link": _("Share link"),
    "context_menu": _("Context menu"),
    "drag": _("Dragged out"),
    "print": _("Printed"),
    "qr": _("QR code"),
    "address_bar": _("Address bar"),
    "link": _("Managed link"),
}

REFUSALS = {
    "do-not-track": _("The browser asked not to be tracked"),
    "unknown-code": _("A short link that does not exist"),
    "ended-code": _("A short link that has ended"),
    "unknown-site": _("A key that belongs to no site"),
    "foreign-host": _("A page on a host that is not the site's"),
    "bad-json": _("Not readable as JSON"),
    "bad-key": _("A batch without a site's key"),
    "bad-query": _("A pixel whose query cannot be read"),
    "bad-batch": _("A batch that is not in the snippet's form"),
    "bad-event": _("An event that is not in the snippet's form"),
    "bad-id": _("An event without a usable id"),
    "bad-url": _("A page address that is none of the web"),
    "long-url": _("A page address that is too long"),
    "bad-kind": _("A kind of event that does not exist"),
    "too-many": _("More events than a batch may have"),
    "too-old": _("An event older than a day"),
    "disk-full": _("The disk was full"),
    "spool-denied": _("The spool could not be written"),
    "spool-failed": _("The spool could not be written"),
}


class Words(Language):
    """A language with the names of channels, evidence and the other vocabularies."""

    def channel(self, word: str) -> str:
        return self._named(CHANNELS, word)

    def evidence(self, channel: str, word: str) -> str:
        found = EVIDENCE.get((channel, word)) or EVIDENCE.get(word)
        return self.say(found) if found else word

    def sentence(self, word: str, n: int) -> str:
        """Return what is said of so many visits with this evidence."""
        if word in SENTENCES:
            return self.say_count(*SENTENCES[word], n)
        return f"{self.number(n)} {self.evidence('', word)}"

    def refusal(self, reason: str) -> str:
        if reason.startswith("bad-") and reason not in REFUSALS:  # one for each field of an event
            return self.say("An event with a value that cannot be used")
        return self._named(REFUSALS, reason)

    def link_kind(self, word: str) -> str:
        return self._named(LINK_KINDS, word)

    def span(self, text: str) -> str:
        """Return a span of seconds such as `60-180`; the last has no end."""
        begin, _, end = text.partition("-")
        if not end:
            return self.say("%(begin)s and more", begin=self.duration(int(begin)))
        if not int(begin):
            return self.say("under %(end)s", end=self.duration(int(end)))
        return self.say(
            "%(begin)s to %(end)s",
            begin=self.duration(int(begin)),
            end=self.duration(int(end)),
        )

    def method(self, word: str) -> str:
        """Return how a link was shared, of a managed link its kind."""
        return self._named(METHODS | LINK_KINDS, word)

    def kind(self, word: str) -> str:
        """Return the kind of a managed link, or of what begins a share tree."""
        return self._named(LINK_KINDS | ROOTS, word)

    def _named(self, names: dict[str, str], word: str) -> str:
        return self.say(names[word]) if word in names else word


@cache
def words_for(code: str) -> Words:
    """Return the words of one of `LANGUAGES`."""
    return Words(code)
