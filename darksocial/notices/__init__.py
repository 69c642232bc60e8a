"""Texts about privacy for a site, from the settings that are in force: drafts, no legal advice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from darksocial.errors import InputError, Said
from darksocial.model import Site
from darksocial.settings import Settings
from darksocial.texts import words_for

# Kind of notice: the template of that name.
NOTICES = ("privacy", "cnil", "record")
TOKEN_MONTHS = 13


@dataclass(frozen=True, slots=True)
class Practice:
    """How a site uses darksocial, as far as the settings do not say it."""

    consent: bool = False  # asks for consent, and then tags the address bar too
    survey: bool = False


def notice(
    kind: str, site: Site, settings: Settings, language: str, practice: Practice = Practice()
) -> str:
    """Return a notice as Markdown: `privacy` (for visitors), `cnil` (criteria), `record`."""
    if kind not in NOTICES:
        raise InputError(
            Said("%(kind)r is no notice: known are %(known)s.", kind=kind, known=", ".join(NOTICES))
        )
    template = _environment(language).get_template(f"{kind}.md")
    return template.render(
        site=site.name,
        tracker=settings.tracker_address,
        months=settings.retention_months,
        token_months=TOKEN_MONTHS,
        practice=practice,
    )


@cache
def _environment(language: str) -> Environment:
    words = words_for(language)
    environment = Environment(
        loader=PackageLoader("darksocial.notices"),
        autoescape=False,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.say, words.plural, newstyle=True
    )
    return environment
