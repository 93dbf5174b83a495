"""Threads for work on pixels: never the event loop's, each with its own `Analyzer`.

A thread cannot be ended from outside. One whose edit hangs in native code is given up: the others go on in a new pool
with nets of its own, as the thread may hold a lock on the old ones.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import cv2

from quality.detector import FaceDetector
from server.pixels.analyzer import Analyzer, SharedNets
from server.pixels.native_memory import REST_SECONDS, FreePages
from server.pixels.rehearsal import draw_ahead, rehearse
from server.pixels.turns import Interest, InterestNow, Turns

Result = TypeVar("Result")

LEAST_HANG_SECONDS = 10.0
"""However short `--timeout` is, nothing that works for less is taken to hang."""
MOST_HUNG = 8
"""Threads given up and replaced; each keeps its models, up to 60 MiB. With more the process wants to be restarted."""

_log = logging.getLogger("ailab_mock")


class PixelWorkers:
    """A pool of threads that each keep their models.

    Parameters
    ----------
    threads : int
    most_waiting : int
        What `run` lets wait for a thread.
    hang_s : float, optional
        Work that takes longer hangs.
    """

    def __init__(self, threads: int, most_waiting: int = 0, hang_s: float | None = None) -> None:
        # One request, one core: two requests then use two cores, and no result depends on the number of threads.
        cv2.setNumThreads(1)
        self.threads = threads
        self._turns = Turns(threads, most_waiting)
        self._hang_s = hang_s
        self._begun: dict[Future[Any], asyncio.TimerHandle | None] = {}
        self._hung: set[Future[Any]] = set()
        self._new_pool()
        self._warm = threading.Event()
        self._free_pages = FreePages()
        self._rest: asyncio.TimerHandle | None = None

    @property
    def is_warm(self) -> bool:
        """True once one thread has its models loaded and run."""
        return self._warm.is_set()

    @property
    def is_stuck(self) -> bool:
        """True once so many edits hang that no more of their threads are replaced."""
        return len(self._hung) > MOST_HUNG

    @property
    def hung(self) -> int:
        """Number of edits that were given up and still keep their threads."""
        return len(self._hung)

    @property
    def waiting(self) -> int:
        """Number of edits that wait for their turn."""
        return self._turns.waiting

    def start_warming(self) -> None:
        """Load every thread's models in the background."""
        ahead = self._executor.submit(draw_ahead)
        loop = asyncio.get_running_loop()
        barrier = threading.Barrier(self.threads)
        one_at_a_time = threading.Lock()

        def warm() -> None:
            # Tables are drawn once a process: side by side every thread would draw them all.
            with one_at_a_time:
                rehearse(self._analyzer())
            ahead.result()
            self._warm.set()
            # So that each thread takes one of these: none is idle before all have begun.
            if barrier.wait(timeout=60) == 0:
                self._free_pages.give_back()
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(self._rest_soon)

        for _ in range(self.threads):
            self._executor.submit(warm)

    def submit(self, work: Callable[[Analyzer], Result]) -> Future[Result]:
        """Run `work` with a thread's models."""
        future = self._executor.submit(lambda: work(self._analyzer()))
        # In the working thread, once the result is handed over.
        future.add_done_callback(lambda _: self._free_pages.give_back())
        return future

    async def run(
        self,
        work: Callable[[Analyzer], Result],
        timeout_s: float,
        key: str = "",
        interest: InterestNow = lambda: Interest.WAITS,
    ) -> Result:
        """Run `work` in a thread, when it is its turn, and wait for it.

        Parameters
        ----------
        work : callable
        timeout_s : float
            For waiting and working.
        key : str
            Whose work it is: keys have their turns one after the other.
        interest : callable
            Whether anybody waits for the result, asked before it is begun.

        Raises
        ------
        TimeoutError
            It took longer. What has not begun never will; what has is finished in the background, or hangs and is
            given up.
        QueueFullError, UnwantedError
            See `Turns.take`.
        """
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(timeout_s):
            await self._turns.take(key, interest)
            self._stay_awake()
            pool, future = self._executor, self.submit(work)
            self._begun[future] = self._watch(future, pool)
            future.add_done_callback(lambda _: self._turn_ended(loop, future))
            return await asyncio.wrap_future(future)

    def _turn_ended(self, loop: asyncio.AbstractEventLoop, future: Future[Any]) -> None:
        # In the working thread. A server that leaves closes its loop while edits are still under way.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(self._end_turn, future)

    def _end_turn(self, future: Future[Any]) -> None:
        self._hung.discard(future)
        if future in self._begun:
            watch = self._begun.pop(future)
            if watch is not None:
                watch.cancel()
            self._turns.give_back()
            self._rest_soon()

    def _watch(self, future: Future[Any], pool: ThreadPoolExecutor) -> asyncio.TimerHandle | None:
        if self._hang_s is None:
            return None
        return asyncio.get_running_loop().call_later(self._hang_s, self._give_up, future, pool)

    def _give_up(self, future: Future[Any], pool: ThreadPoolExecutor) -> None:
        """Let others have the turn of an edit that hangs, in another thread."""
        if future.done() or future.cancel():
            return
        self._hung.add(future)
        _log.error("an edit hangs: it works for more than %g s; %d threads are lost to such", self._hang_s, self.hung)
        if self.is_stuck:
            return  # Its turn stays taken until it ends.
        if pool is self._executor:
            pool.shutdown(wait=False)
            self._new_pool()
        del self._begun[future]
        self._turns.give_back()

    def _new_pool(self) -> None:
        self._executor = ThreadPoolExecutor(self.threads, thread_name_prefix="pixels")
        self._own = threading.local()
        self._analyzers: list[Analyzer] = []
        self._nets: SharedNets | None = None
        self._unpaired: FaceDetector | None = None
        self._loading = threading.Lock()

    def _rest_soon(self) -> None:
        """Rest once no edit follows for a while."""
        self._stay_awake()
        if self._turns.is_idle:
            rest = functools.partial(self._executor.submit, self._give_back_all)
            self._rest = asyncio.get_running_loop().call_later(REST_SECONDS, rest)

    def _stay_awake(self) -> None:
        if self._rest is not None:
            self._rest.cancel()

    def _give_back_all(self) -> None:
        for analyzer in self._analyzers:
            analyzer.rest()
        self._free_pages.give_back()

    def close(self) -> None:
        """Take no more work; what is queued is dropped."""
        self._stay_awake()
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _analyzer(self) -> Analyzer:
        analyzer: Analyzer | None = getattr(self._own, "analyzer", None)
        if analyzer is None:
            with self._loading:
                self._nets = self._nets or SharedNets()
                detector = self._unpaired or FaceDetector()
                # Two threads hardly ever wait for a detector they share; with more, each would wait for the others.
                self._unpaired = None if self._unpaired else detector
            analyzer = Analyzer(self._nets, detector)
            self._own.analyzer = analyzer
            self._analyzers.append(analyzer)
        return analyzer
