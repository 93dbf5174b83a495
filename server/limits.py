"""Row 5: calls a second and calls at a time. Off unless asked for: the vendor documents no figures."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from server.clock import VirtualClock
from server.errors import ApiError


class Limiter:
    """One key's limits, on the key's clock. Used from the event loop only."""

    def __init__(self, clock: VirtualClock) -> None:
        self.per_second: int | None = None
        self.concurrent: int | None = None
        self._clock = clock
        self._started_s: deque[float] = deque()
        self._running = 0

    @contextmanager
    def admitting(self) -> Iterator[None]:
        """Let one call through while the block runs.

        Raises
        ------
        ApiError
            `EXCEEDING_LIMITS`.
        """
        now_s = self._clock.now_s()
        while self._started_s and self._started_s[0] <= now_s - 1:
            self._started_s.popleft()
        if self.per_second is not None and len(self._started_s) >= self.per_second:
            raise ApiError("EXCEEDING_LIMITS", why=f"more than {self.per_second} calls a second")
        if self.concurrent is not None and self._running >= self.concurrent:
            raise ApiError("EXCEEDING_LIMITS", why=f"more than {self.concurrent} calls at a time")
        if self.per_second is not None:
            self._started_s.append(now_s)
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
