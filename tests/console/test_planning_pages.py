"""Planning campaigns and entering public figures in the console; errors in both languages."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from page import Page

from darksocial import campaigns
from darksocial.model import Site
from darksocial.store import Store

ORIGIN = {"Origin": "http://127.0.0.1:18081"}
HEAD = "network,day,page,likes,comments,shares,post\n"


def sent(client: FlaskClient, site: Site, **fields: str) -> int:
    answer = client.post(f"/campaigns?site={site.name}", data=fields, headers=ORIGIN)
    return answer.status_code


def known(store: Store, site: Site) -> list[tuple[object, ...]]:
    with store.session() as session:
        found = campaigns.campaigns(session, site.name)
    return [(one.name, str(one.begins), one.tags, one.goal, one.target) for one in found]


def test_a_campaign_is_made_changed_and_removed(
    client: FlaskClient, site: Site, embedded_store: Store
) -> None:
    fields = {"name": "Spring", "begins": "2026-03-01", "tags": "spring, may", "target": "100"}
    assert sent(client, site, **fields) == 303
    assert known(embedded_store, site) == [
        ("Spring", "2026-03-01", ("spring", "may"), "visits", 100)
    ]
    page = Page(client.get(f"/campaigns?site={site.name}&campaign=Spring").text)
    assert ("input", "spring, may") in [(tag, at.get("value", "")) for tag, at in page.elements]
    changed = {**fields, "instead": "Spring", "goal": "conversions", "target": ""}
    assert sent(client, site, **changed) == 303
    assert known(embedded_store, site)[0][3:] == ("conversions", 0)
    assert sent(client, site, remove="Spring") == 303
    assert known(embedded_store, site) == []


@pytest.mark.parametrize(
    ("goal", "target", "english", "german"),
    [
        ("visits", "5000", "5,000 visits", "5.000 Besuche"),
        ("visits", "1", "1 visit ", "1 Besuch "),
        ("conversions", "5000", "5,000 conversions", "5.000 Conversions"),
        ("conversions", "1", "1 conversion ", "1 Conversion "),
    ],
)
def test_a_target_says_what_it_counts(
    client: FlaskClient, site: Site, goal: str, target: str, english: str, german: str
) -> None:
    fields = {"name": "Spring", "begins": "2026-03-01", "tags": "spring"}
    assert sent(client, site, **fields, goal=goal, target=target) == 303
    for language, said in (("en", english), ("de", german)):
        page = Page(client.get(f"/campaigns?site={site.name}&lang={language}").text)
        assert said in f"{page.text} "


@pytest.mark.parametrize(
    ("fields", "english", "german"),
    [
        ({"tags": ""}, "Nothing tells which visits", "Nichts sagt, welche Besuche"),
        ({"target": "1.5"}, "'1.5' is no whole number", "'1.5' ist keine ganze Zahl"),
        ({"begins": "soon"}, "'soon' is no day", "'soon' ist kein Tag"),
        ({"begins": "20261102"}, "'20261102' is no day", "'20261102' ist kein Tag"),
        ({"begins": "2026-W05-3"}, "'2026-W05-3' is no day", "'2026-W05-3' ist kein Tag"),
        ({"ends": "9999-12-31"}, "has the day 9999-12-31", "hat den Tag 9999-12-31"),
        ({"ends": "2020-01-01"}, "before it begins on", "bevor sie am"),
        ({"codes": "nope"}, "is no code of a link", "ist kein Code eines Links"),
    ],
)
def test_what_is_wrong_is_said_in_the_reader_s_language(
    client: FlaskClient, site: Site, fields: dict[str, str], english: str, german: str
) -> None:
    data = {"name": "<i>May", "begins": "2026-05-01", "tags": "may", **fields}
    for language, said in (("en", english), ("de", german)):
        path = f"/campaigns?site={site.name}&lang={language}"
        answer = client.post(path, data=data, headers=ORIGIN)
        assert answer.status_code == 400
        assert said in Page(answer.text).text
        assert "<i>May" not in answer.text


def test_public_figures_are_entered_with_a_reason_for_each_refused_line(
    client: FlaskClient, site: Site
) -> None:
    lines = [
        f"Facebook,2026-05-01,https://{site.name}/a,5,1,2,p1",
        f"Facebook,2026-05-02,https://{site.name}/a,many,1,2,p1",
        "Facebook,2026-05-03,https://elsewhere.example/,5,1,2,p1",
        f"Facebook,2149-05-03,https://{site.name}/a,5,1,2,p1",
        f"Facebook,2026-05-04,https://{site.name}/a,5,1,2,p1,and more",
    ]
    file = (io.BytesIO((HEAD + "\n".join(lines)).encode()), "figures.csv")
    path = f"/public-figures?site={site.name}&lang=de"
    page = Page(client.post(path, data={"file": file}, headers=ORIGIN).text)
    assert "Neue Angaben: 1, berichtigt: 0, schon vorhanden: 0" in page.text
    assert "abgelehnte Zeilen: 4." in page.text
    assert "In der Spalte likes steht 'many'" in page.text
    assert f"keine Adresse auf {site.name}" in page.text
    assert "In der Spalte day steht '2149-05-03', ein Tag, der noch kommt" in page.text
    assert "Die Zeile hat mehr Werte als die Kopfzeile Spalten" in page.text
    table = client.get(f"/reports/public?site={site.name}&from=2026-05-01&to=2026-05-31")
    assert f"{site.name}/a" in Page(table.text).text


@pytest.mark.parametrize(
    ("lines", "more"),
    [(200, ""), (201, "1 weitere Zeile wurde abgelehnt"), (1250, "1.050 weitere Zeilen")],
)
def test_of_many_refused_lines_the_first_are_shown(
    client: FlaskClient, site: Site, lines: int, more: str
) -> None:
    wrong = f"Facebook,2026-05-01,https://{site.name}/a,{'x' * 200},1,2,p1\n"
    file = (io.BytesIO((HEAD + wrong * lines).encode()), "figures.csv")
    path = f"/public-figures?site={site.name}&lang=de"
    answer = client.post(path, data={"file": file}, headers=ORIGIN)
    assert answer.text.count("In der Spalte likes steht") == 200
    assert len(answer.text) < 100_000
    page = Page(answer.text)
    assert f"'{'x' * 99}…'" in page.text
    assert more in page.text
    assert ("Verbessern Sie diese" in page.text) is bool(more)


def test_a_file_that_is_no_list_is_refused(client: FlaskClient, site: Site) -> None:
    file = (io.BytesIO(b"\xff\xfe\x00"), "figures.csv")
    answer = client.post(f"/public-figures?site={site.name}", data={"file": file}, headers=ORIGIN)
    assert answer.status_code == 400
    assert "no text in UTF-8 (line 1)" in Page(answer.text).text
