"""Connections that fell silent in the middle of a request.

The server waits for the rest of a body for good, and holds a thread meanwhile. The process may
end such a connection itself, and the kernel knows which ones are silent.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from pathlib import Path

_DESCRIPTORS = Path("/proc/self/fd")
_ESTABLISHED = 1
# Fields of Linux' struct tcp_info: the state, and the milliseconds since data came in.
_STATE, _SILENCE = struct.Struct("=B"), struct.Struct("=I")
_SILENCE_OFFSET = 52
_INFO_BYTES = 104


def end_silent(seconds: float) -> int:
    """End this process's TCP connections that sent nothing for `seconds`; return how many.

    Does nothing on systems other than Linux.
    """
    if sys.platform != "linux":
        return 0
    ended = 0
    for entry in os.listdir(_DESCRIPTORS):
        try:
            # A copy, so that a descriptor that is closed meanwhile does no harm.
            connection = socket.socket(fileno=os.dup(int(entry)))
        except OSError:
            continue
        with connection:
            ended += _end_if_silent(connection, seconds)
    return ended


def _end_if_silent(connection: socket.socket, seconds: float) -> bool:
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
        state = _STATE.unpack_from(info)[0]
        silence = _SILENCE.unpack_from(info, _SILENCE_OFFSET)[0]
        if state != _ESTABLISHED or silence < seconds * 1000:
            return False
        connection.shutdown(socket.SHUT_RD)
    except (OSError, struct.error):
        return False
    return True
