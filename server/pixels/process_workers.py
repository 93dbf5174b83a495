"""`--workers N`: one process answers all calls and keeps the one truth, N others edit pixels.

Python runs one thread at a time between native calls, so threads share a core where processes do not. State stays in
the parent: nothing of a call is lost with a worker, and nothing needs to be shared between them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from server.pixels.analyzer import Analyzer
from server.pixels.pixel_process import PixelProcess
from server.pixels.rehearsal import rehearse_alone
from server.pixels.workers import PixelWorkers

Result = TypeVar("Result")


class ProcessWorkers(PixelWorkers):
    """A pool of threads that each send their work to a process of their own."""

    def __init__(self, processes: int, most_waiting: int = 0, hang_s: float | None = None) -> None:
        super().__init__(processes, most_waiting)
        self._process_hang_s = hang_s
        self._processes: list[PixelProcess] = []

    def start_warming(self) -> None:
        """Start every process and load its models in the background."""
        barrier = threading.Barrier(self.threads)

        def warm() -> None:
            self._process().run(rehearse_alone)
            self._warm.set()
            # So that each thread takes one of these: none is idle before all have begun.
            barrier.wait(timeout=60)

        for _ in range(self.threads):
            self._executor.submit(warm)

    def submit(self, work: Callable[[Analyzer], Result]) -> Future[Result]:
        """Run `work`, which must be picklable, with a process's models."""
        return self._executor.submit(lambda: self._process().run(work, self._process_hang_s))

    def close(self) -> None:
        """Take no more work and end every process."""
        super().close()
        for process in self._processes:
            process.close()

    def _process(self) -> PixelProcess:
        process: PixelProcess | None = getattr(self._own, "process", None)
        if process is None:
            process = self._own.process = PixelProcess()
            self._processes.append(process)
        return process
