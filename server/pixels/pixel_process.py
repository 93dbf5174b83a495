"""A child process with models of its own: its work holds up no other Python code, its death takes no call with it.

The parent's thread sends picklable work over a socket and waits. The child's standard input is its life line: it ends
with the parent, however the parent ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from server.pixels.analyzer import Analyzer

Result = TypeVar("Result")
_PR_SET_PDEATHSIG = 1
_log = logging.getLogger("ailab_mock")
TRIES = 2
"""A picture whose first process died gets a second; one that brings down both is the picture's fault."""
TAKE_SECONDS = 30.0
"""A child that does not take its work for so long, while it starts or ever, is dead."""


class WorkerLostError(RuntimeError):
    """Two processes in a row died on the same work."""


class WorkerHungError(TimeoutError):
    """The process worked for too long and was replaced."""


class PixelProcess:
    """The parent's end. Used from one thread at a time."""

    def __init__(self) -> None:
        self._is_closed = False
        self._start()

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._child.pid

    def run(self, work: Callable[[Analyzer], Result], hang_s: float | None = None) -> Result:
        """Run `work` in the child, as if it ran here: what it raises is raised, with its traceback as a note.

        Parameters
        ----------
        work : callable
            Picklable.
        hang_s : float, optional
            A child that works for longer is replaced.

        Raises
        ------
        WorkerLostError, WorkerHungError
        """
        for _ in range(TRIES):
            try:
                self._connection.send(work)
                if not self._connection.poll(hang_s):
                    raise WorkerHungError(f"longer than {hang_s:g} s")
                has_failed, outcome = self._connection.recv()
            except WorkerHungError:
                _log.error("an edit hangs: it works for more than %g s; its process is replaced", hang_s)
                self._end()
                self._start()
                raise
            except (EOFError, OSError):
                if self._is_closed:
                    break
                self._end()
                self._start()
                continue
            if has_failed:
                raise outcome
            return outcome  # type: ignore[no-any-return]
        raise WorkerLostError(f"{TRIES} processes died of this picture")

    def close(self) -> None:
        """End the child now, from any thread; work under way is lost."""
        self._is_closed = True
        self._end()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        # A write that waits for longer fails; large work fits no buffer.
        whole, part = divmod(TAKE_SECONDS, 1)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(whole), int(part * 1_000_000)))
        with theirs:
            command = [sys.executable, "-m", "server.pixels.pixel_process", str(theirs.fileno())]
            self._child = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[theirs.fileno()])
        self._connection = Connection(ours.detach())

    def _end(self) -> None:
        self._child.kill()
        with self._child:  # Waits for it and closes the life line.
            self._connection.close()


def serve_parent(descriptor: int) -> None:
    """Do work until the parent's end closes."""
    # Ctrl-C and a stopped process group reach children too: the parent decides when they end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _die_with_parent()
    import cv2

    from server.pixels.analyzer import Analyzer
    from server.pixels.native_memory import REST_SECONDS, FreePages, give_back_large_arrays

    cv2.setNumThreads(1)
    give_back_large_arrays()
    free_pages = FreePages()
    analyzer = Analyzer()
    connection = Connection(descriptor)
    while True:
        if not connection.poll(REST_SECONDS):
            analyzer.rest()
            free_pages.give_back()
        try:
            work = connection.recv()
        except EOFError:
            return
        connection.send_bytes(_outcome(work, analyzer))
        free_pages.give_back()


def _outcome(work: Callable[[Analyzer], Any], analyzer: Analyzer) -> bytes:
    try:
        return pickle.dumps((False, work(analyzer)))
    except Exception as error:
        error.add_note(traceback.format_exc())
        try:
            return pickle.dumps((True, error))
        except Exception:
            return pickle.dumps((True, RuntimeError(traceback.format_exc())))


def _end_with_parent() -> None:
    os.read(0, 1)
    os._exit(0)


def _die_with_parent() -> None:
    """Let Linux end this process with its parent even while native code keeps Python from seeing the life line."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    serve_parent(int(sys.argv[1]))
