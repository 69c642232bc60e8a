"""`darksocial explain` and the options of `darksocial report`, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from literal import drain, hit, new_site, published, token

from darksocial.cli.main import main
from darksocial.rules import evidence
from darksocial.store import open_store


def test_the_command_explains_in_text_and_json(tmp_path: Path) -> None:
    url = f"chdb://{tmp_path / 'home'}"
    runner = CliRunner()
    with open_store(url) as store:
        site = new_site(store)
        drain(store, tmp_path, site, [hit("10:00", path="/?ds=" + token(site))])
        ((number,),) = published(store, site, "id")
    text = runner.invoke(main, ["explain", str(number), "--store", url])
    assert text.exit_code == 0, text.output
    assert "=> token" in text.output
    assert "GA4: Direct, since source is (direct)" in text.output
    body = json.loads(
        runner.invoke(main, ["explain", str(number), "--store", url, "--format", "json"]).output
    )
    assert body["visit"] == str(number)
    assert len(body["steps"]) == len(evidence.RULES)
    wrong = runner.invoke(main, ["explain", "1", "--store", url])
    assert wrong.exit_code == 1
    assert "There is no visit 1" in wrong.output


def test_the_options_of_reports_reach_them(tmp_path: Path) -> None:
    url = f"chdb://{tmp_path / 'home'}"
    with open_store(url) as store:
        site = new_site(store)
        name = token(site)
        rows = [
            hit("09:00", path="/a", kind="share", token=name, method="copy"),
            hit("10:00", "bob", f"/a?ds={name}"),
            hit("10:01", "bob", "/a", kind="conversion", name="order", value=5.0, currency="EUR"),
        ]
        drain(store, tmp_path, site, rows)
    shared = ["--site", site.name, "--store", url, "--format", "json"]

    def told(*words: str) -> dict[str, object]:
        result = CliRunner().invoke(main, ["report", *words, *shared])
        assert result.exit_code == 0, result.output
        return dict(json.loads(result.output))

    assert told("funnel", "--by", "page")["by"] == "page"
    assert told("tree", "--token", name)["root"] == name
    assert told("conversions", "--model", "linear")["model"] == "linear"
    wrong = CliRunner().invoke(main, ["report", "funnel", "--by", "colour", *shared])
    assert wrong.exit_code == 1
    assert "there are method, page, application, link" in wrong.output
