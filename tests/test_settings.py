"""The table of settings: who wins, what is refused, and where the data lies by default."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from darksocial.cli.main import main
from darksocial.errors import SettingError
from darksocial.settings import SETTINGS, Setting, Settings, as_environment, load, web_address

WriteFile = Callable[[str], dict[str, str]]


@pytest.fixture
def written(tmp_path: Path) -> WriteFile:
    """Write a settings file and return the environment that names it."""

    def write(text: str) -> dict[str, str]:
        path = tmp_path / "darksocial.ini"
        path.write_text(text, encoding="utf-8")
        return {"DARKSOCIAL_CONFIG": str(path)}

    return write


def refusal(flags: dict[str, Any], environment: dict[str, str]) -> str:
    with pytest.raises(SettingError) as caught:
        load(flags, environment)
    return str(caught.value)


# Each place is stronger than the one above it.
PRECEDENCE = [
    (None, None, None, 8080),
    ("1001", None, None, 1001),
    ("1001", "1002", None, 1002),
    ("1001", "1002", "1003", 1003),
    (None, "1002", None, 1002),
    ("1001", None, "1003", 1003),
    (None, "1002", "9", 9),
]


@pytest.mark.parametrize(("file", "variable", "flag", "expected"), PRECEDENCE)
def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    written: WriteFile, file: str | None, variable: str | None, flag: str | None, expected: int
) -> None:
    environment = written(f"[darksocial]\ntracker_port = {file}\n") if file else {}
    if variable:
        environment["DARKSOCIAL_TRACKER_PORT"] = variable
    assert load({"tracker_port": flag}, environment).tracker_port == expected


TYPED = [
    ("tracker_workers", " 3 ", 3),
    ("spool_sync", "true", True),
    ("spool_sync", "YES", True),
    ("spool_sync", "1", True),
    ("spool_sync", "no", False),
    ("spool_sync", "0", False),
    ("trusted_proxies", "10.0.0.0/8, ::1 ,", ("10.0.0.0/8", "::1")),
    ("trusted_proxies", "", ()),
    ("tracker_url", " https://t.example/ ", "https://t.example/"),
    ("home", "/var/lib/other", Path("/var/lib/other")),
]


@pytest.mark.parametrize(("name", "text", "value"), TYPED)
def test_texts_become_values_of_the_setting_s_type(name: str, text: str, value: Any) -> None:
    settings = load({}, {f"DARKSOCIAL_{name.upper()}": text})
    assert getattr(settings, name) == value


BAD_VALUES = [
    ("tracker_port", "eighty", "a whole number", "'eighty'"),
    ("tracker_port", "", "a whole number", "''"),
    ("tracker_port", "65536", "1 to 65535", "65536"),
    ("console_port", "0", "1 to 65535", "0"),
    ("demo_port", "8e3", "a whole number", "'8e3'"),
    ("tracker_workers", "0", "1 or more", "0"),
    ("memory_gb", "0", "1 or more", "0"),
    ("spool_sync", "perhaps", "true or false", "'perhaps'"),
    ("retention_months", "26", "1 to 25", "26"),
    ("retention_months", "0", "1 to 25", "0"),
    ("trusted_proxies", "10.0.0.0/8,proxy", "addresses or networks", "'proxy'"),
    ("tracker_url", "t.example", "http:// or https://", "'t.example'"),
    ("tracker_url", "http://", "and a host", "'http://'"),
    ("tracker_url", "https:///x", "and a host", "'https:///x'"),
    ("tracker_url", 'http://x/"><script>', "and a host", "script"),
    ("console_url", "http://x/ y", "and a host", "'http://x/ y'"),
    ("tracker_url", "javascript:alert(1)", "http:// or https://", "'javascript:alert(1)'"),
]


@pytest.mark.parametrize(("name", "text", "wanted", "given"), BAD_VALUES)
@pytest.mark.parametrize("way", ["flag", "environment", "file"])
def test_a_bad_value_is_one_sentence_with_the_setting_and_the_way_out(
    written: WriteFile, way: str, name: str, text: str, wanted: str, given: str
) -> None:
    message = {
        "flag": lambda: refusal({name: text}, {}),
        "environment": lambda: refusal({}, {f"DARKSOCIAL_{name.upper()}": text}),
        "file": lambda: refusal({}, written(f"[darksocial]\n{name} = {text}\n")),
    }[way]()
    assert "\n" not in message
    for part in (name, f"--{name.replace('_', '-')}", f"DARKSOCIAL_{name.upper()}", wanted, given):
        assert part in message


def test_an_unknown_variable_is_refused_by_name() -> None:
    message = refusal({}, {"DARKSOCIAL_TRACKER_PROT": "1"})
    assert "DARKSOCIAL_TRACKER_PROT" in message
    assert "tracker_port" in message


def test_an_unknown_name_in_the_file_is_refused_by_name(written: WriteFile) -> None:
    environment = written("[darksocial]\ntracker_prot = 1\n")
    message = refusal({}, environment)
    assert "tracker_prot" in message
    assert environment["DARKSOCIAL_CONFIG"] in message
    assert "tracker_port" in message


def test_an_unknown_flag_is_refused_by_name() -> None:
    result = CliRunner().invoke(main, ["serve", "--tracker-prot", "1"])
    assert result.exit_code == 2
    assert "--tracker-prot" in result.output


BAD_FILES = [
    ("tracker_port = 1\n", "[darksocial]"),
    ("[other]\ntracker_port = 1\n", "[darksocial]"),
    ("[darksocial]\ntracker_port\n", "name = value"),
    ("[darksocial]\ntracker_port = 1\ntracker_port = 2\n", "tracker_port"),
]


@pytest.mark.parametrize(("text", "part"), BAD_FILES)
def test_a_file_that_cannot_be_understood_is_named(
    written: WriteFile, text: str, part: str
) -> None:
    environment = written(text)
    message = refusal({}, environment)
    assert "\n" not in message
    assert environment["DARKSOCIAL_CONFIG"] in message
    assert part in message


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing.ini"
    assert str(missing) in refusal({}, {"DARKSOCIAL_CONFIG": str(missing)})
    binary = tmp_path / "binary.ini"
    binary.write_bytes(b"\xff\xfe[darksocial]")
    assert str(binary) in refusal({}, {"DARKSOCIAL_CONFIG": str(binary)})
    assert str(tmp_path) in refusal({}, {"DARKSOCIAL_CONFIG": str(tmp_path)})


def test_a_percent_sign_in_the_file_is_just_one(written: WriteFile) -> None:
    environment = written("[darksocial]\nstore = clickhouse://u:p%40ss@db.example:9440/news\n")
    assert load({}, environment).store == "clickhouse://u:p%40ss@db.example:9440/news"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_has_a_flag_a_variable_and_help(setting: Setting) -> None:
    options = {name: option for option in main.commands["serve"].params for name in option.opts}
    option = options[setting.flag]
    assert isinstance(option, click.Option)
    assert setting.help in (option.help or "")
    assert setting.variable in (option.help or "")
    assert setting.name in {field.name for field in fields(Settings)}


def test_no_setting_stands_beside_the_table() -> None:
    assert {field.name for field in fields(Settings)} == {setting.name for setting in SETTINGS}


HOMES = [
    ("", "/data/darksocial", "chdb:///data/darksocial"),
    ("chdb:///srv/here", "/srv/here", "chdb:///srv/here"),
    ("chdb:///srv/with blank", "/srv/with blank", None),
    ("clickhouse://u:p@db.example/news", "/data/darksocial/db.example-9000-news", None),
    ("clickhouse://db.example:9440", "/data/darksocial/db.example-9440-darksocial", None),
]


@pytest.mark.parametrize(("store", "home", "address"), HOMES)
def test_spool_and_salt_lie_beside_the_store(store: str, home: str, address: str | None) -> None:
    settings = load({"store": store}, {"XDG_DATA_HOME": "/data"})
    assert settings.home == Path(home)
    assert settings.store == (address or store)
    assert settings.spool == Path(home) / "spool"
    assert settings.salt == Path(home) / "salt"
    assert settings.lock == Path(home) / "lock"


def test_a_home_of_one_s_own_wins() -> None:
    assert load({"store": "chdb:///srv/a", "home": "/srv/b"}, {}).home == Path("/srv/b")


def test_the_data_of_a_user_lies_in_the_home_directory() -> None:
    assert load({}, {"HOME": "/home/ann"}).home.is_relative_to("/home/ann")


BAD_STORES = ["clickhouse://db:port/x", "clickhouse://db:99999/x"]


@pytest.mark.parametrize("store", BAD_STORES)
def test_a_store_without_usable_port_is_refused(store: str) -> None:
    message = refusal({"store": store.replace("//", "//ann:geheim@")}, {})
    assert store in message
    assert "geheim" not in message
    assert "\n" not in message


def test_settings_travel_to_another_process_unchanged() -> None:
    settings = load(
        {
            "store": "clickhouse://u:p%40ss@db.example:9440/news",
            "trusted_proxies": "10.0.0.0/8,::1",
            "spool_sync": "yes",
            "tracker_port": "8443",
            "tracker_url": "https://t.example/",
        },
        {"XDG_DATA_HOME": "/data"},
    )
    assert load({}, as_environment(settings)) == settings


ADDRESSES = [
    ("127.0.0.1", "http://127.0.0.1:8080"),
    ("0.0.0.0", "http://127.0.0.1:8080"),
    ("::", "http://[::1]:8080"),
    ("::1", "http://[::1]:8080"),
    ("t.example", "http://t.example:8080"),
]


@pytest.mark.parametrize(("host", "address"), ADDRESSES)
def test_browsers_find_a_server_by_the_address_it_listens_on(host: str, address: str) -> None:
    assert web_address(host, 8080) == address


def test_the_tracker_s_own_address_has_no_slash_at_its_end() -> None:
    assert load({"tracker_url": "https://t.example/"}, {}).tracker_address == "https://t.example"
    assert load({}, {"HOME": "/x"}).tracker_address == "http://127.0.0.1:8080"


def test_the_memory_of_a_query_is_what_the_setting_says(tmp_path: Path) -> None:
    """In a process of its own, since a process has one engine."""
    script = (
        "from darksocial.cli.options import opened\n"
        "with opened({'store': 'chdb://%s', 'memory_gb': '2'}) as (_, store):\n"
        "    with store.session() as session:\n"
        "        rows = session.query(\"SELECT getSetting('max_memory_usage') AS n\")\n"
        "        print(rows['n'][0].as_py())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script % tmp_path], capture_output=True, text=True, check=True
    )
    assert done.stdout == "2000000000\n"
