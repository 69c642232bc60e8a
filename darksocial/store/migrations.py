"""Forward-only migrations, recorded in a table.

A migration is a script `NNNN_name.sql`. Its first line may say `-- requires: N`: the oldest
engine version that knows its statements; on older engines it is left for later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from darksocial.errors import StoreError
from darksocial.store.protocol import Session
from darksocial.store.sql import split, statement

_REQUIRES = re.compile(r"-- requires: (\d+)\n")
_ADDED = re.compile(r"^ALTER TABLE (\w+) ADD COLUMN ((\w+) [^;]+);$", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Migration:
    number: int
    name: str
    script: str

    @property
    def requires(self) -> int:
        """The oldest major version of the engine that can run the script."""
        match = _REQUIRES.match(self.script)
        return int(match[1]) if match else 0


def known() -> list[Migration]:
    """Return all migrations in their order."""
    folder = files("darksocial.store") / "migrations"
    found = []
    for entry in folder.iterdir():
        if match := re.fullmatch(r"(\d{4})_(\w+)\.sql", entry.name):
            found.append(Migration(int(match[1]), match[2], entry.read_text(encoding="utf-8")))
    return sorted(found)


def temporary(session: Session, table: str) -> None:
    """Make an empty temporary table with the columns of one of the schema's tables."""
    scripts = "\n".join(migration.script for migration in known())
    match = re.search(rf"CREATE TABLE IF NOT EXISTS {table}\n\(\n(.*?)\n\)\n", scripts, re.DOTALL)
    if not match:
        raise StoreError(f"The schema has no table {table!r}.")
    added = [column for altered, column, _ in _ADDED.findall(scripts) if altered == table]
    columns = ",\n".join([match[1], *added])
    session.execute(f"CREATE TEMPORARY TABLE {table}\n(\n{columns}\n)\nENGINE = Memory")


def applied(session: Session) -> set[int]:
    """Return the numbers of the migrations that this store has had."""
    session.execute(statement("migrations/table"))
    return set(session.query(statement("migrations/applied"))["number"].to_pylist())


def pending(session: Session) -> Iterator[Migration]:
    """Yield what this store's engine can run and has not had."""
    version = int(session.query("SELECT version() AS version")["version"][0].as_py().split(".")[0])
    done = applied(session)
    for migration in known():
        if migration.number not in done and migration.requires <= version:
            yield migration


def apply(session: Session) -> list[Migration]:
    """Run what is pending; each script can be run again after a crash in its middle."""
    ran = []
    for migration in list(pending(session)):
        for text in split(migration.script):
            if not _has_column(session, text):
                session.execute(text)
        session.execute(
            statement("migrations/record"), number=migration.number, name=migration.name
        )
        ran.append(migration)
    return ran


def _has_column(session: Session, text: str) -> bool:
    """Whether a statement adds a column that is there: old engines know no IF NOT EXISTS for it."""
    match = _ADDED.match(f"{text};")
    if not match:
        return False
    found = session.query(statement("migrations/column"), table=match[1], column=match[3])
    return bool(found.num_rows)
