"""Which texts the code and the templates have.

`python -m darksocial.cli.catalogues` brings the catalogues up to date: new texts come in without a
translation, texts that nobody uses any more go.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from darksocial import explanation
from darksocial.rules import evidence
from darksocial.texts.language import ENGLISH, LANGUAGES, catalogue

METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
    ("**/templates/**.md", "jinja2"),
]
OPTIONS = {"**/templates/**": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {
    "_": None,
    "_n": (1, 2),
    "say": None,
    "Said": None,
    "say_count": (1, 2),
    "gettext": None,
    "ngettext": (1, 2),
}
WIDTH = 100
TRANSIENT = (
    b'"Report-Msgid',
    b'"POT-Creation',
    b'"PO-Revision',
    b'"Last-Translator',
    b'"Language-Team',
    b'"Generated-By',
)


def texts() -> Catalog:
    """Return all texts of the package, with the files that have them."""
    root = str(files("darksocial"))
    found = Catalog(charset="utf-8")
    for file, _, message, comments, context in extract_from_dir(
        root, METHODS, OPTIONS, keywords=KEYWORDS
    ):
        if message and (isinstance(message, tuple) or message.strip()):
            found.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    for text in vocabularies():
        found.add(text)
    return found


def vocabularies() -> Iterator[str]:
    """Yield the texts of rules, which are data and know no language."""
    for fact in evidence.FACTS:
        yield fact.yes
        yield fact.no
    for rule in evidence.RULES:
        yield rule.why
    yield from explanation.GA4_CONDITIONS.values()
    yield explanation.ALWAYS


def update(code: str) -> tuple[int, int]:
    """Bring a catalogue up to date; return how many texts it has, and how many untranslated."""
    known = catalogue(code)
    known.update(texts(), no_fuzzy_matching=True)
    known.obsolete.clear()
    Path(str(files("darksocial.texts") / f"{code}.po")).write_bytes(written(known))
    return len(known), sum(not _translated(message) for message in known if message.id)


def written(catalog: Catalog) -> bytes:
    """Return a catalogue as its file, without what changes from run to run."""
    file = BytesIO()
    pofile.write_po(file, catalog, width=WIDTH, sort_output=True, include_lineno=False)
    lines = file.getvalue().split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith(TRANSIENT))


def _translated(message: object) -> bool:
    said = getattr(message, "string", "")
    return all(said) if isinstance(said, tuple) else bool(said)


if __name__ == "__main__":
    for language in LANGUAGES:
        if language != ENGLISH:
            number, missing = update(language)
            print(f"{language}: {number} texts, {missing} of them without a translation")
