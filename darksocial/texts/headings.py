"""What the columns and single figures of reports are called where people read them."""

from __future__ import annotations

from datetime import date
from typing import Any

from darksocial.texts.language import mark as _
from darksocial.texts.language import mark_both as _n
from darksocial.texts.words import Words

HEADINGS = {
    "application": _("Application"),
    "application_kind": _("Kind of application"),
    "began": _("Began"),
    "begins": _("First day"),
    "at_most": _("Estimated at most"),
    "bots": _("Requests of bots"),
    "browser": _("Browser"),
    "by": _("Divided by"),
    "campaign": _("Campaign"),
    "campaigns": _("Campaigns"),
    "certain": _("Dark social, certain"),
    "channel": _("Channel"),
    "channels": _("Channels"),
    "chart": _("Chart"),
    "clicked": _("Clicked"),
    "clicked_share": _("Share that was clicked"),
    "clicks": _("Clicks"),
    "code": _("Code"),
    "comments": _("Comments in public"),
    "continued_visits": _("Visits that went on after a pause"),
    "conversions": _("Conversions"),
    "converted": _("Led to a conversion"),
    "converted_share": _("Share that led to a conversion"),
    "currency": _("Currency"),
    "cut": _("There are more rows"),
    "dark_social": _("Dark social"),
    "dark_social_reported_as": _("What dark social was reported as"),
    "dark_to_public": _("Dark visits for one public visit"),
    "day": _("Day"),
    "days": _("Days"),
    "delay": _("Time since the share"),
    "destination": _("Destination"),
    "device": _("Device"),
    "direct_that_was_dark_social": _("Reported as direct, was dark social"),
    "direct_that_was_something_else": _("Reported as direct, came another way"),
    "direct_was": _("What direct was"),
    "downloads": _("Downloads"),
    "ends": _("Last day"),
    "engaged_seconds": _("Engaged time in seconds"),
    "engagement": _("Engagement"),
    "estimate": _("Estimate of dark social"),
    "estimated": _("Estimated dark social"),
    "evidence": _("Evidence"),
    "example_visits": _("Visits that are example data"),
    "figures": _("Figures"),
    "funnel": _("Funnel"),
    "generation": _("Generation"),
    "generations": _("Generations"),
    "fit": _("Number of the estimate"),
    "fitted": _("Estimated at"),
    "fitted_tagged": _("Visits with a token behind the estimate"),
    "fitted_untagged": _("Visits without a trace behind the estimate"),
    "goal": _("Goal"),
    "half_seconds": _("Half came within, in seconds"),
    "halo_conversions": _("Conversions through reshares"),
    "halo_share": _("Share through reshares"),
    "halo_visits": _("Visits through reshares (halo)"),
    "high": _("To (nine times out of ten)"),
    "hour_share": _("Share that came within an hour"),
    "interaction_names": _("Interactions by name"),
    "interactions": _("Interactions"),
    "kind": _("Kind"),
    "link": _("Link"),
    "label": _("Label"),
    "link_kind": _("Kind of link"),
    "link_label": _("Label of the link"),
    "library": _("Version of darksocial"),
    "likes": _("Likes in public"),
    "links": _("Links"),
    "low": _("From (nine times out of ten)"),
    "measured": _("Visits with measured time"),
    "method": _("Way of sharing"),
    "minted": _("Links shared"),
    "model": _("Model of credit"),
    "n": _("Number"),
    "name": _("Name"),
    "near_certain": _("Dark social, nearly certain"),
    "network": _("Network"),
    "nine_tenths_seconds": _("Nine in ten came within, in seconds"),
    "os": _("Operating system"),
    "other": _("Others together"),
    "overview": _("Overview"),
    "page": _("Page"),
    "page_class": _("Kind of page"),
    "page_views": _("Page views"),
    "pages": _("Pages"),
    "parent": _("Shared from"),
    "pasted": _("Pasted"),
    "pasted_never_clicked": _("Pasted, never clicked"),
    "pasted_never_clicked_share": _("Share that was pasted, never clicked"),
    "pasted_share": _("Share that was pasted"),
    "plays": _("Plays"),
    "possible": _("Not known whether pasted"),
    "posts": _("Posts"),
    "previews": _("Previews"),
    "public": _("Public and dark reach"),
    "public_shares": _("Shares in public"),
    "reached_share": _("Share of the target that was reached"),
    "reason": _("Reason"),
    "referrer_host": _("Host of the referrer"),
    "refusals": _("Refused requests"),
    "refused_tokens": _("Refused tokens"),
    "reported_channel": _("Channel in GA4"),
    "reported_channels": _("Channels in GA4"),
    "reported_direct": _("Reported as direct"),
    "reproduction": _("Further shares of a share"),
    "reshared": _("Shared further"),
    "reshared_share": _("Share that was shared further"),
    "reshares": _("Further shares"),
    "rest": _("Without any trace"),
    "root": _("First share"),
    "scroll_percent": _("Scrolled in per cent"),
    "seconds_to_visit": _("Seconds to the visit"),
    "shared": _("Shared at"),
    "segment": _("Segment"),
    "sharer": _("Sharer"),
    "sharers": _("People who share"),
    "shares": _("Shares"),
    "site_comments": _("Comments on the page"),
    "site_likes": _("Likes on the page"),
    "social": _("Visits from public networks"),
    "source": _("Source"),
    "spans": _("Spans of time"),
    "status": _("How sure the estimate is"),
    "still_direct": _("Stays direct"),
    "tagged_conversions": _("Conversions by tags and links"),
    "tagged_visits": _("Visits by tags and links"),
    "target": _("Target"),
    "tenth_seconds": _("One in ten came within, in seconds"),
    "timing": _("Timing"),
    "token": _("Token"),
    "token_state": _("State of the token"),
    "totals": _("Totals"),
    "tree": _("Share tree"),
    "trees": _("Share trees"),
    "unscored": _("Of these on days without an estimate"),
    "value": _("Value"),
    "visits": _("Visits"),
    "visits_share": _("Share of the visits"),
    "why": _("Why"),
}
DASH = "\u2013"
KINDS = {
    "messenger": _("Messenger"),
    "email": _("E-mail"),
    "app": _("App"),
    "document": _("Document"),
    "unknown": _("Not known"),
}
DEVICES = {"desktop": _("Desktop"), "mobile": _("Phone"), "tablet": _("Tablet")}
PAGE_CLASSES = {
    "home": _("Front page"),
    "section": _("Section page"),
    "deep": _("Single page"),
    "": _("Not known"),
}
FILTERS = {"page": _("Landing page")}  # the others are called as their columns are
MODELS = {
    "last_touch": _("Last touch"),
    "first_touch": _("First touch"),
    "linear": _("Linear"),
    "position_based": _("Position based (40/20/40)"),
}
STATES = {
    "identified": _("it can be told"),
    "weakly identified": _("a rough figure"),
    "not identified": _("it cannot be told"),
}
GOALS = {"visits": _("Visits"), "conversions": _("Conversions")}
AIMS = {
    "visits": _n("%(n)s visit", "%(n)s visits"),
    "conversions": _n("%(n)s conversion", "%(n)s conversions"),
}


class Headings:
    """Headings, and values of the closed vocabularies, in a language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def heading(self, name: str) -> str:
        """Return what a column, figure, list or report is called."""
        return self._words.say(HEADINGS[name]) if name in HEADINGS else name.replace("_", " ")

    def filter(self, name: str) -> str:
        """Return what a filter of visits is called in forms."""
        return self._words.say(FILTERS[name]) if name in FILTERS else self.heading(name)

    def aim(self, goal: str, target: int) -> str:
        """Return what a campaign is to reach; "" where that is nothing."""
        return self._words.say_count(*AIMS[goal], target) if target else ""

    def shown(self, value: Any) -> str:
        """Return a number, day or text as it is written in the language; unknown is a dash."""
        if value is None:
            return DASH
        if isinstance(value, date):
            return self._words.day(value)
        if isinstance(value, int | float):
            return self._words.number(round(value, 2))
        return str(value)

    def value(self, column: str, value: Any) -> Any:
        """Return a value of a column; only words of the vocabularies become other ones."""
        words = self._words
        if value == "other" and column != "label":
            return self.heading("other")
        if column == "channel":
            return words.channel(value)
        if column == "evidence":
            return words.evidence("", value)
        if column == "delay":
            return words.span(value)
        if column == "method":
            return words.method(value)
        if column == "reason":
            return words.refusal(value)
        if column in ("kind", "link_kind"):
            return words.kind(value)
        if column == "device" and value in DEVICES:
            return words.say(DEVICES[value])
        if column == "model" and value in MODELS:
            return words.say(MODELS[value])
        if column == "goal" and value in GOALS:
            return words.say(GOALS[value])
        if column == "status" and value in STATES:
            return words.say(STATES[value])
        if column == "page_class" and value in PAGE_CLASSES:
            return words.say(PAGE_CLASSES[value])
        if column == "application_kind" and value in KINDS:
            return words.say(KINDS[value])
        return value
