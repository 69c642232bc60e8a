"""The WordPress plugin: whom it measures, what it prints, what it stores."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from darksocial.version import VERSION

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "js_snippet" / "wordpress" / "darksocial.php"
SET = {"key": "KEY", "tracker": "https://t.example", "editors": "", "survey": "0"}


def run(**case: Any) -> dict[str, Any]:
    """Run the plugin in as much of WordPress as it calls."""
    php = shutil.which("php")
    if not php:
        pytest.skip("PHP is not installed: apt-get install php-cli")
    done = subprocess.run(
        [php, str(Path(__file__).parent / "wordpress.php"), str(PLUGIN)],
        input=json.dumps(case),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def tag(html: str) -> dict[str, str | None]:
    """Return the attributes of the one script in a text, none where there is none."""
    found: list[dict[str, str | None]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag == "script", html
            found.append(dict(attrs))

    Reader().feed(html)
    assert len(found) <= 1
    return found[0] if found else {}


def test_the_tag_of_a_visitor() -> None:
    assert tag(run(option=SET)["head"]) == {
        "defer": None,
        "src": "https://t.example/ds.js",
        "data-site": "KEY",
        "data-cfasync": "false",
        "data-no-optimize": "1",
    }
    assert tag(run(option={**SET, "survey": "10"})["head"])["data-survey"] == "10"


@pytest.mark.parametrize(
    ("option", "case", "printed"),
    [
        (SET, {"may": ["manage_options", "edit_posts"]}, False),
        ({**SET, "editors": "1"}, {"may": ["manage_options", "edit_posts"]}, False),
        (SET, {"may": ["edit_posts"]}, False),
        ({**SET, "editors": "1"}, {"may": ["edit_posts"]}, True),
        (SET, {"may": ["read"]}, True),
        (SET, {"preview": True}, False),
        ({**SET, "key": ""}, {}, False),
        ({**SET, "tracker": ""}, {}, False),
        ([], {}, False),
    ],
)
def test_who_is_measured(option: Any, case: dict[str, Any], printed: bool) -> None:
    assert bool(tag(run(option=option, **case)["head"])) is printed


def test_what_is_printed_is_escaped() -> None:
    evil = '"><script>alert(1)</script>'
    told = run(option={**SET, "key": evil, "tracker": f"https://t.example/{evil}"})
    assert tag(told["head"])["data-site"] == evil
    page = run(option={**SET, "key": evil, "tracker": evil}, may=["manage_options"])["page"]
    assert "<script" not in page


CLEAN = [
    # sent, stored, errors
    ({"key": " K-e_y1\n", "tracker": "https://t.example/"}, ("K-e_y1", "https://t.example"), []),
    ({"key": "<b>", "tracker": "https://t.example/a/"}, ("b", "https://t.example/a"), []),
    ({"tracker": "javascript:alert(1)"}, ("", "https://old.example"), ["tracker"]),
    ({"tracker": "t.example"}, ("", "https://old.example"), ["tracker"]),
    ({"tracker": "https://t.example/?a=b"}, ("", "https://old.example"), ["tracker"]),
    ({"key": ["x"], "tracker": {"y": "z"}}, ("", ""), []),
    ("nonsense", ("", ""), []),
    (None, ("", ""), []),
]


@pytest.mark.parametrize(("sent", "stored", "errors"), CLEAN)
def test_what_is_stored(sent: Any, stored: tuple[str, str], errors: list[str]) -> None:
    told = run(clean=sent, option={**SET, "tracker": "https://old.example"})
    assert (told["stored"]["key"], told["stored"]["tracker"]) == stored
    assert told["errors"] == errors


@pytest.mark.parametrize(
    ("sent", "survey"), [("10", "10"), ("0", "0"), ("7", "0"), ("10 ", "0"), ("", "0")]
)
def test_the_survey_is_one_of_the_choices(sent: str, survey: str) -> None:
    assert run(clean={"survey": sent})["stored"]["survey"] == survey


def test_only_administrators_see_the_settings() -> None:
    assert run(option=SET)["page"] == ""
    assert 'value="https://t.example"' in run(option=SET, may=["manage_options"])["page"]


def test_the_version_is_that_of_the_package() -> None:
    match = re.search(r"^ \* Version: (\S+)$", PLUGIN.read_text("utf-8"), re.MULTILINE)
    assert match
    assert match[1] == VERSION
