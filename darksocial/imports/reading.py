"""Log files in chunks of whole lines: plain, compressed, or standard input.

A thread reads ahead while the engine works. A chunk lies in memory without a name in any
directory where the system offers that, so whole addresses never reach a disk.
"""

from __future__ import annotations

import io
import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Protocol

from darksocial.errors import InputError

CHUNK_BYTES = 48 * 1024 * 1024
HEAD_BYTES = 64 * 1024
TAIL_BYTES = 4 * 1024
BLOCK_BYTES = 1024 * 1024
STANDARD_INPUT = "-"
_GZIP = b"\x1f\x8b"
_MARK = b"\xef\xbb\xbf"  # what some editors put in front of UTF-8


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines of a file, from byte `first` to byte `end` of its uncompressed text.

    `whole` is where the last finished line ends; it is less than `end` only where the file's
    last line has no end yet. `path` is where the engine finds the lines. `tail` is the
    fingerprint of the `tail_bytes` in front of `whole`. `last` says that nothing follows; it may
    be missing.
    """

    path: str
    lines: int
    first: int
    end: int
    whole: int
    tail_bytes: int
    tail: str
    last: bool


class Stream(Protocol):
    """The uncompressed bytes of a log. `done` counts the bytes taken from the file itself."""

    done: int
    damage: str

    def read(self, size: int) -> bytes: ...

    def skip(self, size: int) -> None: ...


@dataclass(slots=True)
class _Plain:
    file: BinaryIO
    pushed: bytes = b""
    done: int = 0
    damage: str = ""

    def read(self, size: int) -> bytes:
        if self.pushed:
            data, self.pushed = self.pushed[:size], self.pushed[size:]
        else:
            data = self.file.read(size)
        self.done += len(data)
        return data

    def skip(self, size: int) -> None:
        self.file.seek(size, os.SEEK_CUR)
        self.done += size


@dataclass(slots=True)
class _Gzip:
    """The members of a gzip file one after the other; what follows a damage is given up."""

    source: _Plain
    damage: str = ""
    _member: zlib._Decompress = field(default_factory=lambda: zlib.decompressobj(wbits=31))
    _rest: bytes = b""
    _begun: bool = False

    @property
    def done(self) -> int:
        return self.source.done

    def read(self, size: int) -> bytes:
        while not self.damage:
            block = self._rest or self.source.read(BLOCK_BYTES)
            if not block:
                if self._begun:
                    self.damage = "the compressed file ends too early"
                break
            data = self._inflate(block, size)
            if data:
                return data
        return b""

    def _inflate(self, block: bytes, size: int) -> bytes:
        try:
            data = self._member.decompress(block, size)
        except zlib.error:
            self.damage = "the compressed file is damaged"
            return b""
        self._begun = True
        self._rest = self._member.unconsumed_tail
        if self._member.eof:
            self._rest = self._member.unused_data.lstrip(b"\0")
            self._member = zlib.decompressobj(wbits=31)
            self._begun = False
        return data

    def skip(self, size: int) -> None:
        while size > 0 and (data := self.read(min(size, BLOCK_BYTES))):
            size -= len(data)


class LogFile(AbstractContextManager["LogFile"]):
    """A log to be read; raises `InputError` where it cannot be.

    `again` says that it can be read a second time: standard input and pipes cannot.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.name = "standard input" if path == STANDARD_INPUT else Path(path).name
        self._file = self._open()
        mode = os.fstat(self._file.fileno()) if path != STANDARD_INPUT else None
        self.again = mode is not None and stat.S_ISREG(mode.st_mode)
        self.size = mode.st_size if mode is not None and self.again else 0
        self._head = self._file.read(HEAD_BYTES)
        self.compressed = self._head.startswith(_GZIP)
        self.stream = self._stream(self._head, self._file)

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def growing(self) -> bool:
        """Whether a server may still be writing the last line."""
        return self.again and not self.compressed

    def close(self) -> None:
        if self.path != STANDARD_INPUT:
            self._file.close()

    @property
    def damage(self) -> str:
        """Why the end of the file could not be read; empty where it could."""
        return self.stream.damage

    def text(self, first: int, size: int) -> bytes:
        """Return some of the uncompressed text of a file that can be read again."""
        with self._open() as file:
            stream = self._stream(b"", file)
            stream.skip(first)
            return _read_fully(stream, size)

    def chunks(self, first: int = 0, end: int | None = None) -> Iterator[Chunk]:
        """Yield the lines from byte `first` on, each chunk until the next is asked for.

        `first` other than 0 needs a file that can be read again; so does `end`.
        """
        if not first and end is None:
            yield from _ahead(_Cutter(self.stream, 0, None))
            return
        with self._open() as file:
            self.stream = self._stream(b"", file)
            self.stream.skip(first)
            yield from _ahead(_Cutter(self.stream, first, end))

    def _open(self) -> BinaryIO:
        if self.path == STANDARD_INPUT:
            return sys.stdin.buffer
        try:
            return open(self.path, "rb")
        except OSError as error:
            raise InputError(
                f"The log {self.path} cannot be read: {error.strerror}. Give the path of a "
                "file, or - for standard input."
            ) from error

    def _stream(self, head: bytes, file: BinaryIO) -> Stream:
        plain = _Plain(file, head)
        if self.compressed:
            return _Gzip(plain)
        return plain


def fingerprint(data: bytes) -> str:
    """Return a short hash of some text of a file."""
    return blake2b(data, digest_size=12).hexdigest()


def _read_fully(stream: Stream, size: int) -> bytes:
    parts = []
    while size > 0 and (data := stream.read(size)):
        parts.append(data)
        size -= len(data)
    return parts[0] if len(parts) == 1 else b"".join(parts)


class _Cutter:
    """Cuts a stream into chunks at line ends.

    A line that is longer than a chunk is cut, so that memory stays flat; such a line is refused
    for its length anyway.
    """

    def __init__(self, stream: Stream, first: int, end: int | None) -> None:
        self._stream = stream
        self._at = first
        self._left = None if end is None else end - first
        self._carry = b""

    def blobs(self) -> Iterator[tuple[Chunk, _Blob]]:
        while data := self._carry + self._more(CHUNK_BYTES - len(self._carry)):
            last = len(data) < CHUNK_BYTES
            whole = data.rfind(b"\n") + 1
            skipped = 0
            if not whole and not last:
                skipped = self._skip_line()
                data += b"\n"
                whole = len(data)
            cut = len(data) if last else whole
            self._carry = data[cut:]
            yield self._chunk(data[:cut], whole, skipped, last)
            if last:
                return

    def _more(self, size: int) -> bytes:
        if self._left is not None:
            size = min(size, self._left)
        data = _read_fully(self._stream, size)
        if self._left is not None:
            self._left -= len(data)
        return data

    def _skip_line(self) -> int:
        """Drop what is left of a line; return how many bytes more than its end that was."""
        dropped = 0
        while block := self._more(BLOCK_BYTES):
            at = block.find(b"\n") + 1
            if at:
                self._carry = block[at:]
                return dropped + at - 1
            dropped += len(block)
        return dropped - 1

    def _chunk(self, data: bytes, whole: int, skipped: int, last: bool) -> tuple[Chunk, _Blob]:
        first = self._at
        self._at += len(data) + skipped
        lines = data.count(b"\n") + (whole < len(data))
        tail = data[max(0, whole - TAIL_BYTES) : whole] if not skipped else b""
        blob = _Blob(_tidy(data, first))
        chunk = Chunk(
            blob.path,
            lines,
            first,
            self._at,
            first + whole + skipped,
            len(tail),
            fingerprint(tail),
            last,
        )
        return chunk, blob


def _tidy(data: bytes, first: int) -> bytes:
    """Return the lines without a mark in front of the text and with plain line ends."""
    if not first:
        data = data.removeprefix(_MARK)
    return data.replace(b"\r\n", b"\n").removesuffix(b"\r") if b"\r" in data else data


class _Blob(AbstractContextManager["_Blob"]):
    """Bytes that the engine can open by a path, and nobody else by a name."""

    def __init__(self, data: bytes) -> None:
        self._directory: tempfile.TemporaryDirectory[str] | None = None
        if hasattr(os, "memfd_create"):
            self._descriptor = os.memfd_create("darksocial", os.MFD_CLOEXEC)
            self.path = f"/proc/self/fd/{self._descriptor}"
        else:
            self._directory = tempfile.TemporaryDirectory(prefix="darksocial-")
            self.path = f"{self._directory.name}/lines"
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        with io.FileIO(self._descriptor, "wb", closefd=False) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        os.close(self._descriptor)
        if self._directory is not None:
            self._directory.cleanup()


def _ahead(cutter: _Cutter) -> Iterator[Chunk]:
    """Yield chunks while a thread prepares the next one."""
    blobs = cutter.blobs()
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, blobs, None)
        try:
            while (item := coming.result()) is not None:
                coming = pool.submit(next, blobs, None)
                chunk, blob = item
                with blob:
                    yield chunk
        finally:
            with suppress(Exception):
                if left := coming.result():
                    left[1].close()
