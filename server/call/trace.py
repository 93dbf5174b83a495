"""What the pipeline did for one call: how long each step took, and why the photo passed or failed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from quality.explanation import Explanation


@dataclass
class Trace:
    """Filled along the straight line of one call.

    Attributes
    ----------
    step_ms : dict
        Milliseconds of each step, in order.
    explanation : Explanation or None
        The quality checks, where they were made.
    """

    step_ms: dict[str, float] = field(default_factory=dict)
    explanation: Explanation | None = None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step; a step that raises is timed too."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.step_ms[name] = round((time.perf_counter() - start) * 1000, 2)
