"""Which evidence decides about an arrival, and what follows from it: literal hits in, visits out.

All cases lie in one site and one day; each has visitors of its own. `{valid}` in a row stands for
a share token of the site, minted an hour ago; the other words are in `TOKENS`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from literal import drain, hit, new_site, published, token, visitor

from darksocial import registry, reports
from darksocial.model import Site
from darksocial.reclassification import touch_all
from darksocial.store import Store

pytestmark = pytest.mark.engines

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148"
)
INSTAGRAM = f"{IPHONE} Instagram 331.0.0.0.0 (iPhone14,5; iOS 17_5; en_US)"
LINE = f"{IPHONE} Safari Line/14.8.0"
GOOGLE_APP = f"{IPHONE} GSA/319.0 Safari/604.1"
TELEGRAM = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/125.0.0.0 Mobile Safari/537.36 Telegram-Android/10.12.0 (Google Pixel 8; Android 14)"
)
WHATSAPP_PREVIEW = "WhatsApp/2.23.20.0 A"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

DIRECT = ("direct", "", "", "model", "Direct")
SHARED = ("dark_social", "", "unknown", "token", "Direct")

# Name of the case: (rows, the visits of `ann`). A visit is channel, application,
# application kind, evidence, and whether analytics would report Direct, `other` or nothing.
CASES: dict[str, tuple[list[dict[str, Any]], list[tuple[str, ...]]]] = {
    # No token
    "nothing is known": ([hit("10:00")], [DIRECT]),
    "social referrer": (
        [hit("10:00", referrer="https://t.co/abc")],
        [("social", "X", "", "referrer", "other")],
    ),
    "search referrer": (
        [hit("10:00", referrer="https://www.google.com/")],
        [("search", "Google", "", "referrer", "other")],
    ),
    "assistant as referrer": (
        [hit("10:00", referrer="https://chatgpt.com/")],
        [("ai", "ChatGPT", "", "referrer", "other")],
    ),
    "messenger as referrer": (
        [hit("10:00", referrer="https://web.whatsapp.com/")],
        [("dark_social", "WhatsApp", "messenger", "referrer", "other")],
    ),
    "webmail as referrer": (
        [hit("10:00", referrer="https://mail.google.com/mail/u/0/")],
        [("dark_social", "Gmail", "email", "referrer", "other")],
    ),
    "document as referrer": (
        [hit("10:00", referrer="https://docs.google.com/document/d/1/edit")],
        [("dark_social", "Google Docs", "document", "referrer", "other")],
    ),
    "another site": (
        [hit("10:00", referrer="https://blog.example/post")],
        [("referral", "", "", "referrer", "other")],
    ),
    "Android application of a messenger": (
        [hit("10:00", referrer="android-app://org.telegram.messenger/")],
        [("dark_social", "Telegram", "messenger", "android_app", "other")],
    ),
    "Android application for mail": (
        [hit("10:00", referrer="android-app://com.google.android.gm")],
        [("dark_social", "Gmail", "email", "android_app", "other")],
    ),
    "Android application of a search engine": (
        [hit("10:00", referrer="android-app://com.google.android.googlequicksearchbox/")],
        [("search", "Google", "", "android_app", "other")],
    ),
    "Android application of a social network": (
        [hit("10:00", referrer="android-app://com.linkedin.android/")],
        [("social", "LinkedIn", "", "android_app", "other")],
    ),
    "in a messenger's own browser": (
        [hit("10:00", user_agent=LINE)],
        [("dark_social", "LINE", "messenger", "in_app", "Direct")],
    ),
    "in Telegram's own browser": (
        [hit("10:00", user_agent=TELEGRAM)],
        [("dark_social", "Telegram", "messenger", "in_app", "Direct")],
    ),
    "in a social network's own browser": (
        [hit("10:00", user_agent=INSTAGRAM)],
        [("social", "Instagram", "", "in_app", "Direct")],
    ),
    "in the search engine's application": (
        [hit("10:00", user_agent=GOOGLE_APP)],
        [("search", "Google", "", "in_app", "Direct")],
    ),
    "a referrer is stronger than the application around it": (
        [hit("10:00", user_agent=INSTAGRAM, referrer="https://blog.example/")],
        [("referral", "", "", "referrer", "other")],
    ),
    "click id of a social network": (
        [hit("10:00", path="/?fbclid=IwAR0abc")],
        [("social", "Facebook", "", "click_id", "Direct")],
    ),
    "click id of an advertisement": (
        [hit("10:00", path="/?gclid=EAIaIQob")],
        [("campaign", "", "", "click_id", "other")],
    ),
    "click id of an advertisement in a search engine": (
        [hit("10:00", path="/?gclid=EAIaIQob", referrer="https://www.google.com/")],
        [("campaign", "", "", "click_id", "other")],
    ),
    "click id of an advertisement in a search engine's application": (
        [
            hit(
                "10:00",
                path="/?gclid=EAIaIQob",
                user_agent=GOOGLE_APP,
                referrer="https://www.google.com/",
            )
        ],
        [("campaign", "", "", "click_id", "other")],
    ),
    "click id of an advertisement in a link that was passed on in a messenger": (
        [hit("10:00", path="/?gclid=EAIaIQob", referrer="https://web.whatsapp.com/")],
        [("dark_social", "WhatsApp", "messenger", "referrer", "other")],
    ),
    "click id of a social network beside its referrer": (
        [hit("10:00", path="/?fbclid=IwAR0abc", referrer="https://l.facebook.com/")],
        [("social", "Facebook", "", "referrer", "other")],
    ),
    "click id without a value": ([hit("10:00", path="/?fbclid=")], [DIRECT]),
    "campaign parameters": (
        [hit("10:00", path="/?utm_source=newsletter&utm_medium=email&utm_campaign=may")],
        [("campaign", "", "", "campaign", "other")],
    ),
    "campaign parameters are stronger than a referrer": (
        [hit("10:00", path="/?utm_source=x&utm_medium=cpc", referrer="https://t.co/abc")],
        [("campaign", "", "", "campaign", "other")],
    ),
    # Tokens
    "a token": ([hit("10:00", path="/a?ds={valid}")], [SHARED]),
    "a token in the fragment": ([hit("10:00", path="/a#ds={valid}")], [SHARED]),
    "a token that the snippet names": ([hit("10:00", token="{valid}")], [SHARED]),
    "a token that somebody else shared": (
        [
            hit("09:00", "bob", "/a", kind="share", token="{valid}", method="copy"),
            hit("10:00", path="/a?ds={valid}"),
        ],
        [SHARED],
    ),
    "the sharer opens the own link": (
        [
            hit("09:00", path="/a"),
            hit("09:01", path="/a", kind="share", token="{valid}", method="copy"),
            hit("10:00", path="/a?ds={valid}"),
        ],
        [DIRECT, ("direct", "", "", "own_share", "Direct")],
    ),
    "the sharer's own link, opened in the second of the sharing": (
        [
            hit("10:00", path="/a", kind="share", token="{valid}", method="copy"),
            hit("10:00", path="/a?ds={valid}"),
        ],
        [("direct", "", "", "own_share", "Direct")],
    ),
    "a visit before the visitor shared is no own share": (
        [
            hit("10:00", path="/a?ds={valid}"),
            hit("10:01", path="/a", kind="share", token="{valid}", method="copy"),
        ],
        [SHARED],
    ),
    "the sharer comes by the own post in a social network": (
        [
            hit("09:01", path="/a", kind="share", token="{valid}", method="copy"),
            hit("10:00", path="/a?ds={valid}", referrer="https://t.co/abc"),
        ],
        [("social", "X", "", "referrer", "other")],
    ),
    "token and social referrer": (
        [hit("10:00", path="/a?ds={valid}", referrer="https://t.co/abc")],
        [("social", "X", "", "referrer", "other")],
    ),
    "token and search engine": (
        [hit("10:00", path="/a?ds={valid}", referrer="https://www.google.com/")],
        [("search", "Google", "", "referrer", "other")],
    ),
    "token and assistant": (
        [hit("10:00", path="/a?ds={valid}", referrer="https://chatgpt.com/")],
        [("ai", "ChatGPT", "", "referrer", "other")],
    ),
    "token and another site": (
        [hit("10:00", path="/a?ds={valid}", referrer="https://blog.example/")],
        [("referral", "", "", "referrer", "other")],
    ),
    "token and Android application of a social network": (
        [hit("10:00", path="/a?ds={valid}", referrer="android-app://com.linkedin.android/")],
        [("social", "LinkedIn", "", "android_app", "other")],
    ),
    "token and messenger as referrer": (
        [hit("10:00", path="/a?ds={valid}", referrer="https://web.whatsapp.com/")],
        [("dark_social", "WhatsApp", "messenger", "token", "other")],
    ),
    "token and webmail as referrer": (
        [hit("10:00", path="/a?ds={valid}", referrer="https://mail.google.com/")],
        [("dark_social", "Gmail", "email", "token", "other")],
    ),
    "token and Android application of a messenger": (
        [hit("10:00", path="/a?ds={valid}", referrer="android-app://org.telegram.messenger/")],
        [("dark_social", "Telegram", "messenger", "token", "other")],
    ),
    "token in a messenger's own browser": (
        [hit("10:00", path="/a?ds={valid}", user_agent=LINE)],
        [("dark_social", "LINE", "messenger", "token", "Direct")],
    ),
    "token in a social network's own browser": (
        [hit("10:00", path="/a?ds={valid}", user_agent=INSTAGRAM)],
        [("dark_social", "Instagram", "unknown", "token", "Direct")],
    ),
    "token and campaign parameters": (
        [hit("10:00", path="/a?utm_source=n&utm_medium=email&ds={valid}")],
        [("dark_social", "", "unknown", "token", "other")],
    ),
    "token and click id": (
        [hit("10:00", path="/a?ds={valid}&fbclid=IwAR0abc")],
        [("dark_social", "Facebook", "unknown", "token", "Direct")],
    ),
    "token of a share dialog of a social network": (
        [
            hit("09:00", "bob", kind="share", token="{link_share}", name="LinkedIn"),
            hit("10:00", path="/a?ds={link_share}"),
        ],
        [("social", "LinkedIn", "", "token", "Direct")],
    ),
    "token of a share dialog of a messenger": (
        [
            hit("09:00", "bob", kind="share", token="{link_share}", name="Telegram"),
            hit("10:00", path="/a?ds={link_share}"),
        ],
        [("dark_social", "Telegram", "unknown", "token", "Direct")],
    ),
    # Tokens that are refused prove nothing
    "mistyped token": ([hit("10:00", path="/a?ds={mistyped}")], [DIRECT]),
    "token of another site": ([hit("10:00", path="/a?ds={foreign}")], [DIRECT]),
    "expired token": ([hit("10:00", path="/a?ds={expired}")], [DIRECT]),
    "token from the future": ([hit("10:00", path="/a?ds={future}")], [DIRECT]),
    "overlong token": ([hit("10:00", path="/a?ds=" + "a" * 40)], [DIRECT]),
    "somebody else's parameter of this name": ([hit("10:00", path="/a?ds=2024")], [DIRECT]),
    "refused token and referrer": (
        [hit("10:00", path="/a?ds={foreign}", referrer="https://t.co/abc")],
        [("social", "X", "", "referrer", "other")],
    ),
    # Managed links
    "link of a campaign": (
        [hit("10:00", path="/a?ds={campaign}")],
        [("campaign", "", "", "link", "Direct")],
    ),
    "link of a newsletter": (
        [hit("10:00", path="/a?ds={newsletter}")],
        [("campaign", "", "", "link", "Direct")],
    ),
    "QR code": ([hit("10:00", path="/a?ds={qr}")], [("campaign", "", "", "link", "Direct")]),
    "link of a person": (
        [hit("10:00", path="/a?ds={person}")],
        [("dark_social", "", "unknown", "link", "Direct")],
    ),
    "link and campaign parameters": (
        [hit("10:00", path="/a?ds={campaign}&utm_source=n&utm_medium=email")],
        [("campaign", "", "", "link", "other")],
    ),
    "click and landing are one visit": (
        [
            hit("10:00", path="/a", kind="click", code="{campaign}"),
            hit("10:00", path="/a?ds={campaign}"),
        ],
        [("campaign", "", "", "link", "Direct")],
    ),
    "link of another site": ([hit("10:00", path="/a?ds={elsewhere}")], [DIRECT]),
    # What is no arrival
    "reload": ([hit("10:00", navigation="reload")], [("internal", "", "", "", "")]),
    "back and forward": ([hit("10:00", navigation="back_forward")], [("internal", "", "", "", "")]),
    "prerendered page": ([hit("10:00", navigation="prerender")], [DIRECT]),
    "reload of a page with a token": (
        [
            hit("10:00", path="/a?ds={valid}"),
            hit("12:00", path="/a?ds={valid}", navigation="reload"),
        ],
        [SHARED, ("internal", "", "", "", "")],
    ),
    "from the site itself": ([hit("10:00", page="/b")], [("internal", "", "", "", "")]),
    "from the site's subdomain": (
        [hit("10:00", referrer="https://shop.{site}/")],
        [("internal", "", "", "", "")],
    ),
    "from a host that only looks like the site": (
        [hit("10:00", referrer="https://not{site}/")],
        [("referral", "", "", "referrer", "other")],
    ),
    "a share alone is no visit": ([hit("10:00", kind="share", token="{valid}")], []),
    "preview": ([hit("10:00", path="/a?ds={valid}", user_agent=WHATSAPP_PREVIEW)], []),
    "bot": ([hit("10:00", user_agent=GOOGLEBOT)], []),
    "no user agent": ([hit("10:00", user_agent="")], []),
}
COLUMNS = (
    "visitor, channel, application, application_kind, evidence,"
    " multiIf(reported_channel IN ('', 'Direct'), toString(reported_channel), 'other') AS reported"
)


def _tokens(site: Site, links: dict[str, str], number: int) -> dict[str, str]:
    valid = token(site, number)
    other = "a" if valid[-1] != "a" else "b"
    return {
        "valid": valid,
        "link_share": token(site, number, "share_link"),
        "mistyped": valid[:-1] + other,
        "foreign": token(site, number, key="another site"),
        "expired": token(site, number, hours_ago=397 * 24),
        "future": token(site, number, hours_ago=-30),
        "site": site.name,
        **links,
    }


def _filled(row: dict[str, Any], words: dict[str, str], case: str) -> dict[str, Any]:
    texts = {
        name: value.format(**words) if isinstance(value, str) and "{" in value else value
        for name, value in row.items()
    }
    return texts | {"who": f"{row['who']} of {case}"}


def filled_rows(site: Site, links: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rows of all cases, with tokens, and visitors of their own."""
    rows = []
    for number, (case, (hits, _)) in enumerate(CASES.items(), start=1):
        words = _tokens(site, links, number)
        rows += [_filled(row, words, case) for row in hits]
    return rows


Visits = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def outcome(store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[Any, Visits]:
    """The visits of all cases, by visitor; what was stored of programs, and refused of tokens."""
    home: Path = tmp_path_factory.mktemp("evidence")
    site, other = new_site(store), new_site(store)
    with store.session() as session:
        links = {
            kind: registry.add_link(session, f"https://{site.name}/a", kind, f"the {kind}").code
            for kind in ("campaign", "newsletter", "person", "qr")
        }
        links["elsewhere"] = registry.add_link(session, f"https://{other.name}/").code
    rows = filled_rows(site, links)
    drain(store, home, site, rows)
    found: dict[Any, Visits] = {}
    for who, *visit in published(store, site, COLUMNS):
        found.setdefault(who, []).append(tuple(visit))
    with store.session() as session:
        programs = session.query(
            "SELECT DISTINCT agent_kind, kind, visitor, network FROM hits"
            " WHERE site = %(site)s AND agent_kind NOT IN ('browser', 'in_app')"
            " ORDER BY agent_kind, kind",
            site=site.name,
        )
        told = reports.run(session, "overview", site).summary["refused_tokens"]
    return found | {
        "programs": [tuple(row.values()) for row in programs.to_pylist()],
        "refused": {row["reason"]: row["visits"] for row in told},
    }


@pytest.mark.parametrize("case", CASES)
def test_evidence_decides(outcome: dict[Any, Visits], case: str) -> None:
    assert outcome.get(visitor(f"ann of {case}"), []) == CASES[case][1]


def test_no_case_has_left_visits_to_anybody_else(outcome: dict[Any, Visits]) -> None:
    assert set(outcome) - {"programs", "refused"} <= {visitor(f"ann of {case}") for case in CASES}


def test_previews_and_bots_are_nobody(outcome: dict[Any, Visits]) -> None:
    assert outcome["programs"] == [("bot", "pageview", 0, ""), ("preview", "preview", 0, "")]


def test_refused_tokens_are_counted_by_their_reason(outcome: dict[Any, Visits]) -> None:
    """Mistyped and foreign ones, told apart where hashids itself accepts them."""
    refused: dict[str, int] = dict(outcome["refused"])
    unknown = refused.pop("malformed", 0) + refused.pop("foreign", 0)
    # mistyped, of another site (twice), somebody else's parameter; a link of another site is known
    assert (unknown, refused) == (4, {"expired": 1, "future": 1, "too_long": 1})


def test_the_reason_names_evidence_and_value(store: Store, site: Site, tmp_path: Path) -> None:
    """A refused token stays visible: the visit is direct, and says why the token was refused."""
    with store.session() as session:
        code = registry.add_link(session, f"https://{site.name}/", "person", "Ann's flyer").code
    rows = [
        hit("10:00", "1", "/?ds=" + token(site)),
        hit("10:01", "2", "/?ds=" + token(site, key="another")),
        hit("10:02", "3", f"/?ds={code}"),
        hit("10:03", "4", referrer="https://t.co/"),
        hit("10:04", "5", "/?utm_source=n&utm_medium=m"),
        hit("10:05", "6", "/?fbclid=1"),
        hit("10:06", "7", user_agent=LINE),
        hit("10:07", "8"),
    ]
    drain(store, tmp_path, site, rows)
    reasons = [reason for (reason,) in published(store, site, "reason")]
    assert [reason.partition(": ")[0] for reason in reasons] == [
        "token", "model", "link", "referrer", "campaign", "click_id", "in_app", "model",
    ]  # fmt: skip
    said = ["copy", "refused, malformed", "Ann's flyer", "t.co", "n", "Facebook", "LINE", ""]
    assert [part in reason for part, reason in zip(said, reasons, strict=True)] == [True] * 8


def test_an_unknown_site_is_kept_and_counts_once_the_site_is_added(
    store: Store, site: Site, tmp_path: Path
) -> None:
    stranger = replace(new_site(store), name=f"stranger-{site.name}")
    assert drain(store, tmp_path, stranger, [hit("10:00"), hit("10:01", "bob")]).hits == 2
    assert published(store, stranger, "visitor") == []
    with store.session() as session:
        touch_all(session, registry.add_site(session, stranger.name))
    assert len(published(store, stranger, "visitor")) == 2


def test_one_url_says_nothing_of_another(store: Store, site: Site, tmp_path: Path) -> None:
    """A click id counts by its value: a neighbour with the same name but no value is none."""
    rows = [
        hit("10:00", "1", "/?fbclid="),
        hit("10:01", "2", "/?fbclid=IwAR0abc"),
        hit("10:02", "3", "/?si=short"),
        hit("10:03", "4", "/?si=AbCdEfGhIjKlMnOp"),
        hit("10:04", "5", "/#fbclid=IwAR0abc"),
    ]
    drain(store, tmp_path, site, rows)
    assert [evidence for (evidence,) in published(store, site, "evidence")] == [
        "model", "click_id", "model", "click_id", "model",
    ]  # fmt: skip
    drain(store, tmp_path, site, [row | {"who": row["who"] * 2} for row in reversed(rows)])
    both = published(store, site, "evidence")
    assert [evidence for (evidence,) in both[::2]] == [evidence for (evidence,) in both[1::2]]
