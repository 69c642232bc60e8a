"""The pages of the console."""

from __future__ import annotations

from flask import Blueprint, render_template

from darksocial.errors import DarksocialError

blueprint = Blueprint("pages", __name__)


def trouble(error: DarksocialError) -> str:
    """Return the page that says what went wrong."""
    return render_template("trouble.html", error=error)
