"""Reports over HTTP: the same text that the command prints."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from literal import hit, token

from darksocial import registry
from darksocial.cli.main import main
from darksocial.model import Site
from darksocial.reports import REPORTS
from darksocial.store import Store

DAY = "2024-10-22"


@pytest.fixture(scope="module", autouse=True)
def site(embedded_store: Store, fill: Callable[..., None]) -> Site:
    with embedded_store.session() as session:
        site = registry.add_site(session, "magazine.example")
    shared = token(site)
    fill(
        site,
        hit("10:00", "typed", "/=formula"),
        hit("10:05", "friend", f"/story?ds={shared}", token=shared),
        hit("10:20", "searcher", "/störy", referrer="https://www.google.com/"),
    )
    return site


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
    ("format_", "days"),
    [
        ("json", {}),
        ("json", {"from": "2025-01-01"}),
        ("csv", {"from": DAY, "to": DAY}),
        ("table", {}),
    ],
)
def test_the_answer_is_what_the_command_prints(
    client: FlaskClient,
    embedded_store: Store,
    site: Site,
    name: str,
    format_: str,
    days: dict[str, str],
) -> None:
    answer = client.get(
        f"/api/reports/{name}", query_string={"site": site.name, "format": format_} | days
    )
    flags = [part for key, value in days.items() for part in (f"--{key}", value)]
    command = ["report", name, "--site", site.name, "--format", format_, *flags]
    printed = CliRunner().invoke(main, [*command, "--store", embedded_store.url])
    assert (answer.status_code, printed.exit_code) == (200, 0), printed.output
    assert answer.data == printed.stdout_bytes


@pytest.mark.parametrize(
    ("format_", "type_"),
    [("json", "application/json"), ("csv", "text/csv; charset=utf-8"), ("table", "text/plain")],
)
def test_each_format_has_its_type(client: FlaskClient, format_: str, type_: str) -> None:
    answer = client.get("/api/reports/pages", query_string={"format": format_})
    assert answer.content_type.startswith(type_)
    is_file = answer.headers.get("Content-Disposition", "").startswith("attachment; filename=")
    assert is_file == (format_ == "csv")


def test_the_only_site_needs_no_name(client: FlaskClient, site: Site) -> None:
    answer = client.get("/api/reports/overview").json
    assert (answer["site"], answer["visits"], answer["dark_social"]) == (site.name, 3, 1)


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("nothing", 400, f"'nothing' is no report: there are {', '.join(REPORTS)}."),
        ("overview?format=xml", 400, "'xml' is no format: there are table, json, csv."),
        ("overview?from=x", 400, "'x' is no day: give from=YYYY-MM-DD."),
        (
            "overview?site=b.example",
            404,
            "The site 'b.example' is not known: add it with `darksocial site add b.example`.",
        ),
    ],
)
def test_errors_are_one_sentence_as_json(
    client: FlaskClient, path: str, status: int, sentence: str
) -> None:
    answer = client.get(f"/api/reports/{path}")
    assert (answer.status_code, answer.json) == (status, {"error": sentence})
