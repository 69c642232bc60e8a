"""A real Firefox, driven by WebDriver BiDi over its own remote port: as much as the tests need."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

SECONDS = 60
ARGUMENTS = (
    "--headless",
    "--no-remote",
    "--new-instance",
    "--remote-debugging-port",
    "0",
    # Preferences are set from the browser's own side.
    "--remote-allow-system-access",
)
PREFERENCES = {
    # Pages may read the clipboard without a question.
    "dom.events.testing.asyncClipboard": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
CONTROL = "\ue009"
_TEXT = 0x1
_CLOSE = 0x8
_PING = 0x9


class Socket:
    """The client's side of a WebSocket that carries JSON."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._socket = socket.create_connection((parts.hostname, parts.port), SECONDS)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            f"GET {parts.path} HTTP/1.1",
            f"Host: {parts.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        )
        self._socket.sendall("\r\n".join((*lines, "", "")).encode())
        self._stream = self._socket.makefile("rb")
        status = self._stream.readline()
        assert b"101" in status, status
        while self._stream.readline().strip():
            pass

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(body))
        if len(body) < 126:
            length = struct.pack("!B", 0x80 | len(body))
        elif len(body) < 1 << 16:
            length = struct.pack("!BH", 0x80 | 126, len(body))
        else:
            length = struct.pack("!BQ", 0x80 | 127, len(body))
        self._socket.sendall(bytes([0x80 | _TEXT]) + length + mask + masked)

    def receive(self) -> dict[str, Any]:
        """Return the next message; control frames are passed over."""
        parts = []
        while True:
            first, length = self._stream.read(2)
            if length > 125:
                size = {126: ("!H", 2), 127: ("!Q", 8)}[length]
                (length,) = struct.unpack(size[0], self._stream.read(size[1]))
            body = self._stream.read(length)
            assert first & 15 != _CLOSE, body
            if first & 15 >= _PING:
                continue
            parts.append(body)
            if first & 0x80:
                message: dict[str, Any] = json.loads(b"".join(parts))
                return message

    def close(self) -> None:
        self._stream.close()
        self._socket.close()


class Firefox:
    """A running Firefox with one tab and a profile of its own; names are Playwright's."""

    def __init__(self, program: str) -> None:
        self._profile = tempfile.mkdtemp(prefix="firefox")
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in PREFERENCES.items()
        ]
        Path(self._profile, "user.js").write_text("".join(lines), encoding="utf-8")
        self._process = subprocess.Popen(
            [program, *ARGUMENTS, "--profile", self._profile],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._numbers = itertools.count(1)
        self._socket = Socket(f"{self._address()}/session")
        self._call("session.new", capabilities={})
        self._tab = self._call("browsingContext.getTree")["contexts"][0]["context"]

    def __enter__(self) -> Firefox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.communicate()
        shutil.rmtree(self._profile, ignore_errors=True)

    def goto(self, url: str, wait: str = "complete") -> None:
        """Open a page; "interactive" does not wait for the load event, which scripts delay."""
        self._call("browsingContext.navigate", context=self._tab, url=url, wait=wait)

    def evaluate(self, expression: str) -> Any:
        """Return what the page's expression gives, by way of JSON; promises are awaited."""
        answer = self._call(
            "script.evaluate",
            expression=f"(async () => JSON.stringify([await ({expression})]))()",
            target={"context": self._tab},
            awaitPromise=True,
            userActivation=True,
        )
        assert answer["type"] == "success", answer
        (value,) = json.loads(answer["result"]["value"])
        return value

    def prefer(self, name: str, value: bool) -> None:
        """Set a preference; pages see it at once."""
        tree = self._call("browsingContext.getTree", **{"moz:scope": "chrome"})
        answer = self._call(
            "script.evaluate",
            expression=f"Services.prefs.setBoolPref({json.dumps(name)}, {json.dumps(value)})",
            target={"context": tree["contexts"][0]["context"]},
            awaitPromise=False,
        )
        assert answer["type"] == "success", answer

    def press(self, key: str, modifier: str = CONTROL) -> None:
        keys = [("keyDown", modifier), ("keyDown", key), ("keyUp", key), ("keyUp", modifier)]
        actions = [{"type": type_, "value": value} for type_, value in keys]
        self._act({"type": "key", "id": "keyboard", "actions": actions})

    def click(self, selector: str, button: int = 0) -> None:
        """Press a button of the mouse (2 is the right one) in the middle of an element."""
        x, y = self.evaluate(
            "(box => [box.x + box.width / 2, box.y + box.height / 2].map(Math.round))"
            f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())"
        )
        actions: list[dict[str, Any]] = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": button},
            {"type": "pointerUp", "button": button},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": actions})

    def _act(self, source: dict[str, Any]) -> None:
        self._call("input.performActions", context=self._tab, actions=[source])

    def _address(self) -> str:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if match := re.search(r"ws://\S+", line):
                return match[0]
        raise AssertionError("Firefox ended before it listened.")

    def _call(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        self._socket.send({"id": number, "method": method, "params": parameters})
        while (message := self._socket.receive()).get("id") != number:
            pass
        assert message["type"] == "success", message
        return message["result"]
