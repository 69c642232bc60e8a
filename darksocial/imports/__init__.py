"""Imports: what others recorded, into the store. `import_log` reads web servers' logs."""

from darksocial.imports.follow import Follower
from darksocial.imports.ledger import Import
from darksocial.imports.log import import_log
from darksocial.imports.removal import Undone, forget, list_imports, undo
from darksocial.imports.result import ImportResult, Progress

__all__ = [
    "Follower",
    "Import",
    "ImportResult",
    "Progress",
    "Undone",
    "forget",
    "import_log",
    "list_imports",
    "undo",
]
