"""What clients did: one entry a call, searchable, with an explicit count of what was evicted."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.tenant.credentials import shorten_key

FIELD_CHARACTERS = 2000
"""Longest text of a form field that is kept."""
FORM_CHARACTERS = 4000
"""Longest names and texts of a form's fields, taken together."""
LINE_CHARACTERS = 1000
"""Longest path that is kept."""
MAX_COUNTED_KEYS = 10_000
"""Keys whose evicted entries are counted apart; the key that was counted apart first then joins the total only."""


@dataclass(frozen=True)
class Entry:
    """One call as it was answered.

    Attributes
    ----------
    id : str
        The `request_id` of the answer.
    key : str
        The API key as sent: never shown whole, see `as_data`.
    time_s : float
        Unix seconds on the key's clock when the call came in.
    fields : dict
        Text fields of the form.
    file_name : str
    code : str
        Error code; empty for a success.
    carrier : str
        Which carrier decided, if one did.
    fault : str
        The fault that was played, if one was.
    step_ms : dict
        Milliseconds of each step of the pipeline.
    explanation : dict or None
        Every quality check; None where none was made.
    envelope : dict or None
        The answer's JSON; base64 pictures are left out of it.
    picture_digest, result_digest : str
        SHA-256 of upload and result; empty where there was none.
    credits : int
        Taken for this call.
    """

    id: str
    key: str
    time_s: float
    method: str
    path: str
    status: int
    duration_ms: float
    code: str = ""
    why: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    file_name: str = ""
    carrier: str = ""
    fault: str = ""
    picture_size_wh: tuple[int, int] | None = None
    picture_bytes: int = 0
    picture_digest: str = ""
    result_digest: str = ""
    step_ms: dict[str, float] = field(default_factory=dict)
    explanation: dict[str, Any] | None = None
    envelope: dict[str, Any] | None = None
    client_left: bool = False
    credits: int = 0

    @property
    def succeeded(self) -> bool:
        """Whether it was answered with what it asked for."""
        return not self.code and self.status == 200

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, the key shortened."""
        return {**self.__dict__, "key": shorten_key(self.key)}

    def as_summary(self) -> dict[str, Any]:
        """Return what a list shows of it."""
        shown = {name: self.__dict__[name] for name in _SUMMARY}
        asked = {name: self.fields.get(name, "") for name in ("action_type", "target", "quality_control")}
        return {**shown, **asked, "key": shorten_key(self.key)}


_SUMMARY = (
    *("id", "time_s", "method", "path", "status", "duration_ms", "code", "why", "file_name", "carrier", "fault"),
    *("picture_digest", "result_digest", "client_left"),
)


@dataclass(frozen=True)
class Filter:
    """Which entries are meant; None accepts all."""

    key: str | None = None
    code: str | None = None
    action: str | None = None
    path: str | None = None
    since_s: float | None = None
    until_s: float | None = None
    text: str | None = None

    def accepts(self, entry: Entry) -> bool:
        """Return whether an entry is meant; `code` "ok" means a success, "refused" anything else."""
        code = "" if self.code == "ok" else self.code
        return (
            (self.key is None or entry.key == self.key)
            and (code is None or entry.code == code or (code == "refused" and entry.code != ""))
            and (self.action is None or entry.fields.get("action_type", "") == self.action)
            and (self.path is None or entry.path == self.path)
            and (self.since_s is None or entry.time_s >= self.since_s)
            and (self.until_s is None or entry.time_s <= self.until_s)
            and (self.text is None or self.text.lower() in _searchable(entry))
        )

    def differences(self, entry: Entry) -> list[str]:
        """Say in which respects an entry is not meant: for near misses."""
        alone = {name: value for name, value in self.__dict__.items() if value is not None}
        return [name for name, value in alone.items() if not Filter(**{name: value}).accepts(entry)]


def _searchable(entry: Entry) -> str:
    """Everything of an entry that a person would look for, in lower case; of the key only what is shown."""
    asked = (f"{name}={value}" for name, value in entry.fields.items())
    told = (entry.id, shorten_key(entry.key), entry.method, entry.path, str(entry.status), entry.code, entry.why)
    return "\n".join((*told, entry.file_name, entry.carrier, entry.fault, *asked)).lower()


class Journal:
    """All entries, oldest first, capped by count. Used from the event loop only."""

    def __init__(self, most_entries: int) -> None:
        self._most_entries = most_entries
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._evicted: Counter[str] = Counter()
        self._evicted_in_all = 0

    def add(self, entry: Entry) -> list[Entry]:
        """Keep an entry; return the oldest beyond the cap, which are evicted and counted for their keys."""
        self._entries[entry.id] = entry
        evicted = []
        while len(self._entries) > self._most_entries:
            evicted.append(self._entries.popitem(last=False)[1])
            self._evicted[evicted[-1].key] += 1
            self._evicted_in_all += 1
            if len(self._evicted) > MAX_COUNTED_KEYS:
                del self._evicted[next(iter(self._evicted))]
        return evicted

    def get(self, entry_id: str) -> Entry | None:
        """Return one entry; None when it is not there."""
        return self._entries.get(entry_id)

    def select(self, wanted: Filter) -> Iterator[Entry]:
        """Return the entries meant, oldest first."""
        return (entry for entry in self._entries.values() if wanted.accepts(entry))

    def evicted(self, key: str | None = None) -> int:
        """Return how many entries of a key, or of all, were dropped for want of room."""
        return self._evicted_in_all if key is None else self._evicted[key]

    def discard(self, entry_id: str) -> None:
        """Forget one entry, if it is there."""
        self._entries.pop(entry_id, None)

    def count_evicted(self, calls: Mapping[str, int]) -> None:
        """Go on from earlier counts by key."""
        self._evicted.update(calls)
        self._evicted_in_all += sum(calls.values())

    def reset(self, key: str | None) -> None:
        """Forget the entries of a key, or all."""
        if key is None:
            self._entries.clear()
            self._evicted.clear()
            self._evicted_in_all = 0
            return
        for entry_id in [entry.id for entry in self.select(Filter(key=key))]:
            del self._entries[entry_id]
        self._evicted_in_all -= self._evicted.pop(key, 0)
