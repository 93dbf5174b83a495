"""Was it called as it should be? Counts, order, and the nearest misses when not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.journal.entries import Entry, Filter

NEAR_MISSES = 5


@dataclass(frozen=True)
class Bounds:
    """How often; None for no bound."""

    at_least: int | None = None
    at_most: int | None = None
    exactly: int | None = None

    def accept(self, count: int) -> bool:
        """Return whether a count is within; with no bound at all, once is enough."""
        if self == Bounds():
            return count >= 1
        return (
            (self.at_least is None or count >= self.at_least)
            and (self.at_most is None or count <= self.at_most)
            and (self.exactly is None or count == self.exactly)
        )


def verify_count(calls: Sequence[Entry], wanted: Filter, bounds: Bounds) -> dict[str, Any]:
    """Count the calls meant, oldest first; name near misses when the count is wrong."""
    count = sum(1 for entry in calls if wanted.accepts(entry))
    passed = bounds.accept(count)
    answer: dict[str, Any] = {"passed": passed, "count": count}
    if not passed:
        answer["near_misses"] = _near_misses(calls, wanted)
    return answer


def verify_order(calls: Sequence[Entry], steps: Sequence[Filter]) -> dict[str, Any]:
    """Find calls one after another, oldest first; others may lie between them."""
    entries = iter(calls)
    found: list[str] = []
    for step in steps:
        entry = next((entry for entry in entries if step.accepts(entry)), None)
        if entry is None:
            misses = _near_misses(calls, step)
            return {"passed": False, "found": found, "missing_step": len(found), "near_misses": misses}
        found.append(entry.id)
    return {"passed": True, "found": found}


def _near_misses(calls: Sequence[Entry], wanted: Filter) -> list[dict[str, Any]]:
    """Return the calls of the same key that differ in the fewest respects, newest first."""
    same_key = Filter(key=wanted.key)
    own = [entry for entry in calls if same_key.accepts(entry) and not wanted.accepts(entry)]
    own.reverse()
    ranked = sorted(own, key=lambda entry: len(wanted.differences(entry)))
    return [_miss(entry, wanted.differences(entry)) for entry in ranked[:NEAR_MISSES]]


def _miss(entry: Entry, differs: list[str]) -> dict[str, Any]:
    return {
        "id": entry.id,
        "differs_in": differs,
        "code": entry.code or "ok",
        "action": entry.fields.get("action_type", ""),
        "path": entry.path,
    }
