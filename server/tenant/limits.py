"""Row 5: calls a second and calls at a time. Off unless asked for: the vendor documents no figures."""

from __future__ import annotations

from collections import deque

from server.contract.errors import ApiError
from server.tenant.clock import VirtualClock


class Limiter:
    """One key's limits, on the key's clock.

    Attributes
    ----------
    per_second, concurrent : int or None
        None for no limit.
    started_s : deque of float
        When the calls of the last second began; kept only while `per_second` is set.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self.per_second: int | None = None
        self.concurrent: int | None = None
        self.started_s: deque[float] = deque()
        self._clock = clock

    def admit(self, running: int) -> None:
        """Let one more call through beside those running.

        Raises
        ------
        ApiError
            `EXCEEDING_LIMITS`.
        """
        now_s = self._clock.now_s()
        while self.started_s and self.started_s[0] <= now_s - 1:
            self.started_s.popleft()
        if self.per_second is not None and len(self.started_s) >= self.per_second:
            raise ApiError("EXCEEDING_LIMITS", why=f"more than {self.per_second} calls a second")
        if self.concurrent is not None and running >= self.concurrent:
            raise ApiError("EXCEEDING_LIMITS", why=f"more than {self.concurrent} calls at a time")
        if self.per_second is not None:
            self.started_s.append(now_s)
