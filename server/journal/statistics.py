"""Counts and times of all calls since the start, as plain numbers: no call waits for the library that shows them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.call.call import Call

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the buckets of every histogram, seconds: from a refusal to the timeout of an edit."""
OK = "ok"


class Histogram:
    """How often a time fell into each bucket.

    Attributes
    ----------
    counts : list of int
        One more than there are bounds: the last is for what lies beyond.
    sum_s : float
    """

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS_S) + 1)
        self.sum_s = 0.0

    def observe(self, seconds: float) -> None:
        """Count one time; one equal to a bound lies within it."""
        self.counts[bisect_left(BOUNDS_S, seconds)] += 1
        self.sum_s += seconds


class CallStatistics:
    """Used from the event loop only; outside of `/__mock/reset`, as counters of a process never go back.

    Attributes
    ----------
    calls : Counter
        (operation, HTTP status, error code or "ok") -> number.
    durations, steps : dict
        Operation, or step of the pipeline -> histogram.
    faults : Counter
        Kind of the fault played -> number.
    clients_left, in_progress : int
    """

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, int, str]] = Counter()
        self.durations: defaultdict[str, Histogram] = defaultdict(Histogram)
        self.steps: defaultdict[str, Histogram] = defaultdict(Histogram)
        self.faults: Counter[str] = Counter()
        self.clients_left = 0
        self.in_progress = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count a call as in progress while the block runs."""
        self.in_progress += 1
        try:
            yield
        finally:
            self.in_progress -= 1

    def note(self, operation: str, call: Call, status: int) -> None:
        """Count a finished call."""
        self.calls[operation, status, call.code or OK] += 1
        self.durations[operation].observe(call.duration_ms() / 1000)
        for step, milliseconds in call.trace.step_ms.items():
            self.steps[step].observe(milliseconds / 1000)
        if call.fault:
            self.faults[call.fault] += 1
        self.clients_left += call.client_left
