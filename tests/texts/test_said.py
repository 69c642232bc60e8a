"""What the console may tell a user can be told in every language: no sentence is plain text.

The modules are those that the console's own import, directly or through others, and those that read
lists which people bring. A sentence is one in an error, in an answer that refuses (`abort`), or
beside the number of a refused line.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import darksocial

PACKAGE = Path(darksocial.__file__).parent
ROOTS = ("darksocial.console", "darksocial.seeding")
ERRORS = ("InputError", "SettingError")
# What no page of the console shows, and who reads it.
PLAIN = {
    "darksocial.console.api": "programs: the API speaks English",
    "darksocial.estimator.result": "whoever asks a result for its parts, in a notebook",
    "darksocial.frame_kinds": "whoever gives a frame",
    "darksocial.imports": "the command: access logs are imported by it alone",
    "darksocial.middleware": "the developer of the site's application",
    "darksocial.rules": "the developer: a value of another type",
    "darksocial.settings": "whoever starts it",
}


@cache
def modules() -> dict[str, Path]:
    """Return the files of the package by the names of their modules."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def imported(name: str) -> set[str]:
    """Return the modules that one imports, but not the package itself, which has them all."""
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {one for one in found if one in modules()} - {"darksocial"}


def within(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


@cache
def reached() -> tuple[str, ...]:
    waiting = [name for name in modules() if within(name, ROOTS)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += imported(name)
    return tuple(sorted(found))


def plain(code: ast.AST) -> Iterator[str]:
    """Yield the sentences in code that are plain texts where a user may read them."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            for text in sentences(node):
                if isinstance(text, ast.Constant | ast.JoinedStr | ast.BinOp):
                    yield ast.unparse(text)


def sentences(call: ast.Call) -> Iterator[ast.expr]:
    match call:
        case ast.Call(func=ast.Name(id=name), args=[text, *_]) if name in ERRORS:
            yield text
        case ast.Call(func=ast.Name(id="UnknownSite"), args=[_, why]):
            yield why
        case ast.Call(func=ast.Name(id="abort"), args=[_, text]):
            yield text
        case ast.Call(func=ast.Attribute(attr="append"), args=[ast.Tuple(elts=[_, text])]):
            if ast.unparse(call.func).startswith("refused."):
                yield text


def test_modules_are_reached_through_others() -> None:
    assert {"darksocial.accounts.passwords", "darksocial.lists", "darksocial.seeding"} < set(
        reached()
    )
    assert len(reached()) > 80


@pytest.mark.parametrize("name", [name for name in reached() if not within(name, tuple(PLAIN))])
def test_a_sentence_that_a_user_may_meet_is_said(name: str) -> None:
    assert list(plain(tree(name))) == []


def test_what_may_be_plain_is_there_and_needs_to_be() -> None:
    for room in PLAIN:
        inside = [name for name in reached() if within(name, (room,))]
        assert any(list(plain(tree(name))) for name in inside), room


@pytest.mark.parametrize("name", reached())
def test_what_is_said_stands_as_it_is_in_the_catalogue(name: str) -> None:
    """A template that is put together cannot be found; one by name is marked where it stands."""
    for node in ast.walk(tree(name)):
        match node:
            case ast.Call(func=ast.Name(id="Said"), args=[template, *_]):
                known = isinstance(template, ast.Subscript | ast.Attribute) or (
                    isinstance(template, ast.Constant) and isinstance(template.value, str)
                )
                assert known, ast.unparse(node)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("raise InputError(f'{x} is none.')", ["f'{x} is none.'"]),
        ("raise InputError('None ' + x)", ["'None ' + x"]),
        ("error = SettingError('None.')", ["'None.'"]),
        ("raise UnknownSite(site, 'None')", ["'None'"]),
        ("abort(404, 'Nothing.')", ["'Nothing.'"]),
        ("refused.append((3, 'No line.'))", ["'No line.'"]),
        ("raise InputError(Said('%(x)s is none.', x=x))", []),
        ("abort(404)", []),
        ("found.append((3, 'word'))", []),
    ],
)
def test_plain_sentences_are_found(code: str, found: list[str]) -> None:
    assert list(plain(ast.parse(code))) == found
