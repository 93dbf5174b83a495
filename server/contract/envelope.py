"""The JSON around every answer.

Shape: generation 2 of the vendor's envelope (page and live wire) with `error_code_str` of its OpenAPI: the superset
that every known client accepts. `Profile` narrows it to one generation.
"""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any

from server.contract.errors import ApiError


class Profile(StrEnum):
    """Which pages of the vendor the envelope follows."""

    SUPERSET = "superset"
    PAGE = "page"
    OPENAPI = "openapi"
    NEWEST = "newest"


_PUBLIC: dict[Profile, tuple[str, ...]] = {
    Profile.PAGE: ("request_id", "log_id", "error_code", "error_msg", "error_detail"),
    Profile.OPENAPI: ("request_id", "log_id", "error_code", "error_code_str", "error_msg", "error_detail"),
    Profile.NEWEST: ("request_id", "log_id", "error_detail"),
}
"""Public members of each generation. Source: the operation's page, its OpenAPI example, the newest response page."""
_DETAIL: dict[Profile, tuple[str, ...]] = {
    Profile.PAGE: ("status_code", "code", "code_message", "message"),
    Profile.OPENAPI: ("status_code", "code", "code_message", "message"),
    Profile.NEWEST: ("code", "code_message", "message"),
}
_BUSINESS = ("result", "data")


def new_request_id() -> str:
    """Return a fresh id in the vendor's form: lower-case hex grouped 8-4-4-4-12."""
    return str(uuid.uuid4())


def success_body(request_id: str, business: dict[str, Any]) -> dict[str, Any]:
    """Return the envelope of a success; `business` holds `result` or `data`."""
    return {
        "request_id": request_id,
        "log_id": request_id,
        "error_code": 0,
        "error_code_str": "",
        "error_msg": "",
        "error_detail": {"status_code": 200, "code": "", "code_message": "", "message": ""},
        **business,
    }


def failure_body(request_id: str, error: ApiError) -> dict[str, Any]:
    """Return the envelope of a refusal."""
    return {
        "request_id": request_id,
        "log_id": request_id,
        "error_code": error.http_status,
        "error_code_str": error.error_code_str,
        "error_msg": error.error_msg,
        "error_detail": {
            "status_code": error.http_status,
            "code": error.code,
            "code_message": error.code_message,
            "message": error.message,
        },
    }


def shaped(body: dict[str, Any], profile: Profile) -> dict[str, Any]:
    """Return an envelope with the members that a generation has."""
    if profile is Profile.SUPERSET:
        return body
    kept = {name: value for name, value in body.items() if name in _PUBLIC[profile] or name in _BUSINESS}
    detail = {name: value for name, value in body["error_detail"].items() if name in _DETAIL[profile]}
    return {**kept, "error_detail": detail}


def without_picture(body: dict[str, Any]) -> dict[str, Any]:
    """Return an envelope whose picture is only told of: the journal keeps its bytes elsewhere."""
    image = body.get("result", {}).get("image")
    if image is None:
        return body
    return {**body, "result": {"image": f"... {len(image)} characters of base64 ..."}}
