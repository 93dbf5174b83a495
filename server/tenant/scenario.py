"""Any answer on demand: four carriers that a user can set without touching production code.

| precedence | carrier | form |
|---|---|---|
| 1 | request header | `X-Mock-Scenario: ERROR_BLURRY_FACE`, or `ok` |
| 2 | the API key | `mock-error-EXCEEDING_LIMITS`; `mock-credits-0` and `mock-locked` set the key's start |
| 3 | the uploaded file's name | `mock-error-ERROR_BLURRY_FACE.jpg` |
| 4 | the key's queue | set by the admin interface: `["ok", "AI_SERVICE_TIMEOUT", "ok"]`, one a call |

`ok` means: no scenario, judge the call as usual. A key or file name may carry more behind the code, set off by a dot
or a dash (`mock-error-EXCEEDING_LIMITS-worker3`), so that parallel workers keep keys of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.contract.error_table import ERROR_TABLE
from server.contract.errors import CONTENT_REFUSALS, ApiError, content_refusal, invalid_parameter

SCENARIO_HEADER = "x-mock-scenario"
OK = "ok"
_IN_TEXT = re.compile(r"^mock-error-([A-Z][A-Z_]*[A-Z])(?:[-.].*)?$", re.DOTALL)
_CREDITS_KEY = re.compile(r"^mock-credits-(\d{1,9})(?:[-.].*)?$", re.ASCII | re.DOTALL)
_LOCKED_KEY = re.compile(r"^mock-locked(?:[-.].*)?$", re.DOTALL)


@dataclass(frozen=True)
class Scenario:
    """What was asked for, and by which carrier: "header", "key", "file name" or "queue"."""

    code: str
    carrier: str

    def refusal(self) -> ApiError | None:
        """Return the refusal asked for; None for `ok`."""
        return None if self.code == OK else refusal_on_demand(self.code, f"asked for by {self.carrier}")


def is_scenario(text: str) -> bool:
    """Return whether a text names a scenario: `ok` or one of the 126 codes."""
    return text == OK or text in ERROR_TABLE


def refusal_on_demand(code: str, why: str) -> ApiError:
    """Return a code's refusal as the real service would word it."""
    for found, (refused, _) in CONTENT_REFUSALS.items():
        if refused == code:
            return content_refusal(found, why)
    if code == "UNSUPPORTED_PARAMETER_VALUES":
        refusal = invalid_parameter("image", "Cannot be empty.")
        refusal.why = why
        return refusal
    return ApiError(code, why=why)


def scenario_of_header(value: str) -> Scenario | None:
    """Read `X-Mock-Scenario`.

    Raises
    ------
    ApiError
        `ERROR_INVALID_PARAMETER`: the header names no code; silence would hide a typing mistake in a test.
    """
    if not value:
        return None
    if not is_scenario(value):
        raise ApiError(
            "ERROR_INVALID_PARAMETER", why=f"{SCENARIO_HEADER}: {value} is not one of the 126 codes, nor ok"
        )
    return Scenario(value, "header")


def scenario_of_text(text: str, carrier: str) -> Scenario | None:
    """Read `mock-error-<CODE>` in a key or a file name; None where no known code is named."""
    match = _IN_TEXT.match(text)
    return Scenario(match[1], carrier) if match and match[1] in ERROR_TABLE else None


def starting_credits(key: str) -> int | None:
    """Return the starting balance that a key of the form `mock-credits-N` asks for."""
    match = _CREDITS_KEY.match(key)
    return int(match[1]) if match else None


def starts_locked(key: str) -> bool:
    """Return whether a key asks to be locked: `mock-locked`."""
    return bool(_LOCKED_KEY.match(key))
