"""An import can be repeated: on the same file, a grown or rotated one, after it was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from access_log import Importer, line, lines

from darksocial import registry
from darksocial.errors import InputError
from darksocial.imports import formats, import_log, list_imports, undo
from darksocial.imports.intake import Intake

SetSize = Callable[[int], None]
ASSET = line("GET /a.css HTTP/1.1", at="17/May/2025:10:00:00 +0000")


def test_nothing_is_stored_twice_whatever_the_file_is_called(importer: Importer) -> None:
    text = ASSET + lines(10)
    importer(text)
    before = importer.ids()
    for name in ("access.log", "access.log.1", "access.log.2.gz"):
        result = importer(text, name)
        assert (result.lines, result.already_imported, result.import_id) == (11, 11, "")
    assert importer.ids() == before


def test_a_grown_log_goes_on_where_it_ended(importer: Importer) -> None:
    importer(ASSET + lines(10))
    result = importer(ASSET + lines(10) + ASSET + lines(5, second=10))
    assert (result.lines, result.already_imported) == (17, 11)
    assert (result.page_views, result.assets, result.import_id) == (5, 1, "log:2")
    assert len(set(importer.ids())) == len(importer.ids()) == 15


@pytest.mark.parametrize("cut", [1, 40, 150])
def test_a_last_line_that_was_being_written_is_read_when_it_is_whole(
    importer: Importer, cut: int
) -> None:
    text = lines(3)
    first = importer(text[:-cut])
    assert (first.lines, first.page_views + first.refused) == (3, 3)
    second = importer(text)
    assert second.lines == 3
    assert first.page_views + second.page_views == 3
    assert len(importer.ids()) == 3


def test_a_last_line_that_may_look_whole_waits(importer: Importer) -> None:
    """The number of bytes may go on, and the hit would be another one."""
    text = '192.0.2.1 - - [17/May/2025:10:05:03 +0000] "GET /page HTTP/1.1" 200 5123\n'
    first = importer(text[:-2], format="common")
    assert dict(first.refused_reasons) == {"unfinished last line": 1}
    assert importer(text, format="common").page_views == 1
    packed = importer(text[:-2], "other.log.gz", format="common", source="packed")
    assert packed.page_views == 1


def test_identical_lines_are_counted_over_chunks_and_growth(
    importer: Importer, small_chunks: SetSize
) -> None:
    small_chunks(len(line()) * 3 + 10)
    first = importer(line() * 10)
    assert (first.page_views, len(set(importer.ids()))) == (10, 10)
    second = importer(line() * 14)
    assert (second.page_views, second.already_imported) == (4, 10)
    assert len(set(importer.ids())) == len(importer.ids()) == 14
    rotated = importer(line() * 15, "renamed.log.gz")
    assert (rotated.page_views, len(set(importer.ids()))) == (1, 15)


def test_time_may_jump_back(importer: Importer, small_chunks: SetSize) -> None:
    """The same lines over and over, as in logs that were joined."""
    text = lines(20)
    small_chunks(len(text) // 3)
    result = importer(text * 4)
    assert (result.page_views, len(set(importer.ids()))) == (80, 80)
    grown = importer(text * 5)
    assert (grown.page_views, grown.already_imported, len(set(importer.ids()))) == (20, 80, 100)


def test_the_size_of_chunks_changes_nothing(importer: Importer, small_chunks: SetSize) -> None:
    text = (lines(20) + ASSET + "garbage\n") * 2
    small_chunks(700)
    first = importer(text, source="small")
    small_chunks(64 * 1024 * 1024)
    second = importer(text, source="large")
    pairs = [
        (one.lines, one.page_views, one.assets, dict(one.refused_reasons))
        for one in (first, second)
    ]
    assert pairs[0] == pairs[1]
    assert len(importer.ids()) == 80


def test_what_was_read_under_other_terms_is_read_again(importer: Importer) -> None:
    text = "".join(f"{host} {line()}" for host in (importer.site.name, "late.example"))
    assert dict(importer(text).refused_reasons) == {"malformed line": 2}
    with_host = f"%v {formats.COMBINED}"
    first = importer(text, format=with_host)
    assert dict(first.refused_reasons) == {"other host": 1}
    with importer.store.session() as session:
        importer.site = registry.add_site(session, importer.site.name, ("late.example",))
    second = importer(text, format=with_host)
    assert (second.page_views, second.already_imported) == (1, 1)


def test_a_rewritten_file_is_read_from_its_beginning(importer: Importer) -> None:
    importer(lines(1000))
    changed = lines(1000).replace("/page/16/39 ", "/other/16/39 ")
    result = importer(changed)
    assert (result.page_views, result.already_imported) == (1, 999)


def test_sources_are_kept_apart(importer: Importer) -> None:
    first = importer(lines(3), source="web1")
    second = importer(lines(3), source="web2")
    assert (first.page_views, second.page_views) == (3, 3)
    assert (first.import_id, second.import_id) == ("log:web1:1", "log:web2:1")
    assert {row["source"] for row in importer.rows("source")} == {"log:web1:1", "log:web2:1"}


def test_standard_input(
    importer: Importer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "piped"
    path.write_text(lines(5))
    found = []
    for _ in range(2):
        with path.open("rb") as pipe:
            monkeypatch.setattr("sys.stdin", type("Input", (), {"buffer": pipe}))
            result = importer.file("-")
            found.append((result.name, result.lines, result.page_views, result.already_imported))
    assert found == [("standard input", 5, 5, 0), ("standard input", 5, 0, 5)]


class HaltError(Exception):
    pass


@pytest.mark.parametrize("after", [0, 2])
def test_an_interrupted_import_is_taken_up_again(
    importer: Importer, small_chunks: SetSize, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Wherever it stopped: the same import goes on, and counts as if nothing had happened."""
    text = (lines(12) + ASSET + "garbage\n" + line() * 3) * 3
    small_chunks(1500)
    whole = importer(text, source="whole")
    store, calls = Intake.store, []

    def failing(*arguments: object) -> object:
        result = store(*arguments)  # type: ignore[arg-type]
        calls.append(1)
        if len(calls) > after:
            raise HaltError
        return result

    with monkeypatch.context() as patch:
        patch.setattr(Intake, "store", failing)
        with pytest.raises(HaltError):
            importer(text, source="cut")
    (cut,) = (row for row in list_imports(importer.store, importer.site) if row.source == "cut")
    assert cut.state == "interrupted"
    result = importer(text, source="cut")
    assert result.import_id == cut.import_id
    assert (result.lines, result.page_views, result.assets, dict(result.refused_reasons)) == (
        whole.lines,
        whole.page_views,
        whole.assets,
        dict(whole.refused_reasons),
    )
    assert result.already_imported == 0
    ids = {row["id"] for row in importer.rows("id, source") if row["source"] == result.import_id}
    assert len(ids) == whole.page_views
    assert result.rejects is not None
    assert result.rejects.read_text().count("garbage") == 3
    assert importer(text, source="cut").already_imported == whole.lines


KILLED = """
import os, signal, sys
from pathlib import Path
from darksocial import registry
from darksocial.imports import formats, import_log, reading
from darksocial.store import open_embedded

home, most = Path(sys.argv[1]), int(sys.argv[2])
reading.CHUNK_BYTES = 100_000

def stop(progress):
    if progress.lines > most:
        os.kill(os.getpid(), signal.SIGKILL)

with open_embedded(f"chdb://{home}/store") as store:
    with store.session() as session:
        site = registry.add_site(session, "kill.example")
    result = import_log(store, site, str(home / "log"), rejects=home, progress=stop)
    with store.session() as session:
        ids = session.query("SELECT id FROM hits")["id"].to_pylist()
        tables = session.query("SELECT name FROM system.tables WHERE name LIKE 'import_seen%'")
    print(result.import_id, result.lines, result.page_views, len(set(ids)), tables.num_rows)
"""


def test_a_killed_import_is_taken_up_again(tmp_path: Path) -> None:
    """kill -9 in the middle, in a process of its own; compared by hit ids."""
    (tmp_path / "log").write_text(lines(3000))
    arguments = [sys.executable, "-c", KILLED, str(tmp_path)]
    killed = subprocess.run([*arguments, "1000"], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    done = subprocess.run([*arguments, "9999"], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["log:1", "3000", "3000", "3000", "0"]


def test_an_import_that_was_undone_is_undone_alone(importer: Importer) -> None:
    importer(lines(5))
    importer(lines(9))
    undo(importer.store, importer.site, "log:1")
    assert {row["source"] for row in importer.rows("source")} == {"log:2"}
    result = importer(lines(9))
    assert (result.page_views, result.already_imported, result.import_id) == (5, 4, "log:3")
    states = [(row.import_id, row.state) for row in list_imports(importer.store, importer.site)]
    assert states == [("log:1", "undone"), ("log:2", "done"), ("log:3", "done")]


LOG = ASSET + lines(12)
OVERLAPS = [
    # imported first, then; taken back; imported again
    (LOG, LOG, "log:1", LOG),
    (LOG, ASSET + lines(8), "log:1", LOG),
    (LOG, ASSET + lines(8), "log:2", LOG),
    (LOG, lines(8, second=4), "log:1", LOG),
    (lines(8, second=4), LOG, "log:1", LOG),
    (lines(8, second=4), LOG, "log:2", LOG),
]


@pytest.mark.engines
@pytest.mark.parametrize(("first", "second", "taken_back", "again"), OVERLAPS)
def test_no_line_is_lost_where_imports_overlap(
    importer: Importer, small_chunks: SetSize, first: str, second: str, taken_back: str, again: str
) -> None:
    """What an import found already stored was stored by another, which may be taken back."""
    small_chunks(900)
    importer(first)
    with importer.store.session() as session:
        importer.site = registry.add_site(session, importer.site.name, ("shop.example",))
    importer(second)
    undo(importer.store, importer.site, taken_back)
    importer(again)
    assert len(set(importer.ids())) == len(importer.ids()) == 12
    assert importer(again).already_imported == 13


def test_an_undoing_names_the_imports_that_leaned_on_it(importer: Importer) -> None:
    importer(lines(9))
    importer(lines(6, second=3), "part.log")
    importer(lines(4, second=3600), "later.log")
    undone = undo(importer.store, importer.site, "log:1")
    assert (undone.hits, undone.again) == (9, ("log:2",))
    assert undo(importer.store, importer.site, "log:3").again == ()


def test_an_interrupted_import_that_leaned_on_another_begins_anew(
    importer: Importer, small_chunks: SetSize, monkeypatch: pytest.MonkeyPatch
) -> None:
    importer(lines(6))
    small_chunks(700)
    with monkeypatch.context() as patch:
        patch.setattr("darksocial.imports.log.Run.end", _interrupt)
        with pytest.raises(HaltError):
            importer(line() + lines(12), "cut.log")
    undo(importer.store, importer.site, "log:1")
    result = importer(line() + lines(12), "cut.log")
    assert (result.import_id, result.page_views, result.already_imported) == ("log:3", 6, 7)
    assert len(set(importer.ids())) == len(importer.ids()) == 13


def test_an_unknown_import_cannot_be_undone(importer: Importer) -> None:
    with pytest.raises(InputError, match="has no import 'log:7'"):
        undo(importer.store, importer.site, "log:7")


def test_an_undoing_that_was_interrupted_comes_first(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    importer(lines(5))
    with monkeypatch.context() as patch:
        patch.setattr("darksocial.imports.removal.wait_for_mutations", _interrupt)
        with pytest.raises(HaltError):
            undo(importer.store, importer.site, "log:1")
    with pytest.raises(InputError, match="undoing of log:1 was interrupted: do it once more"):
        importer(lines(5))
    undo(importer.store, importer.site, "log:1")
    assert importer(lines(5)).page_views == 5


def _interrupt(*_: object) -> None:
    raise HaltError


def test_two_imports_of_one_source_do_not_run_at_once(importer: Importer) -> None:
    def second(_: object) -> None:
        with pytest.raises(InputError, match="Another import of the source 'log'"):
            import_log(importer.store, importer.site, path, rejects=importer.rejects)
        other = import_log(
            importer.store, importer.site, path, rejects=importer.rejects, source="other"
        )
        assert other.page_views == 5

    (importer.folder / "log").write_text(lines(5))
    path = str(importer.folder / "log")
    result = import_log(
        importer.store, importer.site, path, rejects=importer.rejects, progress=second
    )
    assert result.page_views == 5


def test_days_are_marked_and_counted_in_the_time_zone_of_the_site(importer: Importer) -> None:
    with importer.store.session() as session:
        importer.site = registry.add_site(session, importer.site.name, timezone="Pacific/Auckland")
    result = importer(line(at="17/May/2025:14:00:00 +0000"))
    assert [str(day) for day in result.days] == ["2025-05-18"]
