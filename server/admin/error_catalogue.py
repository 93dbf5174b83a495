"""Every code of the vendor with what provokes it: by itself, or on demand."""

from __future__ import annotations

from typing import Any

from server.contract.error_table import ERROR_TABLE
from server.operation.openapi import edit_refusals
from server.tenant.scenario import refusal_on_demand

MORE_CAUSES = {
    "ERROR_AI_NOT_EXISTS": ("a path or method that is not emulated",),
    "ERROR_PARAMETERS": ("bytes that are no HTTP request",),
    "ERROR_INVALID_PARAMETER": ("an X-Mock-Scenario header that names no code",),
}
"""What lies outside the edit's own order of checks."""


def error_catalogue() -> list[dict[str, Any]]:
    """Return the 126 codes in the vendor's order, as plain data."""
    causes: dict[str, list[str]] = {code: list(MORE_CAUSES.get(code, ())) for code in ERROR_TABLE}
    for summary, refusal in edit_refusals():
        causes[refusal.code].append(summary)
    return [
        {
            "code": code,
            "http_status": http_status,
            "code_message": code_message,
            "message": refusal_on_demand(code, "").message,
            "causes": causes[code],
            "on_demand": {
                "header": f"X-Mock-Scenario: {code}",
                "key": f"mock-error-{code}",
                "file_name": f"mock-error-{code}.jpg",
            },
        }
        for code, (http_status, code_message) in ERROR_TABLE.items()
    ]
