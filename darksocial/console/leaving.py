"""`/unsubscribe/<token>`: the end of an order, with one click and without a login."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from darksocial.console import asked
from darksocial.digest.recipients import recipients, remove
from darksocial.texts import words_for

blueprint = Blueprint("leaving", __name__)

PREFIX = "/unsubscribe/"


@blueprint.get(PREFIX + "<token>")
def ask(token: str) -> Any:
    """Ask once more: programs that look at links in e-mail must not end an order."""
    known = [one for one in recipients(asked.session()) if one.token == token]
    if not known:
        return render_template("left.html", left=None), 404
    _speak(known[0].language)
    return render_template("leave.html", order=known[0], token=token)


@blueprint.post(PREFIX + "<token>")
def leave(token: str) -> Any:
    """End the order; mail programs send this by themselves (RFC 8058)."""
    left = remove(asked.session(), token)
    if left:
        _speak(left.language)
    return render_template("left.html", left=left), 200 if left else 404


def _speak(language: str) -> None:
    if "lang" not in request.args:
        asked.speak(words_for(language))
