"""One language: texts from its catalogue, numbers and days in its form (CLDR, through Babel)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from babel import Locale, UnknownLocaleError, dates, lists, numbers, support
from babel.core import get_global
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog

ENGLISH = "en"


def _found() -> tuple[str, ...]:
    names = (file.name for file in files("darksocial.texts").iterdir())
    return (ENGLISH, *sorted(name[:-3] for name in names if name.endswith(".po")))


LANGUAGES = _found()


@cache
def catalogue(code: str) -> Catalog:
    """Return the texts of a language by their English."""
    path = files("darksocial.texts") / f"{code}.po"
    with path.open("rb") as file:
        return pofile.read_po(file, locale=code)


@cache
def _translations(code: str) -> support.NullTranslations:
    if code == ENGLISH:
        return support.NullTranslations()
    compiled = BytesIO()
    mofile.write_mo(compiled, catalogue(code))
    compiled.seek(0)
    return support.Translations(compiled)


def mark(text: str) -> str:
    """Mark a text for the catalogues that is looked up later, by a name."""
    return text


def mark_both(one: str, many: str) -> tuple[str, str]:
    """Mark the two forms of a text that depends on a number."""
    return one, many


class Language:
    """The texts and forms of one language."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.locale = Locale.parse(code)
        self._translations = _translations(code)

    def say(self, text: str, **values: Any) -> str:
        """Return a text with its values, which stand in it as `%(name)s`."""
        said = str(self._translations.gettext(text))
        return said % values if values else said

    def plural(self, one: str, many: str, n: int) -> str:
        """Return the form of a text that fits a number, without its values."""
        return str(self._translations.ngettext(one, many, n))

    def say_count(self, one: str, many: str, n: int, **values: Any) -> str:
        """Return the form of a text that fits a number; `%(n)s` in it is the number."""
        return self.plural(one, many, n) % {"n": self.number(n), **values}

    def number(self, value: float) -> str:
        """Return a number with separators between thousands."""
        return numbers.format_decimal(value, locale=self.locale)

    def short_number(self, value: int) -> str:
        """Return a round number in a few characters, for an axis."""
        if value >= 1_000_000 and value % 100_000 == 0:
            return f"{numbers.format_decimal(value / 1_000_000, locale=self.locale)}M"
        if value >= 10_000 and value % 1000 == 0:
            return f"{value // 1000}k"
        return self.number(value)

    def percent(self, part: float, whole: float) -> str:
        """Return a part in per cent; neither nothing nor everything is ever rounded to."""
        if not whole:
            return ""
        value = 100 * part / whole
        if part and value < 1:
            return f"<{self._percent(1)}"
        if part < whole and value > 99:
            return f">{self._percent(99)}"
        return self._percent(value)

    def _percent(self, value: float) -> str:
        return numbers.format_percent(round(value) / 100, locale=self.locale)

    def money(self, value: float, currency: str) -> str:
        return numbers.format_currency(value, currency, locale=self.locale)

    def day(self, value: date) -> str:
        return self._date(value, self.say("d MMM y"))

    def short_day(self, value: date) -> str:
        return self._date(value, self.say("d MMM"))

    def month(self, value: date) -> str:
        return self._date(value, "MMM y")

    def moment(self, value: datetime) -> str:
        """Return day and time of day, in the time zone that the value has."""
        return f"{self.day(value.date())}, {value:%H:%M}"

    def duration(self, seconds: float) -> str:
        """Return a span of time in its largest one or two units."""
        units = ((86400, self.say("d")), (3600, self.say("h")), (60, self.say("min")))
        for place, (size, name) in enumerate(units):
            if seconds >= size:
                rest = int(seconds % size)
                smaller, short = (*units, (1, self.say("s")))[place + 1]
                tail = f" {rest // smaller} {short}" if rest // smaller else ""
                return f"{int(seconds // size)} {name}{tail}"
        return f"{int(seconds)} {self.say('s')}"

    def listed(self, parts: Iterable[str]) -> str:
        """Return parts as one enumeration."""
        form = "en_GB" if self.code == ENGLISH else self.locale  # no comma before the last one
        return str(lists.format_list(list(parts), "standard", locale=form))

    def _date(self, value: date, pattern: str) -> str:
        return dates.format_date(value, pattern, locale=self.locale)


def first_weekday(zone: str) -> int:
    """Return the day on which weeks begin where a time zone is, 0 for Monday."""
    territory = get_global("zone_territories").get(zone)
    try:
        return int(Locale.parse(f"und_{territory}").first_week_day) if territory else 0
    except UnknownLocaleError:
        return 0


def best(asked: Iterable[str]) -> str:
    """Return the first language of ours among those that are asked for, else English."""
    for tag in asked:
        code = tag.partition("-")[0].lower()
        if code in LANGUAGES:
            return code
    return ENGLISH
