"""The tag: whether it is there, whether it runs, whether its script is the right one."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from darksocial.checking.fetch import Answer
from darksocial.checking.finding import Finding, error, note, ok, warning
from darksocial.checking.installation import Installation
from darksocial.checking.page import Page, Script, join
from darksocial.errors import Said
from darksocial.rules import data

PLACE = Said("Put the tag that `darksocial site add` prints into the <head> of the page.")

_RUNS = re.compile(r"((text|application)/(x-)?(java|ecma)script)?", re.IGNORECASE)
_PART = re.compile(r"[\"'`](more(?:\.[0-9]+\.[0-9]+\.[0-9]+)?\.js)[\"'`]", re.ASCII)
_ROCKET = re.compile(r"[0-9a-f]+-text/javascript")
_MANAGERS = ("googletagmanager.com/gtm.js", "googletagmanager.com/ns.html")


def missing(page: Page) -> Finding:
    """Say why there may be no tag."""
    if not page.whole:
        return warning(
            "tag", Said("The page is too large to be read to its end."), Said("Move the tag up.")
        )
    if page.commented:
        return error(
            "tag", Said("The tag is in an HTML comment."), Said("Take it out of the comment.")
        )
    if any("data-site" in script.attributes for script in page.scripts):
        return error(
            "tag",
            Said("The only script with data-site is not called ds.js."),
            Said(
                "Keep the name ds.js (or ds.VERSION.js) in `src`, or add the tag if it is "
                "another's."
            ),
        )
    if any(name in page.answer.text for name in _MANAGERS):
        return error(
            "tag",
            Said("The page's source has no tag, but a tag manager that may add it later."),
            Said("Check with --browser, or better put the tag into the page itself."),
        )
    return error("tag", Said("The page has no script tag with data-site."), PLACE)


def check_tag(it: Installation) -> Iterator[Finding]:
    """The tag itself: number, place, attributes."""
    if len(it.page.tags) > 1:
        yield warning(
            "tag",
            Said("The tag is there %(n)s times.", n=len(it.page.tags)),
            Said("Keep one of them."),
        )
    if it.tag.place:
        yield error(
            "tag",
            Said("The tag is in a <%(place)s>, where it does not run.", place=it.tag.place),
            PLACE,
        )
    key = it.tag.get("data-site")
    if it.known.key and key != it.known.key:
        advice = Said('Write data-site="%(key)s".', key=it.known.key)
        yield error("key", Said("data-site is %(key)s, another site's.", key=_short(key)), advice)
    elif not key:
        yield error(
            "key", Said("data-site is empty."), Said("`darksocial site list` shows the key.")
        )
    if "defer" not in it.tag.attributes and "async" not in it.tag.attributes:
        yield warning(
            "tag", Said("The page waits for the script."), Said("Add `defer` to the tag.")
        )
    if urlsplit(it.url).scheme == "https" and urlsplit(it.tag.source).scheme == "http":
        advice = Said("Serve the tracker with TLS and write https:// in `src`.")
        yield error("tag", Said("Browsers refuse a script without TLS on a page with it."), advice)


def check_consent(it: Installation) -> Iterator[Finding]:
    """Whether a consent manager, or an optimiser, keeps the script from running."""
    kind = it.tag.get("type").strip()
    manager = _held_by(it.tag)
    if _ROCKET.fullmatch(kind):
        advice = Said('Add data-cfasync="false" to the tag.')
        yield warning("consent", Said("Cloudflare's Rocket Loader runs the script later."), advice)
    elif kind == "module":
        advice = Said('Take type="module" away: the script reads its own tag.')
        yield error("tag", Said("The script does not start as a module."), advice)
    elif not _RUNS.fullmatch(kind) or not it.tag.get("src").strip():
        who = manager or "a consent manager"
        yield warning(
            "consent",
            Said(
                "%(who)s holds the script back until the visitor agrees (type=%(kind)s).",
                who=who,
                kind=_short(kind),
            ),
            Said(
                "Without consent nothing is measured; if your assessment allows the default mode "
                "without it, mark the script as necessary."
            ),
        )
    elif manager:
        text = Said("%(manager)s knows the script, but does not hold it back.", manager=manager)
        yield note("consent", text, Said('For that it needs type="text/plain".'))
    yield from _automatic(it)


def _held_by(tag: Script) -> str:
    for row in data.load("consent.json")["held"]:
        value = tag.get(row.get("attribute", ""))
        if value and value not in row.get("free", ()):
            return str(row["name"])
        if "class" in row and row["class"] in tag.get("class"):
            return str(row["name"])
    return ""


def _automatic(it: Installation) -> Iterator[Finding]:
    for row in data.load("consent.json")["automatic"]:
        name, _, value = row["exempt"].partition("=")
        exempt = name in it.tag.attributes and it.tag.get(name) in (value.strip('"'), "")
        if not exempt and any(_blocks(row, script) for script in it.page.scripts):
            text = Said(
                "%(name)s blocks scripts by itself on this page, maybe this one.", name=row["name"]
            )
            yield warning(
                "consent",
                text,
                Said("Add %(exempt)s to the tag, or check --browser.", exempt=row["exempt"]),
            )


def _blocks(row: dict[str, str], script: Script) -> bool:
    if "source" in row:
        return row["source"] in script.source
    return script.get(row["attribute"]) == row["value"]


def check_script(it: Installation) -> Iterator[Finding]:
    """The script behind the tag: reachable, ours, current, and its integrity hash right."""
    answer = it.fetcher.get(it.tag.source)
    if answer.status != 200:
        text = Said("%(url)s answers %(status)s.", url=it.tag.source, status=answer.status)
        yield error(
            "script", text, Said("Let `src` lead to the tracker's /ds.js, or fix the proxy.")
        )
        return
    if not _is_script(answer):
        text = Said("The script comes as %(type)s.", type=_short(answer.header("content-type")))
        yield error(
            "script", text, Said("Serve it as text/javascript: a proxy answers in its place?")
        )
        return
    if it.known.scripts and answer.body not in it.known.scripts:
        yield _another(it.tag.source, it.known.version)
    else:
        yield ok(
            "script",
            Said(
                "%(source)s is there (%(n)s bytes).",
                source=it.tag.source,
                n=f"{len(answer.body):,}",
            ),
        )
    yield from _integrity(it.tag, answer.body)
    yield from _parts(it, answer)


def _parts(it: Installation, script: Answer) -> Iterator[Finding]:
    """What the script loads from beside itself, as modules: from elsewhere that needs CORS."""
    for name in dict.fromkeys(_PART.findall(script.text)):
        url = join(it.tag.source, name)
        answer = it.fetcher.get(url)
        if answer.status != 200 or not _is_script(answer):
            advice = Said("Let the proxy pass /%(name)s on as it does ds.js.", name=name)
            yield error("script", _no_part(url, answer), advice)
        elif not (_same_origin(answer.url, it.url) or _shared_with(answer, it.url)):
            text = Said("%(url)s comes without Access-Control-Allow-Origin.", url=answer.url)
            yield error("script", text, Said("Let the proxy keep the tracker's response headers."))
        elif it.known.scripts and answer.body not in {*it.known.scripts} - {script.body}:
            yield _another(url, it.known.version)


def _no_part(url: str, answer: Answer) -> Said:
    if answer.status == 200:
        return Said(
            "%(url)s, which the script loads later, comes as %(type)s.",
            url=url,
            type=_short(answer.header("content-type")),
        )
    return Said(
        "%(url)s, which the script loads later, answers %(status)s.", url=url, status=answer.status
    )


def _is_script(answer: Answer) -> bool:
    return "javascript" in answer.header("content-type").lower()


def _another(url: str, version: str) -> Finding:
    text = Said(
        "%(url)s is not that of version %(version)s, which is installed here.",
        url=url,
        version=version,
    )
    advice = Said("Purge the caches on its way, or update the tag's file name.")
    return warning("script", text, advice)


def _same_origin(one: str, other: str) -> bool:
    return urlsplit(one)[:2] == urlsplit(other)[:2]


def _shared_with(answer: Answer, page: str) -> bool:
    """Return whether an answer lets pages of that origin read it from another."""
    allowed = answer.header("access-control-allow-origin")
    return allowed == "*" or ("://" in allowed and _same_origin(allowed, page))


def _integrity(tag: Script, body: bytes) -> Iterator[Finding]:
    stated = tag.get("integrity").split()
    if not stated:
        return
    advice = Said("Take the tag that `darksocial snippet --pinned` prints.")
    if not any(_digest(word.partition("-")[0], body) == word.partition("?")[0] for word in stated):
        yield error("integrity", Said("The script does not have the tag's integrity hash."), advice)
    elif "crossorigin" not in tag.attributes:
        text = Said("An integrity hash on another origin needs crossorigin.")
        yield error("integrity", text, Said('Add crossorigin="anonymous".'))
    elif re.search(r"/ds\.js$", urlsplit(tag.source).path):
        text = Said("The hash pins a file that changes with the next version.")
        yield warning("integrity", text, advice)


def _digest(name: str, body: bytes) -> str:
    if name not in ("sha256", "sha384", "sha512"):
        return ""
    return f"{name}-{base64.b64encode(hashlib.new(name, body).digest()).decode()}"


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}…")
