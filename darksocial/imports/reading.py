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

CHUNK_BYTES = 64 * 1024 * 1024
HEAD_BYTES = 64 * 1024
TAIL_BYTES = 4 * 1024
BLOCK_BYTES = 256 * 1024
SALVAGE_BYTES = 256
STANDARD_INPUT = "-"
DESCRIPTORS = "/proc/self/fd/"
_GZIP = b"\x1f\x8b"
# How files begin that something else than gzip has packed, and what unpacks them.
_PACKED = {
    b"BZh": ("bzip2", "bzcat"),
    b"\xfd7zXZ\0": ("xz", "xzcat"),
    b"\x28\xb5\x2f\xfd": ("zstd", "zstdcat"),
    b"PK\x03\x04": ("zip", "unzip -p"),
}
_MARK = b"\xef\xbb\xbf"  # what some editors put in front of UTF-8


class Blob(AbstractContextManager["Blob"]):
    """Bytes that the engine can open by a path, and nobody else by a name."""

    def __init__(self, data: bytes | memoryview) -> None:
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


@dataclass(frozen=True, slots=True)
class Chunk(AbstractContextManager["Chunk"]):
    """Whole lines of a file, from byte `first` to byte `end` of its uncompressed text.

    `whole` is where the last finished line ends; it is less than `end` only where the file's
    last line has no end yet. `tail` is the fingerprint of the `tail_bytes` in front of `whole`.
    `last` says that nothing follows; it may be missing. Whoever gets a chunk closes it.
    """

    blob: Blob
    lines: int
    first: int
    end: int
    whole: int
    tail_bytes: int
    tail: str
    last: bool

    @property
    def path(self) -> str:
        """Where the engine finds the lines."""
        return self.blob.path

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.blob.close()


class Stream(Protocol):
    """The uncompressed bytes of a log.

    `done` counts the bytes taken from the file itself; `damage` says why its end cannot be read.
    """

    @property
    def done(self) -> int: ...

    @property
    def damage(self) -> str: ...

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
        spare = self._member.copy()
        try:
            data = self._member.decompress(block, size)
        except zlib.error:
            self.damage = "the compressed file is damaged"
            return _salvage(spare, block)
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


def _salvage(member: zlib._Decompress, block: bytes) -> bytes:
    """Return what can still be read of a block, up to its damage."""
    parts = []
    with suppress(zlib.error):
        for at in range(0, len(block), SALVAGE_BYTES):
            parts.append(member.decompress(block[at : at + SALVAGE_BYTES]))
    return b"".join(parts)


class LogFile(AbstractContextManager["LogFile"]):
    """A log to be read; raises `InputError` where it cannot be.

    `again` says that it can be read a second time: standard input and pipes cannot.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.name = _name(path)
        self._file = self._open()
        mode = os.fstat(self._file.fileno()) if path != STANDARD_INPUT else None
        self.again = mode is not None and stat.S_ISREG(mode.st_mode)
        self.size = mode.st_size if mode is not None and self.again else 0
        self._head = self._file.read(HEAD_BYTES)
        self.compressed = self._head.startswith(_GZIP)
        self._refuse_packed()
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
        """Yield the lines from byte `first` on.

        `first` other than 0 needs a file that can be read again; so does `end`.
        """
        if not first and end is None:
            yield from _ahead(_Cutter(self.stream, 0, None))
            return
        with self._open() as file:
            self.stream = self._stream(b"", file)
            self.stream.skip(first)
            yield from _ahead(_Cutter(self.stream, first, end))

    def _refuse_packed(self) -> None:
        for begin, (packer, unpack) in _PACKED.items():
            if self._head.startswith(begin):
                self.close()
                raise InputError(
                    f"The log {self.name} is packed with {packer}, and only plain and gzip files "
                    f"are read: pipe it in, as in `{unpack} {self.name} | darksocial import log -`."
                )

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
        return _Gzip(plain) if self.compressed else plain


def _name(path: str) -> str:
    if path == STANDARD_INPUT:
        return "standard input"
    # A log that is followed is read through its descriptor, whatever it is called by now.
    return Path(os.readlink(path) if path.startswith(DESCRIPTORS) else path).name


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

    def cut(self) -> Iterator[Chunk]:
        """Yield the chunks; whoever gets one closes it."""
        last = False
        while not last:
            data = self._carry + self._more(CHUNK_BYTES - len(self._carry))
            last = len(data) < CHUNK_BYTES
            whole = data.rfind(b"\n") + 1
            if not last and not whole:
                yield self._overlong(data)
                continue
            end = len(data) if last else whole
            self._carry = data[end:]
            if data:
                yield self._chunk(data, whole, end, 0, last)

    def _more(self, size: int) -> bytes:
        if self._left is not None:
            size = min(size, self._left)
        data = _read_fully(self._stream, size)
        if self._left is not None:
            self._left -= len(data)
        return data

    def _overlong(self, head: bytes) -> Chunk:
        """Return the begin of a line that is longer than a chunk, as a line; drop the rest."""
        self._carry = b""
        dropped = 0
        while block := self._more(BLOCK_BYTES):
            at = block.find(b"\n") + 1
            dropped += at or len(block)
            if at:
                self._carry = block[at:]
                break
        size = len(head) + 1
        return self._chunk(head + b"\n", size, size, dropped - 1, False)

    def _chunk(self, data: bytes, whole: int, end: int, dropped: int, last: bool) -> Chunk:
        first = self._at
        self._at += end + dropped
        tail = b"" if dropped else data[max(0, whole - TAIL_BYTES) : whole]
        return Chunk(
            blob=Blob(_tidy(memoryview(data)[:end], first)),
            lines=data.count(b"\n", 0, end) + (whole < end),
            first=first,
            end=self._at,
            whole=first + whole + dropped,
            tail_bytes=len(tail),
            tail=fingerprint(tail),
            last=last,
        )


def _tidy(lines: memoryview, first: int) -> bytes | memoryview:
    """Return the lines without a mark in front of the text and with plain line ends."""
    if not first and lines[: len(_MARK)] == _MARK:
        lines = lines[len(_MARK) :]
    data: bytes = lines.obj  # type: ignore[assignment]
    if data.find(b"\r") < 0:
        return lines
    return bytes(lines).replace(b"\r\n", b"\n").removesuffix(b"\r")


def _ahead(cutter: _Cutter) -> Iterator[Chunk]:
    """Yield chunks while a thread prepares the next one."""
    chunks = cutter.cut()
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, chunks, None)
        try:
            while chunk := coming.result():
                coming = pool.submit(next, chunks, None)
                yield chunk
        finally:
            with suppress(Exception):
                if left := coming.result():
                    left.close()
