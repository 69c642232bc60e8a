"""People with accounts, as they use the console with a browser."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from page import shown

HOST = "127.0.0.1:18081"
ORIGIN = {"Origin": f"http://{HOST}"}
PASSWORD = "correct horse battery"


def log_in(client: FlaskClient, name: str, password: str = PASSWORD, **form: str) -> Any:
    data = {"name": name, "password": password, **form}
    return client.post("/login", data=data, headers=ORIGIN)


def logged_in(console: Flask, name: str) -> FlaskClient:
    client = console.test_client()
    assert log_in(client, name).status_code == 303
    return client


def sent(client: FlaskClient, path: str, **form: str) -> Any:
    """Send a form as the account page has it."""
    fields = shown(client, "/account").all("input")
    token = next(field["value"] for field in fields if field.get("name") == "csrf")
    return client.post(path, data={"csrf": token, **form}, headers=ORIGIN)
