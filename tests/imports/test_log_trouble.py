"""Bad input: refused with its reason, and nothing valid beside it is lost."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from access_log import GOOGLEBOT, Importer, line, lines

from darksocial import registry
from darksocial.errors import InputError
from darksocial.imports import rejects, undo
from darksocial.imports.reading import LogFile
from darksocial.imports.rejects import blanked, truncated

TROUBLES = [
    # what stands on a line, reason
    (b"", "empty line"),
    (b" ", "malformed line"),
    (b"\0\0\0", "malformed line"),
    (b"\xff\xfe\x80\x81", "malformed line"),
    (b"\x1f\x8b\x08\x00", "malformed line"),
    (b'"' * 1000, "malformed line"),
    (b"\\" * 1000, "malformed line"),
    (b" " * 100_000, "malformed line"),
    (line().encode()[:70], "malformed line"),
    (b"x" * 9_000_000, "line too long"),
    (line("GET HTTP/1.1").encode(), "malformed request"),
    (line(at="17/May/2125:10:05:03 +0000").encode(), "impossible time"),
]


def test_troubles_cost_no_valid_line(importer: Importer) -> None:
    parts = []
    for number, (trouble, _) in enumerate(TROUBLES):
        parts += [trouble.rstrip(b"\n"), line(f"GET /{number} HTTP/1.1").encode().rstrip(b"\n")]
    result = importer(b"\n".join(parts) + b"\n")
    assert result.page_views == len(TROUBLES) == len(importer.ids())
    assert result.lines == 2 * len(TROUBLES)
    reasons = [reason for _, reason in TROUBLES]
    assert dict(result.refused_reasons) == {reason: reasons.count(reason) for reason in reasons}
    assert result.rejects is not None
    rows = [json.loads(text) for text in result.rejects.read_text().splitlines()]
    numbers = range(1, 2 * len(TROUBLES), 2)
    assert [(row["line"], row["reason"]) for row in rows] == list(
        zip(numbers, reasons, strict=True)
    )
    assert max(len(row["text"]) for row in rows) <= 4096


def test_noise_alone_is_accounted_for(importer: Importer) -> None:
    noise = random.Random(3).randbytes(300_000)
    result = importer(noise)
    assert result.lines == result.refused == noise.count(b"\n") + (noise[-1:] != b"\n")
    assert importer.ids() == []
    (note,) = result.notes
    assert "Most lines do not have the format" in note


VALID = [
    # the same two lines, written differently
    lines(2).replace("\n", "\r\n").encode(),
    b"\xef\xbb\xbf" + lines(2).encode(),
    lines(2).encode().rstrip(b"\n"),
    lines(2).replace("\n", "\r\n").encode().rstrip(b"\n"),
]


@pytest.mark.parametrize("data", VALID, ids=["crlf", "mark", "no-end", "crlf-no-end"])
def test_line_ends_and_marks_do_not_matter(importer: Importer, data: bytes) -> None:
    assert importer(data).page_views == 2
    importer(lines(2), "plain.log")
    assert len(set(importer.ids())) == 2


@pytest.mark.parametrize("field", ["agent", "referrer", "request"])
def test_a_field_of_a_megabyte(importer: Importer, field: str) -> None:
    values = {
        "agent": "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0 "
        + "x" * 10**6,
        "referrer": "https://a.example/" + "x" * 10**6,
        "request": f"GET /{'x' * 10**6} HTTP/1.1",
    }
    result = importer(line(**{field: values[field]}) + line())  # type: ignore[arg-type]
    assert (result.lines, result.page_views) == (2, 2)


@pytest.mark.parametrize("byte", [b"\x80", b"\xff", b"\xc3", b"\0"])
def test_invalid_text_in_a_valid_line(importer: Importer, byte: bytes) -> None:
    data = line("GET /a@b HTTP/1.1", referrer="https://a.example/@", agent="Firefox@").encode()
    result = importer(data.replace(b"@", byte))
    assert result.lines - result.refused == 1
    assert len(importer.rows("path, referrer_path, browser")) == 1


def test_members_of_a_compressed_file_are_one_log(importer: Importer) -> None:
    data = b"".join(gzip.compress(part.encode()) for part in lines(6).splitlines(keepends=True))
    path = importer.folder / "joined.gz"
    path.write_bytes(data + b"\0" * 512)
    assert importer.file(path).page_views == 6


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda data: data[: len(data) // 2], "ends too early"),
        (lambda data: data[:-4], "ends too early"),
        (lambda data: data[:9000] + b"\xff" * 50 + data[9050:], "is damaged"),
        (lambda data: data + b"garbage", "is damaged"),
    ],
    ids=["half", "no-sum", "damaged", "garbage-behind"],
)
def test_what_a_damaged_file_still_holds_is_imported(
    importer: Importer, spoil: Callable[[bytes], bytes], words: str
) -> None:
    chance = random.Random(5)
    paths = {f"/{chance.getrandbits(64)}" for _ in range(1000)}
    text = "".join(line(f"GET {path} HTTP/1.1") for path in sorted(paths))
    path = importer.folder / "damaged.gz"
    path.write_bytes(spoil(gzip.compress(text.encode())))
    result = importer.file(path)
    assert len(paths & {row["path"] for row in importer.rows("path")}) > 200
    assert [note for note in result.notes if words in note]
    assert result.failed
    path.write_bytes(gzip.compress(text.encode()))
    importer.file(path)
    assert paths <= {row["path"] for row in importer.rows("path")}
    assert len(importer.ids()) < 1100


def test_a_compressed_log_of_another_name_is_known_by_its_content(importer: Importer) -> None:
    path = importer.folder / "access.log"
    path.write_bytes(gzip.compress(lines(3).encode()))
    assert importer.file(path).page_views == 3


def test_an_empty_log(importer: Importer) -> None:
    result = importer("")
    assert (result.lines, result.import_id, result.days) == (0, "", ())
    assert (result.failed, result.notes) == (True, ("access.log is empty.",))
    assert result.summary() == "0 lines: 0 page views, 0 assets, 0 bots, 0 previews, 0 refused"


@pytest.mark.parametrize(
    ("path", "words"),
    [("missing.log", "No such file or directory"), (".", "Is a directory")],
)
def test_a_log_that_cannot_be_read(importer: Importer, path: str, words: str) -> None:
    with pytest.raises(InputError, match="cannot be read") as error:
        importer.file(importer.folder / path)
    assert words in str(error.value)


FAILED = [
    # log, whether it has failed
    ("garbage\n", True),
    (line(status=404), True),
    (line(status=404) + line(), False),
    (line("GET /a.css HTTP/1.1"), False),
    (line(agent=GOOGLEBOT), False),
    ("garbage\n" * 9 + line(), False),
]


@pytest.mark.parametrize(("text", "failed"), FAILED)
def test_a_log_without_a_line_of_use_has_failed(
    importer: Importer, text: str, failed: bool
) -> None:
    assert importer(text).failed is failed
    assert bool(importer(line() + text, "again.log").failed) is False


@pytest.mark.parametrize(
    ("pack", "words"),
    [
        (bz2.compress, "packed with bzip2.*bzcat access.log"),
        (lzma.compress, "packed with xz.*xzcat access.log"),
        (lambda data: b"PK\x03\x04" + data, "packed with zip.*unzip -p access.log"),
        (lambda data: b"\x28\xb5\x2f\xfd" + data, "packed with zstd.*zstdcat access.log"),
    ],
)
def test_another_packer_is_named(
    importer: Importer, pack: Callable[[bytes], bytes], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        importer(pack(lines(3).encode()))


def test_a_source_with_a_strange_name(importer: Importer) -> None:
    with pytest.raises(InputError, match="source 'a:b' cannot be used"):
        importer(lines(1), source="a:b")


def test_only_so_many_rejects_are_kept(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejects, "MOST", 10)
    result = importer("garbage\n" * 50 + lines(1))
    assert (result.page_views, result.refused) == (1, 50)
    assert result.rejects is not None
    assert len(result.rejects.read_text().splitlines()) == 10


TEXTS = [
    ("192.0.2.77 - me", "192.0.0.0 - me"),
    ("for=192.0.2.77;by=10.1.2.3", "for=192.0.0.0;by=10.1.0.0"),
    ("2001:db8:1:2:3::7 x", "2001:db8:1:: x"),
    ("[2001:db8::77]:443", "[2001:db8::]:443"),
    ("::1 y", ":: y"),
    ("fe80::1%eth0", "fe80::%eth0"),
    ("17/May/2025:10:05:03", "17/May/2025:10:05:03"),
    ("version 1.2.3", "version 1.2.3"),
    ("Chrome/115.0.5790.110", "Chrome/115.0.5790.110"),
]


@pytest.mark.parametrize(("text", "kept"), TEXTS)
def test_addresses_in_rejects_are_cut(text: str, kept: str) -> None:
    assert truncated(text) == kept


BLANKED = [
    # line, what is kept of it
    (
        '192.0.2.77 - jane [17/May/2025:10:05:03 +0000] "GET /a?mail=x&b=1 HTTP/1.1" 200',
        '192.0.0.0 - - [17/May/2025:10:05:03 +0000] "GET /a?- HTTP/1.1" 200',
    ),
    (
        'a.example:443 192.0.2.77 - Jane Doe [17/May/2025:10:05:03 +0000] "GET',
        'a.example:443 192.0.0.0 - - [17/May/2025:10:05:03 +0000] "GET',
    ),
    ("192.0.2.77 ident jane [17/May/2025", "192.0.0.0 - - [17/May/2025"),
    ("192.0.2.77 - jane", "192.0.0.0 - - "),
    ('"GET /x?q=\\x22a\\x22 HTTP/1.1"', '"GET /x?- HTTP/1.1"'),
    ('"https://a.example/?token=1" "Firefox"', '"https://a.example/?-" "Firefox"'),
    ("GET /u/jane.doe@example.org/x", "GET /u/-/x"),
    ("GET /u/jane%40example.org", "GET /u/-"),
    ('{"remote_user": "jane", "path": "/"}', '{"remote_user": "-", "path": "/"}'),
    ("this is no line of a log", "this is no line of a log"),
    ("@" * 4096, "@" * 4096),
    ("x" * 4096, "x" * 4096),
]


@pytest.mark.parametrize(("text", "kept"), BLANKED)
def test_rejects_do_not_say_who_somebody_is(text: str, kept: str) -> None:
    assert blanked(text) == kept


def test_each_import_has_rejects_of_its_own(importer: Importer) -> None:
    first = importer("garbage\n" + lines(1))
    with importer.store.session() as session:
        importer.site = registry.add_site(session, f"other-{importer.site.name}")
    clean = importer(lines(2))
    second = importer("rubbish\n" + lines(2), source="web")
    assert clean.rejects is None
    assert first.rejects is not None
    assert second.rejects is not None
    assert first.rejects.read_text().count("garbage") == 1
    assert "garbage" not in second.rejects.read_text()


def test_rejects_go_with_their_import(importer: Importer) -> None:
    first, second = importer("garbage\n"), importer("rubbish\n", source="web")
    assert first.rejects is not None
    assert second.rejects is not None
    undo(importer.store, importer.site, first.import_id, importer.rejects)
    assert not first.rejects.exists()
    assert second.rejects.exists()


def test_rejects_are_nobody_elses(importer: Importer) -> None:
    result = importer("203.0.113.99 garbage\n")
    assert result.rejects is not None
    assert result.rejects.stat().st_mode & 0o777 == 0o600
    assert result.rejects.parent.stat().st_mode & 0o777 == 0o700
    assert "203.0.113.99" not in result.rejects.read_text()


@pytest.mark.parametrize("size", [50, 64, 1000, 10_000])
@pytest.mark.parametrize("name", ["log", "log.gz"])
def test_chunks_hold_every_byte_once(
    tmp_path: Path, small_chunks: Callable[[int], None], size: int, name: str
) -> None:
    chance = random.Random(size)
    made = [b"%d " % number + b"x" * chance.randrange(size - 10) for number in range(200)]
    data = b"\n".join(made)
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    small_chunks(size)
    read, places, lines_read = b"", [], 0
    with LogFile(str(path)) as file:
        for chunk in file.chunks():
            with chunk:
                read += Path(chunk.path).read_bytes()
                places.append((chunk.first, chunk.end))
                lines_read += chunk.lines
        first, end = places[len(places) // 2]
        (again,) = file.chunks(first, end)
        with again:
            assert Path(again.path).read_bytes() == data[first:end]
    assert read == data
    assert lines_read == 200
    assert [first for first, _ in places] == [0, *(end for _, end in places[:-1])]


def test_a_line_longer_than_a_chunk_is_cut_and_counted_once(
    tmp_path: Path, small_chunks: Callable[[int], None]
) -> None:
    small_chunks(100)
    data = b"a\n" + b"x" * 5_000_000 + b"\nb\n" + b"y" * 1_500_000
    (tmp_path / "log").write_bytes(data)
    found = []
    with LogFile(str(tmp_path / "log")) as file:
        for chunk in file.chunks():
            with chunk:
                found.append((chunk.first, chunk.end, chunk.lines))
    assert sum(count for *_, count in found) == 4
    assert found[-1][1] == len(data)
    assert max(end - first for first, end, _ in found) > 1_000_000
