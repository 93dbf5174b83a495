"""Outcomes of edits by their input: the same bytes with the same parameters are not edited twice.

An edit is a pure function of its input, so what is handed out again is what a new edit would give. Only the outcome
is kept, nothing of who asked: a call that is answered from here is checked, paid, logged and recorded like any other.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace

from server.call.trace import Trace
from server.operation.form import EditRequest
from server.operation.pipeline import Edited

_ENTRY_BYTES = 4096
"""About what an outcome takes beside its picture."""


class ResultCache:
    """Within a byte budget; what was used longest ago leaves first. Used from the event loop only."""

    def __init__(self, budget_bytes: int) -> None:
        self._budget_bytes = budget_bytes
        self._outcomes: OrderedDict[tuple[str, EditRequest], Edited] = OrderedDict()
        self.held_bytes = 0

    @property
    def is_on(self) -> bool:
        """Whether anything can be kept."""
        return self._budget_bytes > 0

    def get(self, picture_digest: str, request: EditRequest) -> Edited | None:
        """Return the outcome for an input, its only step named `cache`; None when it is not kept.

        Parameters
        ----------
        picture_digest : str
            SHA-256 of the request's file.
        request : EditRequest
        """
        start = time.perf_counter()
        key = (picture_digest, replace(request, picture_file=b""))
        outcome = self._outcomes.get(key)
        if outcome is None:
            return None
        self._outcomes.move_to_end(key)
        step_ms = {"cache": round((time.perf_counter() - start) * 1000, 2)}
        return replace(outcome, trace=Trace(step_ms, outcome.trace.explanation))

    def put(self, picture_digest: str, request: EditRequest, outcome: Edited) -> None:
        """Keep an outcome, if it fits at all."""
        size = _size_bytes(outcome)
        key = (picture_digest, replace(request, picture_file=b""))
        if size > self._budget_bytes or key in self._outcomes:
            return
        self._outcomes[key] = outcome
        self.held_bytes += size
        while self.held_bytes > self._budget_bytes:
            self.held_bytes -= _size_bytes(self._outcomes.popitem(last=False)[1])


def _size_bytes(outcome: Edited) -> int:
    return _ENTRY_BYTES + len(outcome.result)
