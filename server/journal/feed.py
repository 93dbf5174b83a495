"""The journal as it happens: server-sent events for any number of open pages.

An event is encoded once however many listen, and not at all when nobody does; who reads too slowly is told to load
the list anew, so nothing is queued for anybody.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator

from server.journal.entries import Entry

KEPT_EVENTS = 500
"""How far a page may fall behind before it loads the list anew."""
PAUSE_S = 0.1
"""Events of this time are sent together."""
SIGN_OF_LIFE_S = 15.0
_RELOAD = "reload"


class JournalFeed:
    """Events since the start, numbered. Used from the event loop only.

    Parameters
    ----------
    most_listeners : int
        Beyond it the one that listens longest leaves; a page's browser comes back by itself.
    """

    def __init__(self, most_listeners: int = 500) -> None:
        self._most_listeners = most_listeners
        self._last = 0
        self._kept: deque[tuple[int, str]] = deque(maxlen=KEPT_EVENTS)
        self._listeners: dict[asyncio.Event, None] = {}

    @property
    def is_heard(self) -> bool:
        """Whether anybody listens."""
        return bool(self._listeners)

    def publish(self, entry: Entry) -> None:
        """Tell of a new entry."""
        self._send("call", entry.as_summary() if self._listeners else None)

    def publish_reset(self) -> None:
        """Tell that entries were forgotten."""
        self._send(_RELOAD, {})

    async def listen(self, since: int | None) -> AsyncIterator[str]:
        """Yield server-sent events until there are too many listeners.

        Parameters
        ----------
        since : int or None
            Number of the last event seen (`Last-Event-ID`); None begins with what comes next.
        """
        wake = asyncio.Event()
        self._listeners[wake] = None
        if len(self._listeners) > self._most_listeners:
            oldest = next(iter(self._listeners))
            del self._listeners[oldest]
            oldest.set()
        seen = self._last if since is None else since
        try:
            yield f"retry: 2000\nid: {seen}\nevent: hello\ndata: {{}}\n\n"
            while wake in self._listeners:
                wake.clear()
                if seen != self._last:
                    missed, seen = self._since(seen), self._last
                    yield missed
                    await asyncio.sleep(PAUSE_S)
                    continue
                try:
                    await asyncio.wait_for(wake.wait(), SIGN_OF_LIFE_S)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._listeners.pop(wake, None)

    def _send(self, kind: str, content: object) -> None:
        self._last += 1
        if not self._listeners:
            self._kept.clear()
            return
        text = json.dumps(content, separators=(",", ":"))
        self._kept.append((self._last, f"id: {self._last}\nevent: {kind}\ndata: {text}\n\n"))
        for wake in self._listeners:
            wake.set()

    def _since(self, seen: int) -> str:
        """Return the events after a number; where they are not kept, the word to load the list anew."""
        missed = [text for number, text in self._kept if number > seen]
        if 0 <= seen <= self._last and len(missed) == self._last - seen:
            return "".join(missed)
        return f"id: {self._last}\nevent: {_RELOAD}\ndata: {{}}\n\n"
