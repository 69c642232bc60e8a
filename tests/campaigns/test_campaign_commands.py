"""`darksocial campaign` and `darksocial import public`, as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from literal import new_site

from darksocial.cli.main import main
from darksocial.model import Site
from darksocial.store import Store


@pytest.fixture
def known(embedded_store: Store) -> Site:
    return new_site(embedded_store)


def typed(store: Store, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """Run a command on a store that this process has open already."""
    from contextlib import contextmanager

    @contextmanager
    def opened(flags: object):  # type: ignore[no-untyped-def]
        yield None, store

    for module in ("campaign", "public_figures"):
        monkeypatch.setattr(f"darksocial.cli.{module}.opened", opened)
    return CliRunner().invoke(main, list(words))


def test_a_campaign_is_added_changed_listed_and_removed(
    embedded_store: Store, known: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def campaign(command: str, *words: str) -> Result:
        return typed(embedded_store, monkeypatch, "campaign", command, "--site", known.name, *words)

    added = campaign("add", "Fall", "--from", "2024-10-01", "--to", "2024-10-31", "--utm", "fall",
                     "--target", "1000")  # fmt: skip
    line = "Fall  2024-10-01 to 2024-10-31  utm_campaign fall  target: 1,000 visits\n"
    assert (added.exit_code, added.output) == (0, line)
    assert campaign("list").output == line
    changed = campaign("edit", "Fall", "--open-end", "--goal", "conversions", "--target", "20")
    assert changed.output == "Fall  2024-10-01 to open  utm_campaign fall  target: 20 conversions\n"
    assert '"goal": "conversions"' in campaign("list", "--format", "json").output
    again = campaign("add", "Fall", "--from", "2024-10-01", "--utm", "fall")
    assert (again.exit_code, "already" in again.output) == (1, True)
    assert campaign("remove", "Fall").exit_code == 0
    assert campaign("list").output == ""


def test_figures_are_read_from_a_file_with_a_sentence_for_each_bad_line(
    embedded_store: Store, known: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "figures.csv"
    page = f"https://{known.name}/a"
    file.write_text(
        f"day;network;post;page;likes\n2024-10-22;X;1;{page};3\n2024-10-22;X;2;{page};many\n"
    )
    words = ("import", "public", str(file), "--site", known.name)
    first = typed(embedded_store, monkeypatch, *words)
    assert first.exit_code == 1
    assert "line 3: The column likes has 'many'" in first.output
    assert first.output.endswith("1 added, 0 changed, 0 there already, 1 refused\n")
    again = typed(embedded_store, monkeypatch, *words)
    assert again.output.endswith("0 added, 0 changed, 1 there already, 1 refused\n")


def test_of_many_refused_lines_the_first_are_told_and_how_many_more_there_are(
    embedded_store: Store, known: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "figures.csv"
    long = "x" * 5000
    lines = [f"2024-10-22,X,{n},https://{known.name}/a,{long}\n" for n in range(203)]
    file.write_text("day,network,post,page,likes\n" + "".join(lines))
    done = typed(embedded_store, monkeypatch, "import", "public", str(file), "--site", known.name)
    told = done.output.splitlines()
    assert told[0].startswith(f"line 2: The column likes has '{'x' * 99}…': give a whole number")
    assert [one.partition(":")[0] for one in told[199:]] == [
        "line 201",
        "3 more lines were refused",
        "0 added, 0 changed, 0 there already, 203 refused",
    ]
