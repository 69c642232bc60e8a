"""The documents are true: examples run and print what they say, commands and options exist."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from darksocial.cli.main import main
from darksocial.imports import formats
from darksocial.settings import SETTINGS

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LOG = (
    '203.0.113.7 - - [02/Nov/2026:09:00:00 +0000] "GET /story HTTP/1.1" 200 5120 '
    '"https://web.whatsapp.com/" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, '
    'like Gecko) Chrome/140.0.0.0 Safari/537.36"\n'
)


def blocks(path: Path) -> list[tuple[str, str]]:
    return BLOCK.findall(path.read_text(encoding="utf-8"))


def python_examples() -> list[object]:
    """Python blocks, each with the plain block that follows it as its output."""
    found = []
    for path in DOCUMENTS:
        here = blocks(path)
        for place, (language, code) in enumerate(here):
            if language == "python":
                following = here[place + 1] if place + 1 < len(here) else ("python", "")
                expected = following[1] if following[0] == "" else ""
                found.append(pytest.param(code, expected, id=f"{path.name}-{place}"))
    return found


def commands() -> list[tuple[str, list[str]]]:
    found = []
    for path in DOCUMENTS:
        for language, text in blocks(path):
            if language == "sh":
                lines = text.replace("\\\n", " ").splitlines()
                found += [(path.name, shlex.split(line, comments=True)) for line in lines]
    return [(name, words[1:]) for name, words in found if words[:1] == ["darksocial"]]


@pytest.mark.parametrize(("code", "expected"), python_examples())
def test_python_examples_print_what_they_say(code: str, expected: str) -> None:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, "example", "exec"), {"__name__": "example"})
    shown = [line.rstrip() for line in output.getvalue().splitlines()]
    assert shown == [line.rstrip() for line in expected.splitlines()]


@pytest.mark.parametrize(("document", "words"), commands(), ids=lambda value: str(value)[:60])
def test_commands_and_options_exist(document: str, words: list[str]) -> None:
    command: click.Command = main
    for place, word in enumerate(words):
        if not isinstance(command, click.Group):
            break
        assert word in command.commands, f"{document}: darksocial {' '.join(words)}"
        command = command.commands[word]
        rest = words[place + 1 :]
    options = {name for option in command.params for name in option.opts}
    for word in rest:
        if word.startswith("--"):
            assert word in options, f"{document}: {command.name} has no option {word}"


def test_nginx_s_log_format_is_that_of_the_command() -> None:
    text = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"^log_format shares (.*?);$", text, re.MULTILINE | re.DOTALL)
    (read,) = [words[-1] for _, words in commands() if "--log-format" in words]
    assert formats.parse(written).pattern == formats.parse(read).pattern
    assert formats.parse(read).logs("fetch_site")
    assert formats.parse(read).logs("requested_with")


def test_the_readme_s_commands_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "access.log").write_text(LOG)
    runner = CliRunner()
    for document, words in commands():
        if document == "README.md":
            result = runner.invoke(main, words)
            assert result.exit_code == 0, f"{words}: {result.output}"
    assert "WhatsApp" in result.output


def all_commands(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        found = [(name, command)]
        for word, child in command.commands.items():
            found += all_commands(child, f"{name} {word}")
        return found
    return [(name, command)]


@pytest.mark.parametrize(("name", "command"), all_commands(main, "darksocial"))
def test_every_command_and_option_has_help(name: str, command: click.Command) -> None:
    assert command.help, name
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


def test_every_setting_is_documented_by_serve() -> None:
    output = CliRunner().invoke(main, ["serve", "--help"]).output
    for setting in SETTINGS:
        assert setting.flag in output
        assert setting.variable in "".join(output.split())
