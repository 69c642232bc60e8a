"""Sites and links: how they are named, what is refused, and what the tracker is told."""

from __future__ import annotations

import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from darksocial import registry
from darksocial.errors import InputError, UnknownSite
from darksocial.model import LINK_KINDS, Site
from darksocial.rules.tokens import link_code
from darksocial.spool import snapshot
from darksocial.store import Store
from darksocial.store.protocol import Session
from tracker_server.table import build

_numbers = itertools.count(1)


@pytest.fixture
def name() -> str:
    """A host that no other test names."""
    return f"registry-{next(_numbers)}.example"


HOSTS = [
    ("example.com", "example.com"),
    ("Example.COM", "example.com"),
    ("www.example.com", "example.com"),
    ("WWW.Example.com.", "example.com"),
    (" example.com\n", "example.com"),
    ("https://www.example.com/a/b?c#d", "example.com"),
    ("example.com/blog", "example.com"),
    ("http://ann:pw@example.com/", "example.com"),
    ("example.com:8080", "example.com:8080"),
    ("http://example.com:8080/x", "example.com:8080"),
    ("http://example.com:80/x", "example.com"),
    ("https://example.com:443", "example.com"),
    ("bücher.example", "xn--bcher-kva.example"),
    ("https://www.Bücher.example/ü", "xn--bcher-kva.example"),
    ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ("localhost", "localhost"),
    ("localhost:8082", "localhost:8082"),
    ("127.0.0.1", "127.0.0.1"),
    ("[::1]:8080", "[::1]:8080"),
    ("http://[::1]/", "[::1]"),
    ("under_score.example", "under_score.example"),
]


@pytest.mark.parametrize(("text", "name"), HOSTS)
def test_hosts_are_named_in_one_way(text: str, name: str) -> None:
    assert registry.host_name(text) == name
    assert registry.host_name(name) == name


BAD_HOSTS = [
    "",
    "  ",
    "/",
    "https://",
    "exa mple.com",
    "-example.com",
    "example.-com",
    "example..com",
    ".example.com",
    "example.com:port",
    "example.com:99999",
    "example.com'; DROP TABLE sites",
    "example.com\nother.example",
    "<b>.example",
    "a" * 64 + ".example",
    ".".join(["a" * 60] * 5),
    "ü" * 80 + ".example",
    "::1",
]


@pytest.mark.parametrize("text", BAD_HOSTS)
def test_what_is_no_host_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError, match=r"is no host name.* example\.com") as caught:
        registry.host_name(text)
    assert "\n" not in str(caught.value)


def test_a_site_gets_a_key_and_its_own_host(session: Session, name: str) -> None:
    added = registry.add_site(session, f"https://www.{name.upper()}/")
    assert added == Site(name, added.key, (name,), "UTC")
    assert re.fullmatch(r"[0-9a-f]{16}", added.key)
    assert registry.site(session, f"www.{name}") == added
    assert registry.sites(session)[name] == added


def test_adding_a_site_again_keeps_its_key_and_adds_to_it(session: Session, name: str) -> None:
    first = registry.add_site(session, name, timezone="Europe/Berlin")
    assert registry.add_site(session, name) == first
    second = registry.add_site(session, name, (f"blog.{name}", f"www.{name}"), "America/Lima")
    assert second == Site(name, first.key, (name, f"blog.{name}"), "America/Lima")
    assert registry.add_site(session, name, (f"blog.{name}",)) == second
    assert registry.site(session, name) == second


def test_a_removed_site_is_unknown_and_comes_back_with_its_key(session: Session, name: str) -> None:
    first = registry.add_site(session, name, timezone="Europe/Berlin")
    registry.remove_site(session, name)
    assert name not in registry.sites(session)
    with pytest.raises(UnknownSite):
        registry.remove_site(session, name)
    assert registry.add_site(session, name).key == first.key


@pytest.mark.parametrize(
    "ending", ["com", "de", "co.uk", "com.au", "ac.jp", "ne.jp", "github.io", "www.com", "xn--p1ai"]
)
def test_an_ending_of_many_owners_is_no_site_and_no_host_of_one(
    session: Session, name: str, ending: str
) -> None:
    for name_and_hosts in ((ending, ()), (name, (name, ending))):
        with pytest.raises(InputError, match=r"give the whole host, like example\."):
            registry.add_site(session, *name_and_hosts)
    assert not {name, ending} & set(registry.sites(session))


@pytest.mark.parametrize(
    "host", ["localhost", "blog", "intranet:8080", "web.de", "id.me", "go.com", "t.co", "10.0.0.1"]
)
def test_a_host_of_one_owner_may_be_a_site(session: Session, host: str) -> None:
    assert registry.add_site(session, host).name == host
    registry.remove_site(session, host)


def test_keys_differ(session: Session) -> None:
    keys = [registry.add_site(session, f"registry-{next(_numbers)}.example").key for _ in range(5)]
    assert len(set(keys)) == 5


def test_an_unknown_site_is_named_with_the_command_that_adds_it(session: Session) -> None:
    with pytest.raises(UnknownSite, match=r"`darksocial site add nobody\.example`"):
        registry.site(session, "nobody.example")


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Bern",
        "../../etc/passwd",
        "/etc/localtime",
        "CEST+1 ",
        "Europe",
        "right/Europe/Berlin",
        "x" * 5000,
    ],
)
def test_an_unknown_time_zone_is_refused_and_changes_nothing(
    session: Session, name: str, zone: str
) -> None:
    with pytest.raises(InputError, match=r"no time zone.*Europe/Berlin") as caught:
        registry.add_site(session, name, timezone=zone)
    assert "\n" not in str(caught.value)
    assert name not in registry.sites(session)


@pytest.mark.parametrize("subdomain", ["blog", "zine"])
def test_a_subdomain_may_be_a_site_of_its_own(session: Session, name: str, subdomain: str) -> None:
    registry.add_site(session, name)
    own = registry.add_site(session, f"{subdomain}.{name}")
    assert registry.add_link(session, f"https://{subdomain}.{name}/a").site == own.name
    assert registry.add_link(session, f"https://www.{name}/a").site == name


def test_a_link_to_an_international_host_is_one_that_the_tracker_follows(
    session: Session, name: str
) -> None:
    site = registry.add_site(session, f"b\u00fccher-{name}")
    link = registry.add_link(session, f"https://B\u00fccher-{name}/caf\u00e9")
    assert link.site == site.name
    told = snapshot.Snapshot({site.key: site}, {link.code: link})
    (target,) = build(told).targets.values()
    assert target.location == f"https://{site.name}/caf%C3%A9?ds={link.code}"


DESTINATIONS = ["https://{}/a?b=c#d", "http://www.{}/", "https://blog.{}/post", "HTTPS://{}/x"]


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_a_link_leads_to_a_page_of_a_site(site: Site, session: Session, destination: str) -> None:
    address = destination.format(site.name)
    added = registry.add_link(session, address, "person", "Ann's link")
    assert (added.site, added.destination, added.kind) == (site.name, address, "person")
    assert registry.links(session, site.name) == [added]
    assert added in registry.links(session)


ELSEWHERE = [
    "https://elsewhere.example/",
    "https://{}.elsewhere.example/",
    "https://not{}/",
    "https://elsewhere.example\\@{}/",
    "https://{}@elsewhere.example/",
    "https://elsewhere.example/?u=https://{}/",
]


@pytest.mark.parametrize("destination", ELSEWHERE)
def test_no_link_leads_to_somebody_else_s_page(
    site: Site, session: Session, destination: str
) -> None:
    with pytest.raises((UnknownSite, InputError)) as caught:
        registry.add_link(session, destination.format(site.name))
    assert "\n" not in str(caught.value)
    assert registry.links(session, site.name) == []


NO_ADDRESS = [
    "",
    "javascript:alert(1)//{}",
    "//{}/",
    "{}/page",
    "ftp://{}/",
    "https:///x",
    "https://[::1/",
    "https://{}/a\r\nSet-Cookie: b",
    "https://{}/a b",
    "https://{}:port/",
]


@pytest.mark.parametrize("destination", NO_ADDRESS)
def test_a_destination_that_is_no_address_is_refused(
    site: Site, session: Session, destination: str
) -> None:
    with pytest.raises(InputError, match="destination") as caught:
        registry.add_link(session, destination.format(site.name))
    assert "\n" not in str(caught.value)
    assert registry.links(session, site.name) == []


def test_an_unknown_kind_of_link_is_refused_with_those_there_are(
    site: Site, session: Session
) -> None:
    with pytest.raises(InputError) as caught:
        registry.add_link(session, f"https://{site.name}/", "poster")
    for kind in LINK_KINDS:
        assert kind in str(caught.value)


def test_codes_are_unique_and_cannot_be_enumerated(site: Site, session: Session) -> None:
    added = [registry.add_link(session, f"https://{site.name}/{n}") for n in range(12)]
    codes = [link.code for link in added]
    assert len(set(codes)) == 12
    assert all(re.fullmatch(r"[A-Za-z0-9]{6,}", code) for code in codes)
    numbers = [link.number for link in added]
    assert numbers == sorted(set(numbers))
    # Whoever knows the software and even the site's public key still cannot compute a code.
    guesses = {link_code(number, salt) for number in numbers for salt in ("", site.key, site.name)}
    assert guesses.isdisjoint(codes)


def test_a_code_does_not_tell_the_next(site: Site, session: Session) -> None:
    codes = [registry.add_link(session, f"https://{site.name}/{n}").code for n in range(6)]
    for one, following in itertools.pairwise(codes):
        assert sum(a == b for a, b in zip(one, following, strict=False)) < 5


def test_the_tracker_is_told_of_sites_and_links(
    site: Site, session: Session, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    link = registry.add_link(session, f"https://{site.name}/a", "qr", "Poster \u2603")
    path = home / "snapshot.json"
    registry.write_snapshot(session, path)
    told = snapshot.read(path)
    assert told is not None
    assert told.sites[site.key] == site
    assert told.links[link.code] == link
    registry.remove_site(session, site.name)
    registry.write_snapshot(session, path)
    told = snapshot.read(path)
    assert told is not None
    assert site.key not in told.sites
    assert link.code not in {path.rpartition("/")[2] for path in build(told).targets}
    assert home.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


def test_links_that_are_added_at_the_same_time_keep_their_destinations(
    store: Store, site: Site
) -> None:
    """Each has a code of its own, whoever else adds one meanwhile."""

    def add(person: int) -> dict[str, str]:
        with store.session() as session:
            links = [
                registry.add_link(session, f"https://{site.name}/{person}/{number}")
                for number in range(5)
            ]
        return {link.code: link.destination for link in links}

    with ThreadPoolExecutor(4) as pool:
        added = [found for codes in pool.map(add, range(4)) for found in codes.items()]
    with store.session() as session:
        known = {link.code: link.destination for link in registry.links(session, site.name)}
    assert known == dict(added)
    assert len(known) == 20
