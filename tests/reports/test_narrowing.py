"""Every report heeds filters and segments, and what cannot be one is refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from literal import drain, hit, new_site, token

from darksocial import campaigns, reclassification, reports
from darksocial.campaigns import Campaign
from darksocial.errors import InputError
from darksocial.model import Site
from darksocial.reports import narrowing, segments
from darksocial.reports.segments import Segment
from darksocial.store import Session, Store
from darksocial.store.sql import Sql

pytestmark = pytest.mark.engines

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
WHATSAPP = "https://web.whatsapp.com/"


@pytest.fixture(scope="module")
def filled(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = new_site(store)
    shared = token(site)
    with store.session() as session:
        campaigns.add(session, Campaign(site.name, "Fall", date(2024, 10, 1), tags=("fall",)))
    rows = [
        hit("10:00", "ann", "/blog/a?utm_campaign=fall&utm_source=letter"),
        hit("10:00", "bob", "/blog/b", user_agent=PHONE, referrer=WHATSAPP),
        hit("10:01", "bob", "/blog/b", user_agent=PHONE, kind="share", token=shared, method="copy"),
        hit(
            "10:02", "bob", "/blog/b", user_agent=PHONE, kind="conversion", name="order", value=5.0
        ),
        hit("10:03", "bob", "/blog/b", user_agent=PHONE, kind="engagement", value=30.0),
        hit("10:30", "cyd", f"/shop?ds={shared}", user_agent=PHONE),
        hit("10:31", "cyd", "/shop", user_agent=PHONE, kind="conversion", name="order"),
        hit("11:00", "dan", f"/shop?ds={shared}"),
    ]
    drain(store, tmp_path_factory.mktemp("home"), site, rows)
    reclassification.publish_dirty(store, site.name)
    return site


def visits(session: Session, site: Site, name: str = "channels", **options: str) -> int:
    return sum(row["visits"] for row in reports.run(session, name, site, **options).rows)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 4),
        ({"page": "/blog/b"}, 1),
        ({"page": "/blog/*"}, 2),
        ({"page": "/"}, 0),
        ({"page": "{site}/shop"}, 2),
        ({"page": "{site}/*"}, 4),
        ({"campaign": "fall"}, 1),
        ({"source": "letter"}, 1),
        ({"application": "WhatsApp"}, 1),
        ({"channel": "dark_social"}, 3),
        ({"device": "mobile"}, 2),
        ({"device": "mobile", "channel": "dark_social", "page": "/shop"}, 1),
        ({"page": "/%(site)s') OR 1 = 1 --"}, 0),
    ],
)
def test_visits_fit_every_filter(
    session: Session, filled: Site, filters: dict[str, str], found: int
) -> None:
    options = {name: text.replace("{site}", filled.name) for name, text in filters.items()}
    assert visits(session, filled, **options) == found


# Of each report: what it counts of all visits, and of those on phones.
COUNTED: dict[str, tuple[str, int, int]] = {
    "overview": ("visits", 4, 2),
    "channels": ("visits", 4, 2),
    "pages": ("visits", 4, 2),
    "links": ("visits", 0, 0),
    "timing": ("visits", 2, 1),
    "tree": ("visits", 2, 1),
    "funnel": ("visits", 2, 1),
    "sharers": ("visits", 2, 1),
    "conversions": ("conversions", 2, 2),
    "engagement": ("visits", 4, 2),
    "estimate": ("certain", 2, 1),
    "public": ("dark_social", 3, 2),
    "campaigns": ("visits", 1, 0),
}


def test_every_report_is_looked_at() -> None:
    assert set(reports.REPORTS) == set(COUNTED)


@pytest.mark.parametrize("name", COUNTED)
def test_every_report_heeds_a_filter(session: Session, filled: Site, name: str) -> None:
    column, every, phones = COUNTED[name]

    def counted(**options: str) -> Any:
        return sum(row[column] for row in reports.run(session, name, filled, **options).rows)

    assert (counted(), counted(device="mobile")) == (every, phones)


def test_a_segment_is_its_filters_under_a_name(session: Session, filled: Site) -> None:
    phones = {"device": "mobile"}
    segments.save(session, Segment(filled.name, " On phones ", phones, "ann"))
    try:
        assert segments.segments(session, filled.name) == [
            Segment(filled.name, "On phones", phones, "ann")
        ]
        assert visits(session, filled, segment="On phones") == 2
        assert visits(session, filled, segment="On phones", page="/shop") == 1
        found = reports.run(session, "overview", filled, segment="On phones")
        assert found.limits == {"segment": "On phones"}
        assert reports.as_dict(found)["limits"] == {"segment": "On phones"}
        assert found.summary["shares"] is None
    finally:
        segments.remove(session, filled.name, "On phones")
    with pytest.raises(InputError, match="has no segment 'On phones': there are none yet"):
        visits(session, filled, segment="On phones")


def test_a_segment_is_changed_and_renamed(session: Session, site: Site) -> None:
    segments.save(session, Segment(site.name, "a", {"device": "mobile"}))
    segments.save(session, Segment(site.name, "b", {"device": "tablet"}), instead="a")
    assert [(one.name, one.filters) for one in segments.segments(session, site.name)] == [
        ("b", {"device": "tablet"})
    ]
    segments.save(session, Segment(site.name, "b", {"page": "/x?y=1&z= ü"}), instead="b")
    assert segments.find(session, site.name, "b").filters == {"page": "/x?y=1&z= ü"}


@pytest.mark.parametrize(
    ("name", "filters", "instead", "said"),
    [
        ("", {"device": "mobile"}, "", "cannot be read in a list"),
        ("a\nb", {"device": "mobile"}, "", "cannot be read in a list"),
        ("new", {}, "", "would hold every visit"),
        ("new", {"device": " "}, "", "would hold every visit"),
        ("new", {"device": "fridge"}, "", "'fridge' is no device: there are desktop"),
        ("new", {"colour": "red"}, "", "'colour' is no filter"),
        ("new", {"page": "/" * 2001}, "", "longer than 2000"),
        ("new", {"page": "/\udcff"}, "", "The filter page is no text in UTF-8"),
        ("taken", {"device": "mobile"}, "", "a segment 'taken' already"),
        ("new", {"device": "mobile"}, "lost", "has no segment 'lost'"),
    ],
)
def test_what_is_no_segment(
    session: Session, site: Site, name: str, filters: dict[str, str], instead: str, said: str
) -> None:
    segments.save(session, Segment(site.name, "taken", {"device": "tablet"}))
    with pytest.raises(InputError, match=said):
        segments.save(session, Segment(site.name, name, filters), instead)


@pytest.mark.parametrize(
    ("page", "fits"),
    [
        ("/city*", True),
        ("shop.example/city*", True),
        ("en.shop.example/", True),
        ("shop.example*", True),
        ("en.shop.example*", True),
        ("shop*", True),
        ("*", True),
        ("city*", False),
        ("city/*", False),
        ("Shop.example/city", False),
        ("shop.example", False),
        ("https://shop.example/city", False),
        ("other.example/city*", False),
    ],
)
def test_a_page_is_one_of_the_site(page: str, fits: bool) -> None:
    """Others would match nothing for ever."""
    if fits:
        assert narrowing.checked({"page": page}, ["shop.example"]) == {"page": page}
    else:
        said = f"^The page '{re.escape(page)}' begins neither .* or shop.example/blog/"
        with pytest.raises(InputError, match=said):
            narrowing.checked({"page": page}, ["shop.example"])
    assert narrowing.checked({"page": page}) == {"page": page}


def test_reports_and_segments_refuse_pages_of_no_host_of_the_site(
    session: Session, site: Site
) -> None:
    with pytest.raises(InputError, match="'city\\*' begins neither"):
        reports.run(session, "channels", site, page="city*")
    with pytest.raises(InputError, match="'city\\*' begins neither"):
        segments.save(session, Segment(site.name, "City", {"page": "city*"}))
    assert segments.segments(session, site.name) == []


def test_a_session_without_filters_stays_itself(session: Session) -> None:
    assert narrowing.narrowed(session, [{}, {"page": ""}]) is session


@pytest.mark.parametrize(
    ("sql", "times"),
    [
        ("SELECT 1 FROM visits WHERE 1", 1),
        ("SELECT 1 FROM %(part)s", 1),
        ("SELECT 1 FROM visits WHERE 'a' = 'b' AND id IN (SELECT id FROM visits)", 2),
        ("SELECT 1 FROM visits_of_old", 0),
        ("SELECT 1 FROM visits AS every", 0),
        ("-- what isn't read FROM visits\nSELECT 1", 0),
        ("SELECT %(text)s", 0),
        ("SELECT 'it\\'s FROM visits'", 0),
    ],
)
def test_only_readings_of_visits_are_narrowed(sql: str, times: int) -> None:
    """Not other tables, readings that ask for every visit, comments or texts."""
    seen: list[str] = []

    class Recorder:
        def query(self, sql: str, /, **params: Any) -> None:
            seen.append(sql)

    narrow = narrowing.Narrowed(Recorder(), [("device", "mobile")])  # type: ignore[arg-type]
    narrow.query(sql, part=Sql("(SELECT 2 FROM visits) AS part"), text="\\' FROM visits --")
    assert seen[0].count("WHERE device = 'mobile'") == times
