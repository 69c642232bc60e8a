"""Between granian and the WSGI application, in a worker.

granian runs WSGI on threads of its own, and a second one costs half of the throughput: each
write of a record lets go of the interpreter's lock, and the other thread takes it. So one
thread answers everything, and only requests whose body has to be waited for go to readers.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from granian.server import mp

from darksocial.errors import DarksocialError
from tracker_server.answers import Environ, Header

MAX_READERS = 256

Task = Callable[[], None]
Application = Callable[..., Any]

# granian looks its wrapper up under this name when a worker starts.
_WRAPPER = "_wsgi_call_wrap"

_BASE: Environ = {
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


class Answer:
    """The `start_response` of one request."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: list[Header], exc_info: Any = None) -> None:
        self.status = int(status[:3])
        self.headers = headers


class Readers:
    """Daemon threads, as many as there are tasks at a time, up to a limit.

    `start` is called from one thread only.
    """

    def __init__(self, limit: int = MAX_READERS) -> None:
        self._left = limit
        self._idle = threading.Semaphore(0)
        self._tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self._since: dict[int, float] = {}

    def start(self, task: Task) -> bool:
        """Run the task on a thread that is idle or new; return `False` where there is none."""
        if not self._idle.acquire(blocking=False):
            if not self._left:
                return False
            self._left -= 1
            threading.Thread(target=self._run, name="reader", daemon=True).start()
        self._tasks.put(task)
        return True

    def longest(self) -> float:
        """Return for how many seconds the oldest running task has been running."""
        return time.monotonic() - min(list(self._since.values()), default=time.monotonic())

    def _run(self) -> None:
        thread = threading.get_ident()
        while True:
            task = self._tasks.get()
            self._since[thread] = time.monotonic()
            try:
                task()
            except Exception:
                traceback.print_exc()
            del task, self._since[thread]
            self._idle.release()


def runner(
    application: Application, busy: Application, readers: Readers
) -> Callable[[Any, Environ], None]:
    """Return what granian calls for each request, with its protocol object and the environ.

    `busy` answers in place of `application` where all readers wait for bodies.
    """

    def run(protocol: Any, environ: Environ) -> None:
        if environ["REQUEST_METHOD"] != "POST":
            serve(application, protocol, environ)
        elif not readers.start(lambda: serve(application, protocol, environ)):
            serve(busy, protocol, environ)

    return run


def serve(application: Application, protocol: Any, environ: Environ) -> None:
    """Answer one request through granian's protocol object."""
    answer = Answer()
    body = application(_BASE | environ, answer)
    protocol.response_bytes(answer.status, answer.headers, b"".join(body))
    if hasattr(body, "close"):
        body.close()


def install(application: Application, busy: Application, readers: Readers) -> None:
    """Make granian call `runner` in this worker."""
    if not hasattr(mp, _WRAPPER):
        raise DarksocialError(
            "This version of granian starts WSGI workers in another way: install granian 2.8."
        )
    setattr(mp, _WRAPPER, lambda *_: runner(application, busy, readers))
