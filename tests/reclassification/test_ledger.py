"""The ledger of previews: which application the silent clicks on a token came from.

All cases lie in one site; each has a token and visitors of its own. `{token}` in a row stands
for a share token of the site, `{code}` for the code of a person's link.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from literal import drain, hit, new_site, published, token, visitor

from darksocial import registry
from darksocial.imports import import_log
from darksocial.model import Site
from darksocial.reclassification import dirty_days
from darksocial.rules import previews
from darksocial.store import Store

pytestmark = pytest.mark.engines

WHATSAPP = "WhatsApp/2.23.20.0 A"
SIGNAL = "WhatsApp/2"
SLACK = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"
TELEGRAM = "TelegramBot (like TwitterBot)"
MASTODON = "Mastodon/4.3.1 (http.rb/5.2.0; +https://mastodon.example/)"
FACEBOOK = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 Safari Line/14.8.0"
)
EMBED = "Mozilla/5.0 (compatible; Iframely/1.3.1; +https://iframely.com/docs/about)"

PAGE = "/a?ds={token}"
NAMELESS = ("dark_social", "", "unknown", "token", "token: copy")


def by(application: str, kind: str = "messenger", channel: str = "dark_social") -> tuple[str, ...]:
    return (channel, application, kind, "preview", f"preview: {application}; token: copy")


def fetch(when: str, agent: str, path: str = PAGE, **fields: Any) -> dict[str, Any]:
    return hit(when, "a program", path, user_agent=agent, **fields)


# Name of the case: (rows, the visits of `ann`: channel, application, its kind, evidence, reason).
CASES: dict[str, tuple[list[dict[str, Any]], list[tuple[str, ...]]]] = {
    "the application that fetched the token before": (
        [fetch("09:00", WHATSAPP), hit("10:00", path=PAGE)],
        [by("WhatsApp")],
    ),
    "bare WhatsApp/2 is Signal": (
        [fetch("09:00", SIGNAL), hit("10:00", path=PAGE)],
        [by("Signal")],
    ),
    "a hit of kind preview": (
        [fetch("09:00", SLACK, kind="preview"), hit("10:00", path=PAGE)],
        [by("Slack")],
    ),
    "a fetch on the day before": (
        [fetch("2024-10-21T23:00", TELEGRAM), hit("10:00", path=PAGE)],
        [by("Telegram")],
    ),
    "a fetch months before": (
        [fetch("2024-05-02T10:00", TELEGRAM), hit("10:00", path=PAGE)],
        [by("Telegram")],
    ),
    "a fetch a moment after the click": (
        [hit("10:00:00", path=PAGE), fetch("10:00:50", SLACK)],
        [by("Slack")],
    ),
    "a fetch long after the click": (
        [hit("10:00", path=PAGE), fetch("10:30", SLACK)],
        [NAMELESS],
    ),
    "several fetches of one application": (
        [*[fetch(f"09:0{n}", WHATSAPP) for n in range(5)], hit("10:00", path=PAGE)],
        [by("WhatsApp")],
    ),
    "of two applications the last before the click": (
        [
            fetch("08:00", WHATSAPP),
            hit("08:30", path=PAGE),
            fetch("12:00", SLACK),
            hit("12:30", "bob", path=PAGE),
            hit("13:00", path="/a?ds={token}&x=1", navigation="navigate"),
        ],
        [by("WhatsApp"), by("Slack")],
    ),
    "two messengers at the same time": (
        [fetch("09:00", WHATSAPP), fetch("09:05", SLACK), hit("10:00", path=PAGE)],
        [("dark_social", "", "messenger", "preview", "preview: Slack or WhatsApp; token: copy")],
    ),
    "a messenger and a network at the same time": (
        [fetch("09:00", FACEBOOK), fetch("09:05", SLACK), hit("10:00", path=PAGE)],
        [("dark_social", "", "unknown", "preview", "preview: Slack or Facebook; token: copy")],
    ),
    "a fetch for nobody knows whom": (
        [fetch("09:00", EMBED), hit("10:00", path=PAGE)],
        [NAMELESS],
    ),
    "a fetch for nobody knows whom beside one that names": (
        [fetch("09:00", WHATSAPP), fetch("09:00:02", EMBED), hit("10:00", path=PAGE)],
        [by("WhatsApp")],
    ),
    "posted in public": (
        [*[fetch(f"09:00:{n:02}", MASTODON) for n in range(20)], hit("10:00", path=PAGE)],
        [by("Mastodon", "", "social")],
    ),
    "a network's fetcher: a silent click was rather a message": (
        [fetch("09:00", FACEBOOK), hit("10:00", path=PAGE)],
        [by("Facebook", "unknown")],
    ),
    "the agent is stronger than a preview": (
        [fetch("09:00", WHATSAPP), hit("10:00", path=PAGE, user_agent=IPHONE)],
        [("dark_social", "LINE", "messenger", "token", "token: copy")],
    ),
    "the referrer is stronger than a preview": (
        [fetch("09:00", WHATSAPP), hit("10:00", path=PAGE, referrer="https://web.telegram.org/")],
        [("dark_social", "Telegram", "messenger", "token", "token: copy")],
    ),
    "a click id is stronger than a preview": (
        [fetch("09:00", WHATSAPP), hit("10:00", path=PAGE + "&fbclid=IwAR0abc")],
        [("dark_social", "Facebook", "unknown", "token", "token: copy")],
    ),
    "the share dialog is stronger than a preview": (
        [
            hit("08:00", "bob", "/a", kind="share", token="{token}", method="copy", name="Viber"),
            fetch("09:00", WHATSAPP),
            hit("10:00", path=PAGE),
        ],
        [("dark_social", "Viber", "unknown", "token", "token: copy")],
    ),
    "a public referrer": (
        [fetch("09:00", WHATSAPP), hit("10:00", path=PAGE, referrer="https://blog.example/")],
        [("referral", "", "", "referrer", "referrer: blog.example")],
    ),
    "the sharer opens the own link": (
        [
            hit("08:00", path="/a", kind="share", token="{token}", method="copy"),
            fetch("09:00", WHATSAPP),
            hit("10:00", path=PAGE),
        ],
        [("direct", "", "", "own_share", "own_share")],
    ),
    "a fetch of another token": (
        [fetch("09:00", WHATSAPP, "/a?ds={other}"), hit("10:00", path=PAGE)],
        [NAMELESS],
    ),
    "a fetch of the page without a token": (
        [fetch("09:00", WHATSAPP, "/a"), hit("10:00", path=PAGE)],
        [NAMELESS],
    ),
    "a fetch of a refused token": (
        [fetch("09:00", WHATSAPP, "/a?ds={token}-"), hit("10:00", path="/a?ds={token}-")],
        [("direct", "", "", "model", "model: the token was refused, malformed")],
    ),
    "a redirect that was fetched": (
        [
            fetch("09:00", WHATSAPP, "/a", kind="click", code="{code}"),
            hit("10:00", path="/a?ds={code}"),
        ],
        [("dark_social", "WhatsApp", "messenger", "link", "link: Ann; preview: WhatsApp")],
    ),
    "a redirect that was fetched by two applications on a day": (
        [
            fetch("02:00", WHATSAPP, "/a", kind="click", code="{code}"),
            fetch("09:00", SLACK, "/a", kind="click", code="{code}"),
            hit("10:00", path="/a?ds={code}"),
        ],
        [("dark_social", "", "messenger", "link", "link: Ann; preview: Slack or WhatsApp")],
    ),
    "a redirect that was fetched weeks ago": (
        [
            fetch("2024-10-01T09:00", WHATSAPP, "/a", kind="click", code="{code}"),
            hit("10:00", path="/a?ds={code}"),
        ],
        [("dark_social", "", "unknown", "link", "link: Ann")],
    ),
    "a redirect that was fetched in public": (
        [
            fetch("09:00", MASTODON, "/a", kind="click", code="{code}"),
            hit("10:00", path="/a?ds={code}"),
        ],
        [("social", "Mastodon", "", "link", "link: Ann; preview: Mastodon")],
    ),
}


def rows_of(site: Site, case: str, number: int, code: str) -> list[dict[str, Any]]:
    words = {"token": token(site, number), "other": token(site, 5000 + number), "code": code}
    return [
        {
            name: value.format(**words) if isinstance(value, str) and "{" in value else value
            for name, value in row.items()
        }
        | {"who": f"{row['who']} of {case}"}
        for row in CASES[case][0]
    ]


@pytest.fixture(scope="module")
def outcome(store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Any]]:
    site = new_site(store)
    rows: list[dict[str, Any]] = []
    for number, case in enumerate(CASES, start=1):
        with store.session() as session:
            code = registry.add_link(session, f"https://{site.name}/a", "person", "Ann").code
        rows += rows_of(site, case, number, code)
    drain(store, tmp_path_factory.mktemp("ledger"), site, rows)
    found: dict[int, list[Any]] = {}
    columns = "visitor, channel, application, application_kind, evidence, reason"
    for who, *visit in published(store, site, columns):
        found.setdefault(who, []).append(tuple(visit))
    return found


@pytest.mark.parametrize("case", CASES)
def test_a_preview_names_the_application(outcome: dict[int, list[Any]], case: str) -> None:
    assert outcome.get(visitor(f"ann of {case}"), []) == CASES[case][1]


def test_a_late_preview_marks_the_days_that_it_explains(
    store: Store, site: Site, tmp_path: Path
) -> None:
    """Only those after it: what fetched a link later says nothing of an earlier click."""
    page = "/a?ds=" + token(site)
    days = ("2024-10-20", "2024-10-22", "2024-10-24")
    drain(store, tmp_path, site, [hit(f"{day}T10:00", f"v{day}", page) for day in days])
    assert {row for (row,) in published(store, site, "application")} == {""}
    drain(store, tmp_path, site, [fetch("2024-10-21T10:00", WHATSAPP, page)])
    with store.session() as session:
        marked = {str(day) for _, day in dirty_days(session, site.name)}
    assert marked == {"2024-10-21", "2024-10-22", "2024-10-24"}
    assert [row for (row,) in published(store, site, "application")] == ["", *["WhatsApp"] * 2]


def test_a_preview_in_an_imported_log_explains_what_the_snippet_saw(
    store: Store, site: Site, tmp_path: Path
) -> None:
    page = "/a?ds=" + token(site)
    drain(store, tmp_path, site, [hit("2024-10-24T10:00", path=page)])
    assert published(store, site, "application") == [("",)]
    log = tmp_path / "access.log"
    log.write_text(
        f'203.0.113.7 - - [21/Oct/2024:09:00:00 +0000] "GET {page} HTTP/1.1" 200 51 "-"'
        f' "{WHATSAPP}"\n'
    )
    import_log(store, site, str(log), rejects=tmp_path / "rejects")
    assert published(store, site, "application") == [("WhatsApp",)]


def test_the_ledger_holds_no_identifier_and_only_what_names_a_share(
    store: Store, site: Site, tmp_path: Path
) -> None:
    page = "/a?ds=" + token(site)
    rows = [fetch("09:00", SLACK, page), fetch("09:00", SLACK, "/a?ds=2024"), fetch("09:01", SLACK)]
    drain(store, tmp_path, site, [*rows, hit("09:02", path=page)])
    with store.session() as session:
        kept = session.query("SELECT * FROM previews WHERE site = %(site)s", site=site.name)
    assert [row["token"] for row in kept.to_pylist()] == [token(site)]
    assert not {"visitor", "network"} & set(kept.column_names)


def test_a_visitor_who_comes_again_by_a_token_is_marked(
    store: Store, site: Site, tmp_path: Path
) -> None:
    """It stays a visit by that link; who counts people or passes leaves it out."""
    page = "/a?ds=" + token(site)
    rows = [
        hit("10:00", "ann", page),
        hit("10:05", "ann", page),  # within the half hour: opened from the conversation again
        hit("12:00", "ann", page),
        hit("12:00", "bob", page),
        hit("12:10", "bob", "/a?ds=" + token(site, 2)),
        hit("12:20", "bob", page, navigation="reload"),
    ]
    drain(store, tmp_path, site, rows)
    found = published(store, site, "visitor, channel, repeated", "channel != 'internal'")
    ann, bob = visitor("ann"), visitor("bob")
    assert sorted(found) == sorted(
        [
            (ann, "dark_social", 0),
            (ann, "dark_social", 1),
            (ann, "dark_social", 1),
            (bob, "dark_social", 0),
            (bob, "dark_social", 0),
        ]
    )


def test_every_application_of_the_table_says_why() -> None:
    for application in ("WhatsApp", "Slack", "Mastodon", "Facebook", "nobody knows"):
        sign = previews.sign(application, "messenger")
        assert sign.certainty in ("high", "medium", "low")
        assert sign.why
    assert previews.sign("", "").certainty == "low"
    assert "" in previews.named_low()[0]
    assert "Mastodon" in previews.public()
