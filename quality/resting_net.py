"""A net for several threads that gives its memory back between bursts of use.

OpenCV keeps a net's weights two or three times and the room of its last input: tens of megabytes, but read again
within a few milliseconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Net = TypeVar("Net")


class RestingNet(Generic[Net]):
    """One net, used by one thread at a time.

    Parameters
    ----------
    read : callable
        Returns the net, ready to run; called at the first use, and at the first one after a rest.
    """

    def __init__(self, read: Callable[[], Net]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._net: Net | None = None

    @contextmanager
    def awake(self) -> Iterator[Net]:
        """Lend the net, once no other thread uses it."""
        with self._lock:
            if self._net is None:
                self._net = self._read()
            yield self._net

    def rest(self) -> None:
        """Let go of the net until it is used again."""
        with self._lock:
            self._net = None
