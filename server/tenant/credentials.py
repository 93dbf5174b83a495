"""The key header: rows 1 and 2 of the contract's order of checks."""

from __future__ import annotations

from collections.abc import Collection

from starlette.requests import Request

from server.contract.errors import ApiError
from server.contract.printable import printable_ascii

KEY_HEADER = "ailabapi-api-key"
UNKNOWN_KEY_CODE = "ERROR_APPLICATIONS_NOT_EXISTS"
"""Disputed: the vendor's newest SDK page says ERROR_USER_NOT_EXISTS."""

MAX_KEY_CHARACTERS = 256
"""The vendor's keys have about 64 characters; every key seen is remembered, so none may be a novel."""
_SHOWN_KEY_CHARACTERS = 6


def shorten_key(api_key: str) -> str:
    """Return a key as logs and journal may show it: its first characters only, printable."""
    shown = printable_ascii(api_key[:_SHOWN_KEY_CHARACTERS])
    return f"{shown}..." if len(api_key) > _SHOWN_KEY_CHARACTERS else shown


def sent_key(request: Request) -> str:
    """Return the caller's key as sent; of one that is too long its beginning."""
    return request.headers.get(KEY_HEADER, "").strip()[:MAX_KEY_CHARACTERS]


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
    if len(key) > MAX_KEY_CHARACTERS:
        raise ApiError(UNKNOWN_KEY_CODE, why=f"the key has {len(key)} characters, at most {MAX_KEY_CHARACTERS}")
    if not key:
        raise ApiError(UNKNOWN_KEY_CODE, why=f"the {KEY_HEADER} header is missing or empty")
    if known_keys and key not in known_keys:
        raise ApiError(UNKNOWN_KEY_CODE, why="the key is none of those given by --api-key")
    return key
