"""Who may talk to the console: its own pages and whoever holds the secret, and no web page."""

from __future__ import annotations

import hashlib
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from page import shown

from darksocial.cli.private import _host_headers
from darksocial.console.guard import Guard
from darksocial.settings import load

SECRET = "the-secret-of-the-lock-file"
HOST = "127.0.0.1:18081"
OWN = f"http://{HOST}"
COOKIE = "darksocial_18081"


def csrf(person: FlaskClient) -> dict[str, str]:
    """Return the header with the token that stands in the forms of a page."""
    fields = shown(person, "/account").all("input")
    return {"X-CSRF-Token": next(one["value"] for one in fields if one.get("name") == "csrf")}


@pytest.fixture
def person(stranger: FlaskClient) -> FlaskClient:
    """A browser that has opened the address which the command printed."""
    assert stranger.get(f"/?key={SECRET}").status_code == 302
    return stranger


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 303),
        ("/api/reports/overview", {}, 401),
        ("/no/such/page", {}, 303),
        ("/?key=", {}, 303),
        ("/?key=wrong", {}, 303),
        (f"/?key={SECRET}x", {}, 303),
        ("/?key=schlüssel", {}, 303),
        ("/", {"Authorization": "Bearer wrong"}, 303),
        ("/", {"Authorization": SECRET}, 303),
        ("/", {"Cookie": f"{COOKIE}={SECRET}"}, 303),
        ("/", {"Cookie": f"{COOKIE}={hashlib.sha256(SECRET.encode()).hexdigest()}"}, 303),
        ("/", {"Authorization": f"Bearer {SECRET}"}, 200),
        ("/healthz", {}, 200),
        ("/static/console.css", {}, 200),
        ("/static/../app.py", {}, 404),
    ],
)
def test_reading_needs_the_secret(
    stranger: FlaskClient, path: str, headers: dict[str, str], status: int
) -> None:
    assert stranger.get(path, headers=headers).status_code == status


def test_no_page_of_the_console_is_open_to_strangers(console: Flask, stranger: FlaskClient) -> None:
    rules = [rule for rule in console.url_map.iter_rules() if not rule.rule.startswith("/static/")]
    open_rules = set()
    for rule in rules:
        path = re.sub("<[^>]*>", "overview", rule.rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = stranger.open(path, method=method, headers={"Origin": OWN})
            shut = answer.status_code in (401, 403) or "/login?" in answer.headers.get(
                "Location", ""
            )
            if not shut:
                open_rules.add((rule.rule, answer.status_code))
    assert open_rules == {
        ("/healthz", 200),
        ("/login", 200),
        # These ask for the secret that is part of their address.
        ("/shared/<token>", 404),
        ("/shared/<token>/report.<format_>", 404),
        ("/unsubscribe/<token>", 404),
    }


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:18081",  # a name that was made to point at loopback
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1:18081.evil.example",
        "localhost.evil.example:18081",
        "[::1]:18081",
    ],
)
@pytest.mark.parametrize("path", ["/", "/healthz", "/static/console.css", "/store/sessions"])
def test_another_host_name_is_refused_even_with_the_secret(
    client: FlaskClient, host: str, path: str
) -> None:
    assert client.get(path, headers={"Host": host}).status_code == 403


def test_the_printed_address_gives_a_cookie_and_leaves_no_key_behind(
    stranger: FlaskClient,
) -> None:
    answer = stranger.get(f"/channels?site=a.example&key={SECRET}&from=2024-10-01")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/channels?site=a.example&from=2024-10-01"
    cookie = answer.headers["Set-Cookie"]
    assert SECRET not in cookie
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\t/evil.example/", "/\n/evil.example/", "/\\/evil.example/",
             "/\\evil.example/", "\t//evil.example/"],
)  # fmt: skip
def test_the_printed_address_never_leads_to_another_host(stranger: FlaskClient, path: str) -> None:
    answer = stranger.get(f"/?key={SECRET}", environ_overrides={"PATH_INFO": path})
    assert answer.headers["Location"] == "/evil.example/"


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost:9999", True),  # through `ssh -L 9999:localhost:8081`
        ("127.0.0.1:9999", True),
        ("[::1]:9999", True),
        ("localhost", True),
        ("10.0.0.5:8081", True),
        ("10.0.0.5:9999", False),
        ("console.example", True),
        ("console.example:9999", False),
        ("evil.example:8081", False),
        ("localhost.evil.example:8081", False),
        ("evil.localhost:8081", False),
        ("localhost:8081:9999", False),
        ("", False),
    ],
)
def test_loopback_answers_on_any_port_and_no_other_name_does(host: str, known: bool) -> None:
    settings = load({"console_host": "10.0.0.5", "console_url": "https://console.example"}, {})
    assert Guard(SECRET, _host_headers(settings))._answers_to(host) is known


def test_the_cookie_does_not_open_the_store(person: FlaskClient) -> None:
    cookie = person.get_cookie(COOKIE, domain="127.0.0.1")
    assert cookie is not None
    assert person.post("/store/sessions", headers={"Origin": OWN}).status_code == 403
    bearer = {"Authorization": f"Bearer {cookie.value}"}
    assert person.post("/store/sessions", headers=bearer).status_code == 403


@pytest.mark.parametrize(
    "environ",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
    ],
)
def test_the_secret_is_good_on_this_machine_alone(
    person: FlaskClient, environ: dict[str, str]
) -> None:
    bearer = {"Authorization": f"Bearer {SECRET}"}
    for path, headers in [("/", {}), (f"/?key={SECRET}", {}), ("/", bearer)]:
        answer = person.get(path, headers=headers, environ_overrides=environ)
        assert answer.headers["Location"].startswith("/login?next="), path
        assert "Set-Cookie" not in answer.headers
    answer = person.post("/store/sessions", headers=bearer, environ_overrides=environ)
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 403),
        ("null", 403),
        ("https://evil.example", 403),
        ("http://127.0.0.1:18082", 403),  # another port of loopback: same site, same cookies
        (f"https://{HOST}", 403),
        (f"{OWN}.evil.example", 403),
        (OWN, 405),  # let through; this page has nothing to change
    ],
)
def test_changing_needs_the_consoles_own_origin(
    person: FlaskClient, method: str, origin: str | None, status: int
) -> None:
    headers = csrf(person) | ({"Origin": origin} if origin else {})
    assert person.open("/", method=method, headers=headers).status_code == status


@pytest.mark.parametrize("token", ["", "x", SECRET])
def test_changing_needs_the_token_of_the_consoles_own_forms(
    person: FlaskClient, token: str
) -> None:
    headers = {"Origin": OWN, "X-CSRF-Token": token}
    assert person.post("/", headers=headers).status_code == 403
    assert person.post("/", headers={"Origin": OWN}, data={"csrf": token}).status_code == 403
    form = {"csrf": csrf(person)["X-CSRF-Token"]}
    assert person.post("/", headers={"Origin": OWN}, data=form).status_code == 405


def test_changing_with_the_secret_itself_needs_no_origin(client: FlaskClient) -> None:
    assert client.post("/").status_code == 405


@pytest.mark.parametrize(
    "path", ["/", "/nope", "/static/console.css", "/api/reports/nope", "/store/sessions/x/query"]
)
@pytest.mark.parametrize("with_secret", [True, False])
def test_every_answer_is_hardened(stranger: FlaskClient, path: str, with_secret: bool) -> None:
    headers = {"Authorization": f"Bearer {SECRET}"} if with_secret else {}
    answer = stranger.get(path, headers=headers)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers
