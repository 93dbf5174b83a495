"""What the client under test did wrong: findings from the journal, each naming its calls.

Source of the rules: the vendor's retry advice (429 and 5xx with back-off, nothing else), and that 429 also means "no
credits left", which no waiting mends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from server.contract.error_table import ERROR_TABLE
from server.journal.entries import Entry
from server.tenant.faults import FaultKind

LEAST_BACK_OFF_S = 0.5
"""A retry sooner than this after a 429 or 5xx ignored the advice (ours: the vendor gives no figure)."""
RETRY_WINDOW_S = 120.0
"""The same call again within this time is a retry."""
CHECKABLE = (
    "UNSUPPORTED_FILE_TYPES",
    "FILE_SIZE_EXCEEDS_LIMIT",
    "FILE_RESOLUTION_EXCEEDS_LIMITS",
    "ERROR_LOW_RESOLUTION",
    "ERROR_REQUEST_BODY_TOO_LARGE",
)
"""Refusals of what the client could have seen in the file's header before it sent megabytes."""
ANSWERED_WITH = ("", FaultKind.SLOW_TRICKLE)
"""Faults under which the whole answer arrived; after any other it is right to send again."""


@dataclass(frozen=True)
class Finding:
    """One thing a client did wrong, and the calls that show it."""

    rule: str
    text: str
    calls: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"rule": self.rule, "text": self.text, "calls": list(self.calls)}


def client_verdict(entries: Sequence[Entry]) -> list[Finding]:
    """Judge the calls of one key, oldest first."""
    return [finding for rule in RULES.values() for finding in rule(entries)]


def _is_worth_retrying(code: str) -> bool:
    status = ERROR_TABLE[code][0]
    return code != "ERROR_NOT_ENOUGH_CREDITS" and (status == 429 or status >= 500)


def _repeats(entries: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Pairs of the same call, one after the other."""
    last: dict[tuple[object, ...], Entry] = {}
    pairs = []
    for entry in entries:
        same = (entry.method, entry.path, entry.picture_digest, tuple(sorted(entry.fields.items())))
        earlier = last.get(same)
        if earlier is not None and entry.time_s - earlier.time_s <= RETRY_WINDOW_S:
            pairs.append((earlier, entry))
        last[same] = entry
    return pairs


def _pointless_retry(entries: Sequence[Entry]) -> list[Finding]:
    return [
        Finding("pointless_retry", f"sent again after {first.code}, which no retry mends", (first.id, second.id))
        for first, second in _repeats(entries)
        if first.code and not _is_worth_retrying(first.code)
    ]


def _no_back_off(entries: Sequence[Entry]) -> list[Finding]:
    found = []
    for first, second in _repeats(entries):
        waited_s = second.time_s - first.time_s - first.duration_ms / 1000
        if first.code and _is_worth_retrying(first.code) and waited_s < LEAST_BACK_OFF_S:
            text = f"sent again {max(waited_s, 0) * 1000:.0f} ms after {first.code}, without back-off"
            found.append(Finding("no_back_off", text, (first.id, second.id)))
    return found


def _paid_twice(entries: Sequence[Entry]) -> list[Finding]:
    paid: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for entry in entries:
        if not entry.code and entry.result_digest and entry.fault in ANSWERED_WITH:
            paid[(entry.picture_digest, tuple(sorted(entry.fields.items())))].append(entry.id)
    return [
        Finding("paid_twice", f"paid {len(calls)} times for the same picture and parameters", tuple(calls))
        for calls in paid.values()
        if len(calls) > 1
    ]


def _checkable_before_upload(entries: Sequence[Entry]) -> list[Finding]:
    return [
        Finding("checkable_before_upload", f"{entry.code}: the client could have seen it in the file", (entry.id,))
        for entry in entries
        if entry.code in CHECKABLE and not entry.carrier
    ]


def _abandoned(entries: Sequence[Entry]) -> list[Finding]:
    return [
        Finding("abandoned", f"left after {entry.duration_ms:.0f} ms, before the answer", (entry.id,))
        for entry in entries
        if entry.client_left
    ]


RULES: dict[str, Callable[[Sequence[Entry]], list[Finding]]] = {
    "pointless_retry": _pointless_retry,
    "no_back_off": _no_back_off,
    "paid_twice": _paid_twice,
    "checkable_before_upload": _checkable_before_upload,
    "abandoned": _abandoned,
}
"""Rule -> what finds its breaches."""
