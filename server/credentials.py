"""The key header: rows 1 and 2 of the contract's order of checks."""

from __future__ import annotations

from collections.abc import Collection

from starlette.requests import Request

from server.errors import ApiError

KEY_HEADER = "ailabapi-api-key"
UNKNOWN_KEY_CODE = "ERROR_APPLICATIONS_NOT_EXISTS"
"""Disputed: the vendor's newest SDK page says ERROR_USER_NOT_EXISTS."""


def authenticate(request: Request, known_keys: Collection[str]) -> str:
    """Return the caller's API key.

    Parameters
    ----------
    request : Request
    known_keys : collection of str
        The valid keys; empty: any non-empty key is valid.

    Raises
    ------
    ApiError
        The key is missing, empty or not known.
    """
    key = request.headers.get(KEY_HEADER, "").strip()
    if not key:
        raise ApiError(UNKNOWN_KEY_CODE, why=f"the {KEY_HEADER} header is missing or empty")
    if known_keys and key not in known_keys:
        raise ApiError(UNKNOWN_KEY_CODE, why="the key is none of those given by --api-key")
    return key
