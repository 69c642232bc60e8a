"""Follows a log that grows: what a server writes is imported while it is being written.

Every pass reads on where the last one ended, under one import in the ledger, so an interrupted
one is taken up again like any other. The file is held by its descriptor: one that is renamed
is read to its end before the new one begins, and one that is truncated begins again. What a
server wrote between the last pass and a truncation is gone, which is why renaming is better.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from darksocial.errors import InputError
from darksocial.imports import ledger
from darksocial.imports.ledger import Entry
from darksocial.imports.log import log_format, running
from darksocial.imports.reading import DESCRIPTORS, STANDARD_INPUT
from darksocial.imports.result import ImportResult
from darksocial.model import Site
from darksocial.store.protocol import Store

INTERVAL_SECONDS = 30.0

Seen = Callable[[ImportResult], None]


class Follower:
    """Follows one log into a site; the arguments are those of `import_log`.

    Raises `InputError` where format or source cannot be used, or the path is no file of its own.
    """

    def __init__(
        self,
        store: Store,
        site: Site,
        path: str,
        *,
        source: str = ledger.DEFAULT_SOURCE,
        format: str = "combined",  # noqa: A002 (the word that the command line has)
        rejects: Path,
    ) -> None:
        if path == STANDARD_INPUT or path.endswith(".gz"):
            raise InputError(
                f"{path} cannot be followed: give the plain file that the server writes to."
            )
        self._store = store
        self._site = site
        self._path = path
        self._source = source
        self._form = log_format(format, source)
        self._rejects = rejects
        self._file: int | None = None
        self._size = 0
        self._open: Entry | None = None  # closes the import that is under way

    def run(self, stop: threading.Event, seen: Seen, interval: float = INTERVAL_SECONDS) -> None:
        """Import what is there, then what comes, every `interval` seconds until `stop` is set.

        `seen` is told what each pass with new lines brought.
        """
        try:
            while True:
                self.once(seen)
                if stop.wait(interval):
                    return
        finally:
            self.close()

    def once(self, seen: Seen) -> None:
        """Import what was written since the last time."""
        try:
            file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            # Renamed, and the server has not made the next one yet.
            if self._file is None:
                raise InputError(f"There is no file {self._path}.") from None
            self._read(seen)
            return
        except OSError as error:
            raise InputError(f"{self._path} cannot be read: {error.strerror}.") from error
        if self._file is not None and os.path.sameopenfile(self._file, file):
            os.close(file)
        else:
            if self._file is not None:
                self._read(seen)
            self.close()
            self._file = file
        self._read(seen)

    def close(self) -> None:
        """Close the import and the file."""
        self._end()
        if self._file is not None:
            os.close(self._file)
        self._file, self._size = None, 0

    def _end(self) -> None:
        if self._open is not None:
            with self._store.session() as session:
                ledger.add(session, self._site.name, self._open)
        self._open = None

    def _read(self, seen: Seen) -> None:
        assert self._file is not None
        size = os.fstat(self._file).st_size
        if size == self._size:
            return
        if size < self._size:
            self._end()
        self._size = size
        if not size:
            return
        place = f"{DESCRIPTORS}{self._file}"
        with running(
            self._store,
            self._site,
            place,
            source=self._source,
            form=self._form,
            rejects=self._rejects,
        ) as run:
            run.through(lambda _: None)
            self._open = run.done()
            seen(run.result())
