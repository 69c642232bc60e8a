"""Between granian and the WSGI application, in a worker.

granian's own WSGI runs on threads of its own. One of them would wait for a slow body while
nothing else is answered; with two or more, each write of a record lets go of the interpreter's
lock and the next thread takes it, which costs more than half of the throughput. So the
application speaks WSGI, granian speaks RSGI, and bodies are awaited with a limit of time.
"""

from __future__ import annotations

import asyncio
import os
import sys
import traceback
from collections.abc import Callable
from io import BytesIO
from typing import Any

import granian
from granian import _futures
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from tracker_server.answers import Environ, Header
from tracker_server.collector import readable_length
from tracker_server.front import Front

BODY_SECONDS = 10
TRIED_VERSIONS = ("2.8.",)

# The headers that Flask's pages and `/c` read besides those of `hot_environ`.
_OTHER_HEADERS = (
    ("host", "HTTP_HOST"),
    ("if-none-match", "HTTP_IF_NONE_MATCH"),
    ("content-length", "CONTENT_LENGTH"),
)
_COMMON: Environ = {
    "SCRIPT_NAME": "",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.url_scheme": "http",
    "wsgi.version": (1, 0),
}


class Answer:
    """The `start_response` of one request."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: list[Header], exc_info: Any = None) -> None:
        self.status = int(status[:3])
        self.headers = headers


class Bridge:
    """An RSGI application that answers with a WSGI one."""

    def __init__(self, front: Front) -> None:
        self.front = front

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.front.start()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close what is open and end the process.

        Threads of granian may still ask for the interpreter, and abort where it is gone: so
        it never goes.
        """
        self.front.close()
        sys.stderr.flush()
        os._exit(0)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request; only that of a POST may have to be waited for."""
        method = scope.method
        environ = hot_environ(scope, method, scope.path) | rest_of_environ(scope)
        application: Callable[..., Any] = self.front
        if method == "POST" and readable_length(environ):
            try:
                body = await asyncio.wait_for(protocol(), BODY_SECONDS)
                environ["wsgi.input"] = BytesIO(body)
            except asyncio.TimeoutError:
                application = self.front.too_slow
            except ProtocolClosed:
                # The client went away: what came is answered as a body that is too short.
                pass
        respond(application, environ, protocol)

    def at_once(self, scope: Any, method: str, protocol: Any) -> None:
        """Answer a request without a body; an error in it is shown and answered with 500."""
        path = scope.path
        try:
            environ = hot_environ(scope, method, path)
            target = self.front.target(method, path)
            if target is not None:
                protocol.response_empty(302, self.front.redirect(environ, target))
            else:
                respond(self.front, environ | rest_of_environ(scope), protocol)
        except Exception:
            traceback.print_exc()
            protocol.response_empty(500, [])


def hot_environ(scope: Any, method: str, path: str) -> Environ:
    """Return what the redirect reads of a request; a missing header is empty.

    Only headers that are read are copied, and by their exact names: `X_Forwarded_For` is none.
    """
    headers = scope.headers
    get = headers.get
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path if path.isascii() else path.encode().decode("latin-1"),
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "HTTP_USER_AGENT": get("user-agent", ""),
        "HTTP_REFERER": get("referer", ""),
        "HTTP_SEC_FETCH_SITE": get("sec-fetch-site", ""),
        "HTTP_DNT": get("dnt", ""),
        "HTTP_SEC_GPC": get("sec-gpc", ""),
        "HTTP_X_FORWARDED_FOR": get("x-forwarded-for", ""),
        "HTTP_X_REQUESTED_WITH": get("x-requested-with", ""),
        "HTTP_SEC_CH_UA": get("sec-ch-ua", ""),
        "HTTP_SEC_CH_UA_MOBILE": get("sec-ch-ua-mobile", ""),
        "HTTP_SEC_CH_UA_PLATFORM": get("sec-ch-ua-platform", ""),
    }
    if environ["HTTP_X_FORWARDED_FOR"]:
        environ["HTTP_X_FORWARDED_FOR"] = ",".join(headers.get_all("x-forwarded-for"))
    return environ


def rest_of_environ(scope: Any) -> Environ:
    """Return what a WSGI environ has besides, its body empty as yet."""
    environ = {**_COMMON, "QUERY_STRING": scope.query_string, "wsgi.input": BytesIO()}
    for name, key in _OTHER_HEADERS:
        value = scope.headers.get(name)
        if value is not None:
            environ[key] = value
    return environ


def respond(application: Callable[..., Any], environ: Environ, protocol: Any) -> None:
    """Answer one request through granian's protocol object."""
    answer = Answer()
    parts = application(environ, answer)
    body = b"".join(parts)
    if body:
        protocol.response_bytes(answer.status, answer.headers, body)
    else:
        protocol.response_empty(answer.status, answer.headers)
    close = getattr(parts, "close", None)
    if close:
        close()


def take_shortcut(bridge: Bridge) -> bool:
    """Let this worker answer requests without a body where granian has read them.

    That saves the way through the event loop, which is half of a redirect's cost. It relies on
    parts of granian that are not public, so with other versions than those tried it returns
    `False`, and the event loop serves everything.
    """
    if not granian.__version__.startswith(TRIED_VERSIONS):
        return False
    futures: Any = _futures

    class Scheduler(futures._BaseCBScheduler):  # type: ignore[misc]
        def __init__(self, loop: asyncio.AbstractEventLoop, callback: Any, *_: Any) -> None:
            super().__init__()
            through_loop = futures._cbsched_aioschedule(loop, self._ctx, callback)

            def schedule(watcher: Any) -> None:
                scope = watcher.scope
                method = scope.method
                if method == "POST":
                    through_loop(watcher)
                else:
                    bridge.at_once(scope, method, watcher.proto)
                    watcher.done()

            self._schedule_fn = schedule

    futures._CBSchedulerAIO = Scheduler
    return True
