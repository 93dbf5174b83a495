"""A clock that can be moved forward: windows of rate limits need no waiting in tests."""

from __future__ import annotations

import time


class VirtualClock:
    """The machine's time plus what was added."""

    def __init__(self) -> None:
        self._added_s = 0.0

    def now_s(self) -> float:
        """Unix seconds."""
        return time.time() + self._added_s

    def advance(self, seconds: float) -> None:
        """Move forward; raise ValueError for a negative or infinite amount."""
        if not 0 <= seconds < 1e10:
            raise ValueError("a clock advances by 0 to 10,000,000,000 seconds")
        self._added_s += seconds
