"""The demo: a small magazine with the snippet, and two weeks of example traffic."""

from darksocial.demo.preparation import SITE, bring, is_entered, prepare
from darksocial.demo.removal import remove, remove_site, take_out

__all__ = ["SITE", "bring", "is_entered", "prepare", "remove", "remove_site", "take_out"]
