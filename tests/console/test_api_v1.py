"""The JSON API: what it describes is what it answers, page by page, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from literal import hit, token

from darksocial import accounts, registry
from darksocial.console import openapi
from darksocial.model import Site
from darksocial.reports import REPORTS
from darksocial.settings import load
from darksocial.store import Store

DAY = "2024-10-22"


@pytest.fixture(scope="module", autouse=True)
def sites(embedded_store: Store, fill: Callable[..., None]) -> Iterator[tuple[Site, Site]]:
    with embedded_store.session() as session:
        first = registry.add_site(session, "first.example")
        other = registry.add_site(session, "other.example")
    for site in (first, other):
        shared = token(site)
        fill(
            site,
            hit("10:00", "typed", "/=formula"),
            hit("10:05", "friend", f"/story?ds={shared}", token=shared),
            hit("10:20", "searcher", "/störy", referrer="https://www.google.com/"),
            *[hit("11:00", f"many{number}", "/") for number in range(8)],
        )
    yield first, other
    with embedded_store.session() as session:
        for site in (first, other):
            registry.remove_site(session, site.name)


@pytest.fixture(scope="module")
def keys(embedded_store: Store) -> dict[str, str]:
    """A key of each role, and an owner's key that is good for one site."""
    with embedded_store.session() as session:
        found = {role: accounts.add_key(session, role) for role in accounts.ROLES}
        return found | {"scoped": accounts.add_key(session, "owner", "", "first.example")}


class Api:
    """The API with a key."""

    def __init__(self, client: FlaskClient, key: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        answer = self.client.get(f"/api/v1{path}", headers=self.headers, query_string=query)
        assert answer.status_code == status, answer.text
        return answer.get_json()

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        answer = self.client.post(f"/api/v1{path}", headers=self.headers, json=body)
        assert answer.status_code == status, answer.text
        return answer.get_json()


@pytest.fixture
def api(console: Flask, keys: dict[str, str]) -> Callable[[str], Api]:
    return lambda name: Api(console.test_client(), keys[name])


def described(value: Any, schema: dict[str, Any]) -> None:
    """Fail where a value is not what a schema says; objects have no field that it leaves out."""
    kinds = schema.get("type", "object")
    names = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool,
             "number": (int, float), "null": type(None)}  # fmt: skip
    wanted = [kinds] if isinstance(kinds, str) else kinds
    assert any(isinstance(value, names[kind]) for kind in wanted), (value, schema)
    assert value in schema.get("enum", [value])
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema["required"]) <= set(value)
        for name, part in schema["properties"].items():
            if name in value:
                described(value[name], part)
    for part in value if isinstance(value, list) else []:
        described(part, schema["items"])


QUERIES = {
    "now": {"site": "first.example"},
    "report": {"site": "first.example"},
    "visits": {"site": "first.example"},
}
READING = [one for one in openapi.OPERATIONS if one.method == "get"]


@pytest.mark.parametrize("operation", READING, ids=lambda one: one.name)
def test_the_answers_are_what_the_description_says(
    api: Callable[[str], Api], operation: openapi.Operation
) -> None:
    path = operation.path.replace("{name}", "overview")
    answer = api("owner").get(path, operation.status, **QUERIES.get(operation.name, {}))
    described(answer, operation.answer)


def test_the_description_has_all_routes_and_no_others(
    console: Flask, api: Callable[[str], Api]
) -> None:
    document = api("reader").get("/openapi.json")
    assert document["openapi"] == "3.1.0"
    told = {
        (path.replace("{", "<").replace("}", ">"), method.upper(), operation["operationId"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    routes = {
        (rule.rule, method, rule.endpoint.removeprefix("api."))
        for rule in console.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1")
    }
    assert told == routes


@pytest.mark.parametrize("operation", openapi.OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("role", accounts.ROLES)
def test_each_route_takes_the_role_that_is_told(
    console: Flask, keys: dict[str, str], operation: openapi.Operation, role: str
) -> None:
    path = openapi.BASE + operation.path.replace("{name}", "overview")
    headers = {"Authorization": f"Bearer {keys[role]}"}
    answer = console.test_client().open(path, method=operation.method.upper(), headers=headers)
    enough = accounts.ROLES.index(role) >= accounts.ROLES.index(operation.role)
    assert (answer.status_code != 403) == enough


@pytest.mark.parametrize("operation", openapi.OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("key", ["", "wrong", "dsk_00000000_wrong"])
def test_without_a_key_there_is_nothing(
    stranger: FlaskClient, operation: openapi.Operation, key: str
) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    path = openapi.BASE + operation.path.replace("{name}", "overview")
    if operation.method == "get":
        answer = stranger.get(path, headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert list(answer.get_json()) == ["error"]
    else:
        assert stranger.post(path, headers=headers).status_code == 403


def test_a_key_opens_no_page(console: Flask, keys: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {keys['owner']}"}
    for path in ("/", "/account", "/links"):
        assert console.test_client().get(path, headers=headers).status_code == 303
    answer = console.test_client().post("/account/users", headers=headers)
    assert answer.status_code == 403
    assert console.test_client().post("/store/sessions", headers=headers).status_code == 403


@pytest.mark.parametrize("limit", [1, 4, 11, 1000])
def test_visits_come_once_page_by_page(api: Callable[[str], Api], limit: int) -> None:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = api("analyst").get("/visits", site="first.example", limit=limit, **cursor)
        assert len(page["visits"]) <= limit
        found += page["visits"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(found) == len({visit["visit"] for visit in found}) == 11
    assert found[0]["ts"] == f"{DAY}T10:00:00Z"
    assert [visit["page"] for visit in found[:3]] == [
        "first.example/=formula",
        "first.example/story",
        "first.example/störy",
    ]


def test_visits_are_chosen_by_channel(api: Callable[[str], Api]) -> None:
    page = api("analyst").get("/visits", site="first.example", channel="dark_social")
    assert [visit["evidence"] for visit in page["visits"]] == ["token"]


@pytest.mark.parametrize(
    ("path", "query", "status", "said"),
    [
        ("/reports/nothing", {}, 404, "'nothing' is no report: there are overview"),
        ("/reports/pages", {}, 400, "Say which site"),
        ("/reports/pages", {"site": "nowhere.example"}, 404, "is not known"),
        ("/reports/pages", {"site": "first.example", "from": "x"}, 400, "'x' is no day"),
        ("/visits", {"site": "first.example", "cursor": "x"}, 400, "'x' is no cursor"),
        ("/visits", {"site": "first.example", "limit": "0"}, 400, "'0' is no limit"),
        ("/visits", {"site": "first.example", "limit": "²"}, 400, "'²' is no limit"),
        ("/visits", {"site": "first.example", "limit": "0000000019"}, 400, "is no limit"),
        ("/visits", {"site": "first.example", "limit": "1001"}, 400, "from 1 to 1000"),
        ("/visits", {"site": "first.example", "channel": "x"}, 400, "'x' is no channel"),
        ("/links", {"cursor": "x"}, 400, "'x' is no cursor"),
        ("/nothing", {}, 404, "not found"),
    ],
)
def test_errors_are_one_sentence(
    api: Callable[[str], Api], path: str, query: dict[str, str], status: int, said: str
) -> None:
    answer = api("analyst").get(path, status, **query)
    assert list(answer) == ["error"]
    assert said in answer["error"]


def test_a_key_for_one_site_sees_no_other(api: Callable[[str], Api]) -> None:
    scoped = api("scoped")
    assert [site["name"] for site in scoped.get("/sites")["sites"]] == ["first.example"]
    assert scoped.get("/reports/pages")["site"] == "first.example"
    for path in ("/reports/pages", "/visits", "/links"):
        scoped.get(path, 404, site="other.example")
    scoped.post("/links", {"destination": "https://other.example/"}, 403)


def test_links_are_made_and_listed(
    api: Callable[[str], Api], embedded_store: Store, console: Flask, tmp_path: Any
) -> None:
    console.config["SETTINGS"] = load(
        {"tracker_url": "https://t.example", "home": str(tmp_path)}, {}
    )
    body = {"destination": "https://first.example/a", "kind": "person", "label": "Ann"}
    made = [api("scoped").post("/links", body) for _ in range(3)]
    described(made[0], openapi.LINK)
    assert made[0]["address"] == f"https://t.example/r/{made[0]['code']}"
    one = api("reader").get("/links", site="first.example", limit=2)
    two = api("reader").get("/links", site="first.example", cursor=one["next"])
    assert [link["code"] for link in one["links"] + two["links"]] == [link["code"] for link in made]
    assert two["next"] is None
    assert api("reader").get("/links", site="other.example")["links"] == []


@pytest.mark.parametrize(
    "body", [[], {}, {"destination": 1}, {"destination": "javascript:alert(1)"},
             {"destination": "https://first.example/", "kind": "poster"},
             {"destination": "https://first.example/", "label": ["x"]},
             {"destination": "https://first.example/", "label": "a\x07b"},
             {"destination": "https://first.example/", "expires": "2026-12-24"}],
)  # fmt: skip
def test_what_is_no_link_is_refused(api: Callable[[str], Api], body: Any) -> None:
    assert list(api("owner").post("/links", body, 400)) == ["error"]


@pytest.mark.parametrize("sent", [b"", b"{destination}", b"\xff"])
def test_what_is_no_json_is_told_what_to_send(
    console: Flask, keys: dict[str, str], sent: bytes
) -> None:
    headers = {"Authorization": f"Bearer {keys['owner']}", "Content-Type": "application/json"}
    answer = console.test_client().post("/api/v1/links", headers=headers, data=sent)
    assert answer.status_code == 400
    assert "Send a JSON object" in answer.get_json()["error"]


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("path", ["/api/v1/reports/{}", "/api/reports/{}", "/export/{}.json"])
def test_readers_see_no_small_cell(
    console: Flask, keys: dict[str, str], path: str, name: str
) -> None:
    headers = {"Authorization": f"Bearer {keys['reader']}"}
    query = {"site": "first.example"}
    answer = console.test_client().get(path.format(name), headers=headers, query_string=query)
    assert answer.status_code == 200
    assert small(answer.get_json(force=True)) == []


def small(value: Any) -> list[Any]:
    """Return the counts between nothing and the minimum that a report holds."""
    if isinstance(value, dict):
        return [found for part in value.values() for found in small(part)]
    if isinstance(value, list):
        return [found for part in value for found in small(part)]
    return [value] if isinstance(value, int) and 0 < value < 5 else []


def test_analysts_see_small_cells(api: Callable[[str], Api]) -> None:
    assert small(api("analyst").get("/reports/channels", site="first.example")) != []
