"""Managed links: changes with a history, lists from CSV, campaign parameters, QR codes."""

from __future__ import annotations

import itertools
import time
from datetime import date
from pathlib import Path

import pytest

from darksocial import links, registry
from darksocial.errors import InputError
from darksocial.model import Link, Site
from darksocial.spool import snapshot
from darksocial.store.protocol import Session
from tracker_server.table import build

_numbers = itertools.count(1)


@pytest.fixture
def site(session: Session) -> Site:
    return registry.add_site(session, f"links-{next(_numbers)}.example", timezone="Europe/Berlin")


def test_a_link_keeps_its_code_and_its_history(session: Session, site: Site) -> None:
    made = registry.add_link(session, f"https://{site.name}/a", "person", "Ann", done_by="owner")
    links.edit(session, made.code, "ann", destination=f"https://{site.name}/b")
    links.edit(session, made.code, "ann", label="Ann B.", expires=2_000_000_000)
    now = links.find(session, made.code)
    assert (now.code, now.destination, now.label) == (made.code, f"https://{site.name}/b", "Ann B.")
    told = links.history(session, made.code)
    assert [(one.done_by, one.destination[-2:], one.label, one.expires) for one in told] == [
        ("owner", "/a", "Ann", 0),
        ("ann", "/b", "Ann", 0),
        ("ann", "/b", "Ann B.", 2_000_000_000),
    ]


@pytest.mark.parametrize("label", ["a\x07b", "a\u202eb", "a\nb", "x" * 201])
def test_a_label_that_no_list_can_show_is_refused(session: Session, site: Site, label: str) -> None:
    made = registry.add_link(session, f"https://{site.name}/a", label="x" * 200)
    with pytest.raises(InputError, match="cannot be read in a list"):
        registry.add_link(session, f"https://{site.name}/a", label=label)
    with pytest.raises(InputError, match="cannot be read in a list"):
        links.edit(session, made.code, label=label)
    read = links.from_csv(session, f"destination,label\nhttps://{site.name}/a,{'y' * 201}", site)
    assert [line for line, _ in read.refused] == [2]


def test_what_changes_nothing_is_no_change(session: Session, site: Site) -> None:
    made = registry.add_link(session, f"https://{site.name}/a")
    links.edit(session, made.code, destination=f"https://{site.name}/a", disabled=False)
    assert len(links.history(session, made.code)) == 1


@pytest.mark.parametrize(
    ("changes", "expires", "leads"),
    [
        ({}, 0, True),
        ({"disabled": True}, 0, False),
        ({}, 1_000_000_000, False),
        ({}, 4_000_000_000, True),
    ],
)
def test_the_tracker_follows(
    session: Session,
    site: Site,
    tmp_path: Path,
    changes: dict[str, bool],
    expires: int,
    leads: bool,
) -> None:
    made = registry.add_link(session, f"https://{site.name}/a", expires=expires)
    links.edit(session, made.code, **changes)
    registry.write_snapshot(session, tmp_path / "snapshot.json")
    known = snapshot.read(tmp_path / "snapshot.json")
    assert known
    table = build(known, time.time())
    assert (f"/r/{made.code}" in table.targets, f"/r/{made.code}" in table.ended) == (
        leads,
        not leads,
    )


def test_a_table_holds_until_the_next_link_ends() -> None:
    site = Site("example.com", "KEY", ("example.com",))
    ends = [Link(str(n), site.name, "https://example.com/", expires=n) for n in (0, 50, 70, 90)]
    known = snapshot.Snapshot({site.key: site}, {link.code: link for link in ends})
    assert build(known, 60).ends_at == 70
    assert build(known, 60).ended == {"/r/50"}
    assert build(known, 90).ends_at == float("inf")


def test_a_removed_link_is_gone_and_its_code_stays_taken(session: Session, site: Site) -> None:
    made = registry.add_link(session, f"https://{site.name}/a")
    links.remove(session, made.code)
    assert made.code not in {link.code for link in registry.links(session)}
    with pytest.raises(InputError, match="is no link's code"):
        links.find(session, made.code)
    assert registry.add_link(session, f"https://{site.name}/a").code != made.code


def test_a_link_stays_on_its_site(session: Session, site: Site) -> None:
    other = registry.add_site(session, f"other-{site.name}")
    made = registry.add_link(session, f"https://{site.name}/a")
    with pytest.raises(InputError, match="is on another site than the link"):
        links.edit(session, made.code, destination=f"https://{other.name}/")
    with pytest.raises(InputError, match="'poster' is no kind of link"):
        links.edit(session, made.code, kind="poster")


@pytest.mark.parametrize(
    ("destination", "tags", "address"),
    [
        ("https://e.com/a", {}, "https://e.com/a"),
        ("https://e.com/a", {"source": "News Letter"}, "https://e.com/a?utm_source=news-letter"),
        (
            "https://e.com/a?x=1#top",
            {"source": "x", "medium": " e-mail ", "campaign": "Frühling 25&26"},
            "https://e.com/a?x=1&utm_source=x&utm_medium=e-mail"
            "&utm_campaign=fr%C3%BChling-25%2626#top",
        ),
        ("https://e.com/?utm_source=old", {"source": "new"}, "https://e.com/?utm_source=new"),
    ],
)
def test_campaign_parameters_are_written_in_one_way(
    destination: str, tags: dict[str, str], address: str
) -> None:
    assert links.tagged(destination, tags) == address


def test_unknown_campaign_parameters_are_refused() -> None:
    with pytest.raises(InputError, match="'origin' is no campaign parameter"):
        links.tagged("https://e.com/", {"origin": "x"})


def test_a_list_adds_what_is_sound_and_names_the_rest(session: Session, site: Site) -> None:
    text = (
        "\ufeffDestination;Kind;Label;utm_source;Expires\n"
        f"https://{site.name}/a;person;Ann;;\n"
        "\n"
        f"https://elsewhere.example/;person;Bob;;\n"
        f"https://{site.name}/b;poster;;;\n"
        f"https://{site.name}/c;newsletter;Mai;brief;2027-03-28\n"
        f"https://{site.name}/d;qr;;;tomorrow\n"
        f"https://{site.name}/a;person;Ann;;\n"
    )
    made = links.from_csv(session, text, site, "ann")
    assert [(link.destination, link.kind, link.label) for link in made.added] == [
        (f"https://{site.name}/a", "person", "Ann"),
        (f"https://{site.name}/c?utm_source=brief", "newsletter", "Mai"),
    ]
    assert made.added[1].expires == links.end_of_day(date(2027, 3, 28), "Europe/Berlin")
    assert made.known == 1
    assert [line for line, _ in made.refused] == [4, 5, 7]
    assert "no kind of link" in made.refused[1][1]
    again = links.from_csv(session, text, site)
    assert (len(again.added), again.known, len(again.refused)) == (0, 3, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column `destination`"),
        ("url,label\nx,y\n", "no column `destination`"),
        ("destination,colour\nx,y\n", "has a column 'colour'"),
    ],
)
def test_a_list_without_its_heading_is_refused(
    session: Session, site: Site, text: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        links.from_csv(session, text, site)


def test_days_end_in_the_time_zone_of_the_site() -> None:
    assert links.end_of_day(date(2026, 7, 1), "Europe/Berlin") == 1_782_943_199
    assert links.end_of_day(date(2026, 7, 1), "UTC") == 1_782_950_399


def test_qr_codes_are_pictures() -> None:
    assert links.qr("https://e.com/r/abc", "png").startswith(b"\x89PNG")
    assert b"<svg" in links.qr("https://e.com/r/abc", "svg")
    with pytest.raises(InputError, match="no format of a QR code"):
        links.qr("https://e.com/r/abc", "gif")
