"""One error root, one subclass for each kind of trouble.

Every message is one clear sentence that names the record or the setting, and the way out. One that
a user of the console may meet is `Said`, so that it can be told in the user's language.
"""

from __future__ import annotations

LONGEST_ECHO = 100


class Said(str):
    """A sentence with its values, which can be said in another language too.

    In the `template` the values stand as `%(name)s`; the catalogues of texts have it as it is.
    Those that somebody gave stand as `%(name)r`; of long ones the beginning is said.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> Said:
        values = _shortened(template, values)
        said = super().__new__(cls, template % values if values else template)
        said.template, said.values = template, values
        return said


def _shortened(template: str, values: dict[str, object]) -> dict[str, object]:
    """Return the values of a sentence, what somebody gave with at most `LONGEST_ECHO` letters."""
    long: dict[str, str] = {
        name: v for name, v in values.items() if isinstance(v, str) and len(v) > LONGEST_ECHO
    }
    if not long:  # a list of many lines makes many sentences
        return values
    echoed = [name for name in long if f"%({name})r" in template]
    return values | {name: f"{long[name][: LONGEST_ECHO - 1]}…" for name in echoed}


class FilterNames(tuple[str, ...]):
    """Names of filters in a sentence: people read them as the console's forms call them."""

    def __str__(self) -> str:
        return ", ".join(self)


class DarksocialError(Exception):
    """Root of all errors that this project raises on purpose."""


class SettingError(DarksocialError):
    """A setting is unknown, or its value cannot be used."""


class TokenError(DarksocialError):
    """A share token is refused.

    `reason` is one of `too_long`, `malformed`, `foreign`, `future`, `expired`.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class RecordError(DarksocialError):
    """A hit or an event breaks the rules of its format.

    `reason` is one word for counters and response headers.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class InputError(DarksocialError):
    """A file, frame or argument that the user gave cannot be used as it is."""


class MailError(DarksocialError):
    """A letter could not be handed to the mail server."""


class UnknownSite(DarksocialError):  # noqa: N818 (named for what is the case)
    """A site that nobody has added yet."""

    def __init__(self, site: str, why: str = "") -> None:
        why = why or Said("The site %(site)r is not known", site=site)
        super().__init__(
            Said("%(why)s: add it with `darksocial site add %(site)s`.", why=why, site=site)
        )
        self.site = site


class StoreError(DarksocialError):
    """The store refused a statement; `sql` holds the text that failed."""

    def __init__(self, message: str, sql: str = "") -> None:
        super().__init__(f"{message}\nThe statement was:\n{sql.strip()}" if sql else message)
        self.sql = sql


class StoreUnavailable(StoreError):  # noqa: N818
    """The store cannot be reached now; trying again later may help."""


class StoreOwned(StoreUnavailable):
    """Another process owns the embedded store."""


class SpoolError(DarksocialError):
    """The spool cannot take a record now: a full disk or a directory without permission.

    `reason` is one word for counters and response headers.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason
