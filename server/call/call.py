"""What is known of one call while it is answered: filled step by step, read by the log and the journal."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

from server.call.trace import Trace
from server.contract.errors import ApiError
from server.journal.entries import FIELD_CHARACTERS, FORM_CHARACTERS, LINE_CHARACTERS, Entry
from server.tenant.scenario import Scenario
from server.wire.multipart_form import Part


@dataclass
class Call:
    """One call; the attributes are those of `Entry`.

    Attributes
    ----------
    api_key : str
        As sent; shortened wherever it is shown.
    time_s : float
        On the key's clock.
    picture, result : bytes
        Upload and edited picture, for the journal.
    envelope : dict or None
        The answer, without pictures.
    has_begun : bool
        It passed rows 4 and 5 and holds the price of a call.
    """

    method: str
    path: str
    request_id: str
    api_key: str = ""
    time_s: float = field(default_factory=time.time)
    code: str = ""
    why: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    file_name: str = ""
    scenario: Scenario | None = None
    fault: str = ""
    picture_size_wh: tuple[int, int] | None = None
    picture: bytes = b""
    result: bytes = b""
    picture_digest: str = ""
    result_digest: str = ""
    envelope: dict[str, Any] | None = None
    trace: Trace = field(default_factory=Trace)
    client_left: bool = False
    has_begun: bool = False
    started_s: float = field(default_factory=time.perf_counter)

    def refuse(self, error: ApiError) -> None:
        """Note the refusal that answers this call."""
        self.code, self.why = error.code, error.why

    def note_form(self, parts: list[Part]) -> None:
        """Note what the form holds; of a form without measure only its beginning."""
        room = FORM_CHARACTERS
        for part in parts:
            if part.is_file and part.name == "image":
                self.picture, self.file_name = part.content, part.file_name
            elif not part.is_file:
                name, text = part.name[:FIELD_CHARACTERS], part.text[:FIELD_CHARACTERS]
                room -= len(name) + len(text)
                if room >= 0:
                    self.fields[name] = text

    def duration_ms(self) -> float:
        """Milliseconds since the call came in."""
        return round((time.perf_counter() - self.started_s) * 1000, 2)

    def upload_digest(self) -> str:
        """Note and return the SHA-256 of the upload; empty without one."""
        if self.picture and not self.picture_digest:
            self.picture_digest = hashlib.sha256(self.picture).hexdigest()
        return self.picture_digest

    def digest_pictures(self, with_upload: bool) -> None:
        """Note the SHA-256 of the result, and of the upload, which only the journal needs."""
        if with_upload:
            self.upload_digest()
        self.result_digest = hashlib.sha256(self.result).hexdigest() if self.result else ""

    def pictures(self) -> dict[str, bytes]:
        """Return upload and result by digest, those that there are."""
        both = {self.picture_digest: self.picture, self.result_digest: self.result}
        return {digest: content for digest, content in both.items() if digest}

    def entry(self, status: int) -> Entry:
        """Return the journal's record of the finished call."""
        return Entry(
            id=self.request_id,
            key=self.api_key,
            time_s=self.time_s,
            method=self.method[:LINE_CHARACTERS],
            path=self.path[:LINE_CHARACTERS],
            status=status,
            duration_ms=self.duration_ms(),
            code=self.code,
            why=self.why,
            fields=self.fields,
            file_name=self.file_name,
            carrier=self.scenario.carrier if self.scenario else "",
            fault=self.fault,
            picture_size_wh=self.picture_size_wh,
            picture_bytes=len(self.picture),
            picture_digest=self.picture_digest,
            result_digest=self.result_digest,
            step_ms=self.trace.step_ms,
            explanation=self.trace.explanation.as_data() if self.trace.explanation else None,
            envelope=self.envelope,
            client_left=self.client_left,
        )
