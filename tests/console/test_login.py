"""Logging in: who gets in, for how long, what each role may, and how guessing is slowed down."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from literal import hit
from page import Page, shown
from people import HOST, ORIGIN, PASSWORD, log_in, logged_in, sent

from darksocial import accounts, links, registry
from darksocial.accounts import passwords
from darksocial.console import throttle
from darksocial.console.app import create_app
from darksocial.console.throttle import Throttle
from darksocial.model import Site
from darksocial.reports import REPORTS
from darksocial.settings import load
from darksocial.store import Store

CHAT = "https://web.whatsapp.com/"
Fill = Callable[..., None]
NAMES = ("rea", "ann", "owen")
TEMPLATES = Path(throttle.__file__).parent / "templates"


@pytest.fixture(autouse=True)
def people(
    embedded_store: Store, console: Flask, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A reader, an analyst and an owner, and nobody who has guessed yet."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    console.extensions["throttle"] = Throttle()
    with embedded_store.session() as session:
        for name, role in zip(NAMES, accounts.ROLES, strict=True):
            accounts.add_account(session, name, role, PASSWORD)
        yield
        accounts.add_account(session, "last", "owner", PASSWORD)
        for name in set(accounts.accounts(session)) - {"last"}:
            accounts.remove_account(session, name)
        session.execute("TRUNCATE TABLE accounts")


def test_a_stranger_is_led_to_the_form_and_on_from_there(console: Flask, site: Site) -> None:
    client = console.test_client()
    led = client.get("/channels?from=2024-10-01").headers["Location"]
    assert led == "/login?next=/channels?from%3D2024-10-01"
    field = next(one for one in shown(client, led).all("input") if one.get("name") == "next")
    entered = log_in(client, "rea", next=field["value"])
    assert (entered.status_code, entered.headers["Location"]) == (303, "/channels?from=2024-10-01")
    assert client.get("/channels").status_code == 200
    assert client.get("/login").headers["Location"] == "/"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "evil",
        "",
        "/\n/evil",
        "/login",
    ],
)
def test_the_form_leads_to_no_other_host(console: Flask, path: str) -> None:
    assert log_in(console.test_client(), "rea", next=path).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("name", "password"),
    [("rea", ""), ("rea", "wrong"), ("", PASSWORD), ("nobody", PASSWORD), ("REA", PASSWORD),
     ("<script>", PASSWORD)],
)  # fmt: skip
def test_a_refusal_says_nothing_of_what_was_wrong(console: Flask, name: str, password: str) -> None:
    client = console.test_client()
    answer = log_in(client, name, password)
    assert answer.status_code == 403
    assert "Name and password do not fit." in Page(answer.text).text
    assert "<script>" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_cookie_is_signed_and_out_of_reach_of_scripts_and_other_sites(console: Flask) -> None:
    client = console.test_client()
    cookie = log_in(client, "rea").headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600"))
    kept = client.get_cookie("darksocial_login_18081", domain="127.0.0.1")
    assert kept is not None
    for value in (kept.value[:-1] + "!", kept.value.partition(".")[0], "x", ""):
        headers = {"Cookie": f"darksocial_login_18081={value}"}
        assert console.test_client().get("/", headers=headers).status_code == 303
    assert logged_in(console, "rea").get_cookie(kept.key, domain="127.0.0.1").value != kept.value


def test_each_log_in_gets_a_cookie_of_its_own(console: Flask) -> None:
    """Also where the browser brought one: whoever planted that one gains nothing."""
    client = console.test_client()
    client.set_cookie("darksocial_login_18081", "planted", domain="127.0.0.1")
    log_in(client, "rea")
    kept = client.get_cookie("darksocial_login_18081", domain="127.0.0.1")
    assert kept is not None
    assert "planted" not in kept.value


def test_logging_out_ends_the_log_in_in_the_store(console: Flask) -> None:
    client = logged_in(console, "rea")
    kept = client.get_cookie("darksocial_login_18081", domain="127.0.0.1")
    assert kept is not None
    assert sent(client, "/logout").headers["Location"] == "/login"
    headers = {"Cookie": f"darksocial_login_18081={kept.value}"}
    assert console.test_client().get("/account", headers=headers).status_code == 303


def test_a_log_in_expires(console: Flask, embedded_store: Store) -> None:
    from darksocial.console import identity

    with console.test_request_context(base_url=f"http://{HOST}"):
        signer = identity.signer()
    with embedded_store.session() as session:
        then = datetime.now(timezone.utc) - timedelta(days=15)
        old = signer.sign(accounts.begin(session, "rea", then)).decode()
    headers = {"Cookie": f"darksocial_login_18081={old}"}
    assert console.test_client().get("/account", headers=headers).status_code == 303


def test_a_removed_account_is_out_at_once(console: Flask, embedded_store: Store) -> None:
    client = logged_in(console, "rea")
    with embedded_store.session() as session:
        accounts.remove_account(session, "rea")
    assert client.get("/account").status_code == 303


def test_a_new_role_holds_at_once(console: Flask, embedded_store: Store, site: Site) -> None:
    client = logged_in(console, "rea")
    assert client.get("/export/visits.csv").status_code == 403
    with embedded_store.session() as session:
        accounts.change_account(session, "rea", role="analyst")
    assert client.get("/export/visits.csv").status_code == 200


def test_the_own_password_is_changed_with_the_old_one(console: Flask) -> None:
    client, elsewhere = logged_in(console, "rea"), logged_in(console, "rea")
    new = "another long password"
    assert sent(client, "/account/password", old="wrong", password=new).status_code == 403
    assert sent(client, "/account/password", old=PASSWORD, password="short").status_code == 400
    assert sent(client, "/account/password", old=PASSWORD, password=new).status_code == 303
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert log_in(console.test_client(), "rea").status_code == 403
    assert log_in(console.test_client(), "rea", new).status_code == 303


def test_the_account_s_language_wins_over_the_browser_s(console: Flask) -> None:
    client = logged_in(console, "rea")
    german = {"Accept-Language": "de"}
    assert '<html lang="de">' in client.get("/account", headers=german).text
    assert sent(client, "/account/language", language="en").status_code == 303
    assert '<html lang="en">' in client.get("/account", headers=german).text
    assert sent(client, "/account/language", language="xx").status_code == 400


CHANGES = [
    ("/account/users", {"do": "add", "name": "new", "role": "owner"}),
    ("/account/keys", {"do": "add", "role": "owner", "label": "x"}),
    ("/account/shares", {"do": "add", "report": "pages"}),
    ("/links/new", {"destination": "https://a.example/"}),
    ("/api/v1/links", {}),
]


@pytest.mark.parametrize("name", ["rea", "ann"])
@pytest.mark.parametrize(("path", "form"), CHANGES)
def test_only_owners_change_things(
    console: Flask, site: Site, name: str, path: str, form: dict[str, str]
) -> None:
    assert sent(logged_in(console, name), path, **form).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_only_owners_are_offered_to_make_and_change_links(
    console: Flask, site: Site, embedded_store: Store, name: str
) -> None:
    with embedded_store.session() as session:
        code = registry.add_link(session, f"https://{site.name}/a", label="Ann").code
        links.edit(session, code, expires=links.end_of_day(date(2030, 1, 31), site.timezone))
    client, owner = logged_in(console, name), name == "owen"
    assert client.get("/links/new").status_code == (200 if owner else 403)
    assert ("New link" in client.get("/links").text) == owner
    page = Page(client.get(f"/links/{code}").text)
    assert ("Save" in page.text) == owner
    assert "31 Jan 2030" in page.text  # in the history


@pytest.mark.parametrize(("name", "status"), [("rea", 403), ("ann", 200), ("owen", 200)])
@pytest.mark.parametrize("path", ["/export/visits.csv", "/api/v1/visits"])
def test_single_visits_are_for_analysts_and_owners(
    console: Flask, site: Site, name: str, status: int, path: str
) -> None:
    assert logged_in(console, name).get(path).status_code == status


def secret_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return re.search(r"<pre><code>(.*?)</code></pre>", answer.text)[1]  # type: ignore[index]


def test_an_owner_adds_changes_and_removes_accounts(console: Flask) -> None:
    owner = logged_in(console, "owen")
    password = secret_of(sent(owner, "/account/users", do="add", name="new", role="reader"))
    assert password not in owner.get("/account").text
    new = console.test_client()
    assert log_in(new, "new", password).status_code == 303
    assert sent(owner, "/account/users", do="role", name="new", role="analyst").status_code == 303
    again = secret_of(sent(owner, "/account/users", do="password", name="new"))
    assert new.get("/account").status_code == 303
    assert log_in(new, "new", again).status_code == 303
    assert sent(owner, "/account/users", do="remove", name="new").status_code == 303
    assert log_in(new, "new", again).status_code == 403
    assert sent(owner, "/account/users", do="remove", name="owen").status_code == 400
    assert sent(owner, "/account/users", do="other", name="owen").status_code == 400


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("/account/users", {"do": "add", "name": "a b", "role": "reader"}, "kein Name für ein"),
        ("/account/users", {"do": "add", "name": "new", "role": "king"}, "'king' ist keine Rolle"),
        ("/account/users", {"do": "remove", "name": "nobody"}, "Das Konto 'nobody' gibt es nicht"),
        ("/account/keys", {"do": "remove", "id": "gone"}, "Den API-Schlüssel 'gone' gibt es nicht"),
        ("/account/shares", {"do": "remove", "id": "gone"}, "Den geteilten Bericht 'gone' gibt es"),
        ("/nowhere", {}, "Unter dieser Adresse gibt es nichts"),
        ("/account", {}, "Diese Adresse lässt sich so nicht verwenden"),
    ],
)
def test_what_went_wrong_is_told_in_the_language_of_the_page(
    client: FlaskClient, path: str, form: dict[str, str], said: str
) -> None:
    answer = client.post(f"{path}?lang=de", data=form, headers=ORIGIN)
    assert 400 <= answer.status_code < 500
    assert said in Page(answer.text).text


def test_what_owners_do_is_written_down(console: Flask) -> None:
    owner = logged_in(console, "owen")
    secret_of(sent(owner, "/account/users", do="add", name="new", role="reader"))
    text = shown(owner, "/account").text
    assert "owen add new" in text
    assert "owen login" in text


def test_readers_see_nothing_of_accounts_and_keys(console: Flask) -> None:
    text = shown(logged_in(console, "rea"), "/account").text
    assert "owen" not in text
    assert "API" not in text


def test_a_report_is_shared_with_whoever_has_the_address(console: Flask, site: Site) -> None:
    owner = logged_in(console, "owen")
    form = {"report": "pages", "site": site.name, "from": "2024-10-01", "days": "7"}
    address = secret_of(sent(owner, "/account/shares", do="add", **form))
    path = address.removeprefix(f"http://{HOST}")
    stranger = console.test_client()
    page = shown(stranger, f"{path}?site=other.example&from=1999-01-01")
    assert "1 Oct 2024" in page.text
    assert "1999" not in page.text
    assert site.name in page.text
    for format_ in ("csv", "xlsx", "pdf", "json"):
        assert stranger.get(f"{path}/report.{format_}").status_code == 200
    assert stranger.get(f"{path}/report.exe").status_code == 404
    assert stranger.get(f"{path}x").status_code == 404
    assert stranger.get("/").status_code == 303
    row = rf'<td>{re.escape(site.name)}</td>.*?name="id" value="(\w+)"'
    (share,) = re.findall(row, owner.get("/account").text, re.DOTALL)
    assert sent(owner, "/account/shares", do="remove", id=share).status_code == 303
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"report": "nothing"},
        {"days": "0"},
        {"days": "9" * 5000},
        {"days": "x"},
        {"site": "other.example"},
        {"from": "x"},
    ],
)
def test_what_cannot_be_shared_is_one_sentence(
    console: Flask, site: Site, form: dict[str, str]
) -> None:
    usual = {"do": "add", "report": "pages", "site": site.name, "days": "7"}
    answer = sent(logged_in(console, "owen"), "/account/shares", **{**usual, **form})
    assert answer.status_code in (400, 404)
    assert len(Page(answer.text).all("pre")) == 0


def test_guessing_is_slowed_down_and_the_right_name_waits_too(console: Flask) -> None:
    client = console.test_client()
    found = [log_in(client, "rea", f"wrong {number}").status_code for number in range(6)]
    assert found == [403] * 5 + [429]
    answer = log_in(client, "rea")
    assert answer.status_code == 429
    wait = int(answer.headers["Retry-After"])
    assert wait >= 1
    unit = "second" if wait == 1 else "seconds"
    assert f"Too many attempts: wait {wait} {unit}." in Page(answer.text).text
    assert log_in(client, "ann").status_code == 429  # the same address
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    form = {"name": "ann", "password": PASSWORD}
    answer = client.post("/login", data=form, headers=ORIGIN, environ_overrides=elsewhere)
    assert answer.status_code == 303


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_waits_grow_to_a_limit_and_end() -> None:
    clock = Clock()
    slow = Throttle(clock)
    waits = []
    for _ in range(20):
        assert slow.attempt("rea", "192.0.2.1") == 0
        waits.append(slow.attempt("rea", "192.0.2.1"))
        clock.now += waits[-1]
    assert max(waits) == 900
    assert slow.attempt("rea", "192.0.2.2") == 0
    assert slow.attempt("rea", "192.0.2.3") == 60  # nobody is locked out of their account for long


def test_a_success_forgets_the_failures() -> None:
    slow = Throttle(Clock())
    for _ in range(4):
        slow.attempt("rea", "192.0.2.1")
    slow.succeeded("rea", "192.0.2.1")
    assert [slow.attempt("rea", "192.0.2.1") for _ in range(5)] == [0] * 5


def test_addresses_of_one_network_count_together() -> None:
    slow = Throttle(Clock())
    for number in range(5):
        slow.attempt(f"name{number}", f"2001:db8::{number}")
    assert slow.attempt("another", "2001:db8::ffff") > 0
    assert slow.attempt("another", "2001:db8:0:1::1") == 0


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST", 10)
    slow = Throttle(Clock())
    for number in range(100):
        slow.attempt(f"name{number}", f"192.0.2.{number}")
    assert len(slow._failed) <= 10


def test_behind_a_proxy_the_public_address_is_answered_with_secure_cookies(
    embedded_store: Store,
) -> None:
    settings = load({"console_url": "https://stats.example", "trusted_proxies": "127.0.0.1"}, {})
    hosts = frozenset({"stats.example"})
    client = create_app(embedded_store, settings, "secret", hosts).test_client()
    proxied: dict[str, Any] = {
        "base_url": "http://stats.example",
        "headers": {"Origin": "https://stats.example", "X-Forwarded-For": "192.0.2.7"},
    }
    form = {"name": "rea", "password": PASSWORD}
    answer = client.post("/login", data=form, **proxied)
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-darksocial=")
    assert "Secure" in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    for number in range(5):
        client.post("/login", data={**form, "password": str(number)}, **proxied)
    assert client.post("/login", data=form, **proxied).status_code == 429
    proxied["headers"]["X-Forwarded-For"] = "192.0.2.7, 192.0.2.8"
    assert client.post("/login", data={**form, "name": "ann"}, **proxied).status_code == 303
    proxied["headers"]["Origin"] = "http://stats.example"
    assert client.post("/login", data=form, **proxied).status_code == 403


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_every_form_that_changes_something_brings_the_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL):
        assert "csrf_field()" in form or path.name == "leave.html"


@pytest.mark.parametrize("path", ["/", "/channels", "/pages", "/links"])
def test_readers_see_pages_without_small_cells(
    console: Flask, site: Site, fill: Fill, path: str
) -> None:
    busy = [hit("10:00", f"many{number}", "/busy") for number in range(40)]
    rare = [hit("11:00", f"few{number}", "/rare", referrer=CHAT) for number in range(2)]
    fill(site, *busy, *rare)
    seen = shown(logged_in(console, "ann"), path).text
    page = shown(logged_in(console, "rea"), path).text
    notice = "Figures that speak of fewer than 5 visitors are left out."
    assert (notice in page, notice in seen) == (True, False)
    for word in ("/rare", "WhatsApp"):
        assert word not in page
    if path == "/channels":
        assert "WhatsApp" in seen


@pytest.mark.parametrize("path", ["/", "/channels", "/pages", "/links", "/refused"])
def test_readers_of_a_quiet_site_see_pages_too(
    console: Flask, site: Site, fill: Fill, path: str
) -> None:
    fill(site, hit("10:00", "ann", "/rare"), hit("2024-10-25T10:00", "bob", "/rare"))
    assert "/rare" not in shown(logged_in(console, "rea"), path).text


def test_a_report_is_shared_as_its_page_shows_it(console: Flask, site: Site, fill: Fill) -> None:
    fill(site, *[hit("10:00", f"many{number}", "/busy") for number in range(20)])
    fill(site, *[hit("10:00", f"more{number}", "/other") for number in range(20)])
    owner = logged_in(console, "owen")
    page = shown(owner, f"/channels?from=2024-10-01&page={site.name}/busy")
    link = next(one["href"] for one in page.all("a") if one.get("href", "").endswith("#share"))
    fields = {one.get("name"): one.get("value") for one in shown(owner, link).all("input")}
    form = {"report": "channels", "site": site.name, "days": "7", "page": fields["page"] or ""}
    address = secret_of(sent(owner, "/account/shares", do="add", **form))
    path = address.removeprefix(f"http://{HOST}")
    answer = console.test_client().get(f"{path}/report.json").get_json(force=True)
    assert [row["visits"] for row in answer["rows"]] == [20]


# How much happens on a site changes what readers see, and nothing of what the others may open.
@pytest.mark.parametrize(("name", "busy"), [("rea", 0), ("rea", 2), *((one, 40) for one in NAMES)])
def test_every_page_can_be_opened_or_is_refused_in_every_role(
    console: Flask, site: Site, fill: Fill, name: str, busy: int
) -> None:
    fill(site, hit("09:00", "ann", "/rare", referrer=CHAT))
    fill(site, *[hit("10:00", f"many{number}", "/busy", referrer=CHAT) for number in range(busy)])
    paths = {rule.rule for rule in console.url_map.iter_rules() if "GET" in (rule.methods or ())}
    paths |= {f"/reports/{name}" for name in REPORTS} | {f"/export/{name}.pdf" for name in REPORTS}
    found = {}
    client = logged_in(console, name)
    for path in sorted(path for path in paths if "<" not in path):
        status = client.get(path).status_code
        if status not in (200, 302, 303) and not (status == 403 and name != "owen"):
            found[path] = status
    assert set(found) <= {f"/reports/{name}" for name in ("overview", "channels", "pages", "links")}
    assert set(found.values()) <= {404}
