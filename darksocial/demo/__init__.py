"""The demo: a small magazine with the snippet, and two weeks of example traffic."""

from darksocial.demo.preparation import prepare
from darksocial.demo.removal import remove

__all__ = ["prepare", "remove"]
