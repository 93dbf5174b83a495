"""What is known of one call while it is answered: filled step by step, read by the log."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from server.errors import ApiError


@dataclass
class Call:
    """One call.

    Attributes
    ----------
    method, path, request_id : str
    api_key : str
        As sent; shortened wherever it is shown.
    picture_size_wh : (int, int) or None
        Pixels, once the picture's header was read.
    code : str
        The vendor's error code; empty for a success.
    why : str
        The reason of a refusal, for people.
    """

    method: str
    path: str
    request_id: str
    api_key: str = ""
    picture_size_wh: tuple[int, int] | None = None
    code: str = ""
    why: str = ""
    started_s: float = field(default_factory=time.perf_counter)

    def refuse(self, error: ApiError) -> None:
        """Note the refusal that answers this call."""
        self.code, self.why = error.code, error.why
