"""What the pages say in special states: no site, no hits, refused or hostile ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from literal import FIREFOX, hit
from page import PAGES, Page, shown

from darksocial import registry
from darksocial.model import Site
from darksocial.store import Store

Fill = Callable[..., None]

DAY = "2024-10-22"
LIVE = ["/static/renewing.js", "/static/live.js"]
RANGE = f"?from={DAY}&to={DAY}"


def test_without_a_site_the_first_step_is_named(client: FlaskClient) -> None:
    for path in PAGES:
        assert "darksocial site add example.com" in shown(client, path).text


def test_without_hits_the_next_step_is_named(client: FlaskClient, site: Site) -> None:
    for path in ("/", "/channels", "/pages"):
        text = shown(client, path).text
        assert f"Nothing has been recorded for {site.name} yet" in text
        assert f'<script defer src="https://t.example/ds.js" data-site="{site.key}">' in text
        assert f"darksocial import log access.log --site {site.name}" in text


def test_without_links_the_next_step_is_named(client: FlaskClient, site: Site) -> None:
    assert f"darksocial link add https://{site.name}/" in shown(client, "/links").text


def test_without_example_data_no_page_speaks_of_it(
    client: FlaskClient, site: Site, fill: Fill
) -> None:
    fill(site, hit("10:00"))
    assert "Example data" not in shown(client, "/").text


def test_example_data_is_told_on_every_page_of_figures(
    client: FlaskClient, site: Site, fill: Fill
) -> None:
    fill(
        site,
        hit("10:00", "ann", "/a", source="example"),
        hit("10:01", "bob", "/b", source="example"),
        hit("10:02", "cyd", "/b"),
    )
    said = "Example data: %s made up for the demo"
    for path in ("/", "/pages", "/reports/funnel", "/reports/timing", "/reports/conversions"):
        assert said % "2 visits in these figures were" in shown(client, f"{path}?lang=en").text
    for path in ("/", "/reports/funnel", "/reports/timing"):
        limited = shown(client, f"{path}?lang=en&page=/a").text
        assert said % "1 visit in these figures was" in limited
    assert "Example data" not in shown(client, "/?lang=en&page=/c").text


def test_pages_of_one_site_still_open_when_there_is_a_second(
    client: FlaskClient, embedded_store: Store, site: Site
) -> None:
    with embedded_store.session() as session:
        other = registry.add_site(session, "zzz.example")
    try:
        for path in ("/", "/reports/conversions", "/reports/timing"):
            assert client.get(f"{path}?lang=en").status_code == 200
    finally:
        with embedded_store.session() as session:
            registry.remove_site(session, other.name)


def test_links_show_what_came_of_them(
    client: FlaskClient, embedded_store: Store, site: Site, fill: Fill
) -> None:
    with embedded_store.session() as session:
        link = registry.add_link(session, f"https://{site.name}/a", "person", "Ambassador")
    fill(
        site,
        hit("10:00", "ann", "/a", kind="click", code=link.code),
        hit("10:00:01", "ann", f"/a?ds={link.code}", token=link.code),
        hit("10:02", "bot", "/a", kind="click", code=link.code, user_agent="WhatsApp/2.25.1 A"),
    )
    text = shown(client, "/links").text
    leads = f"Ambassador https://t.example/r/{link.code} leads to https://{site.name}/a"
    assert f"{leads} Person 1 1 1" in text
    assert "A person's managed link 1 100%" in shown(client, "/").text


def test_what_was_refused_is_told_without_any_visit(
    client: FlaskClient, site: Site, fill: Fill
) -> None:
    fill(
        site,
        hit("10:00", "", "", refused="do-not-track", n=3, recorded=1_729_591_200_000),
        hit("10:00", "", "", refused="unknown-site", site="", n=2, recorded=1_729_591_200_000),
    )
    text = shown(client, f"/refused{RANGE}").text
    assert "The browser asked not to be tracked do-not-track 3" in text
    assert "A key that belongs to no site unknown-site 2" in text
    assert "Nothing was refused." in shown(client, "/refused").text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("from=yesterday", 400, "'yesterday' is no day: give from=YYYY-MM-DD."),
        ("from=2024-10-02&to=2024-10-01", 400, "The range ends on 2024-10-01, before it begins"),
        ("site=nobody.example", 404, "add it with `darksocial site add nobody.example`"),
        ("site=<script>alert(1)</script>", 400, "is no host name"),
    ],
)
@pytest.mark.usefixtures("site")
def test_a_wrong_address_is_answered_with_the_way_out(
    client: FlaskClient, query: str, status: int, said: str
) -> None:
    for path in PAGES:
        assert said in shown(client, f"{path}?{query}", status).text


def chosen(page: Page) -> list[str | None]:
    """Return which of the two sites is chosen; the lists of other filters follow."""
    return [option.get("selected") for option in page.all("option")][:2]


def test_several_sites_can_be_chosen_from(
    client: FlaskClient, embedded_store: Store, site: Site
) -> None:
    with embedded_store.session() as session:
        registry.add_site(session, "aaa.example")
    try:
        assert chosen(shown(client, "/")) == ["", None]
        page = shown(client, f"/?site={site.name}&from={DAY}")
        assert chosen(page) == [None, ""]
        links = [link["href"] for link in page.all("a")]
        assert f"/channels?site={site.name}&from={DAY}" in links
    finally:
        with embedded_store.session() as session:
            registry.remove_site(session, "aaa.example")


ATTACK = "<script>alert(1)</script>"


def test_hostile_text_stays_text(
    client: FlaskClient, embedded_store: Store, site: Site, fill: Fill
) -> None:
    with embedded_store.session() as session:
        registry.add_link(
            session, f'https://{site.name}/"{ATTACK}', "person", f'"><img src=x>{ATTACK}'
        )
    fill(
        site,
        hit("10:00", "a", f"/{ATTACK}"),
        hit("10:01", "b", f'/"onmouseover="alert(1)?utm_source={ATTACK}&utm_medium={ATTACK}'),
        hit("10:02", "c", "/{{ 7 * 7 }}", referrer=f"https://evil.example/{ATTACK}"),
        hit("10:03", "d", "/d", user_agent=f"{FIREFOX} {ATTACK}"),
        hit("10:04", "e", "/e", referrer=f"android-app://{ATTACK}/"),
        hit("10:05", "", "", refused=ATTACK, n=1, recorded=1_729_591_200_000),
    )
    for path in PAGES:
        answer = client.get(f"{path}{RANGE}").text
        page = Page(answer)
        assert ATTACK not in answer
        assert [script["src"] for script in page.all("script")] in ([], LIVE)
        assert page.all("img") == []
        assert not [
            name for _, attributes in page.elements for name in attributes if name[:2] == "on"
        ]
    assert f"/{ATTACK} 1 0 0% 1" in shown(client, "/pages").text
    assert "/{{ 7 * 7 }} 1" in shown(client, "/pages").text
    assert f'"><img src=x>{ATTACK}' in shown(client, "/links").text
    assert f"{ATTACK} {ATTACK} 1" in shown(client, f"/refused{RANGE}").text
