"""Text of a flag or a variable -> value: one reader for each kind; ValueError names the good values."""

from __future__ import annotations

import re
from collections.abc import Callable


def integer(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of integers from `low` to `high`."""

    def read(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,19}", text) or not low <= int(text) <= high:
            raise ValueError(f"an integer from {low} to {high}")
        return int(text)

    return read


def seconds(text: str) -> float:
    """Read a time of more than 0 and at most an hour."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 3600:
        raise ValueError("seconds, more than 0 and at most 3600")
    return value


def one_of(*words: str) -> Callable[[str], str]:
    """Return a reader that takes one of a few words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return text

    return read


def on_or_off(text: str) -> bool:
    """Read "on" or "off"."""
    if text not in ("on", "off"):
        raise ValueError("on or off")
    return text == "on"


def not_empty(text: str) -> str:
    """Take any text but an empty one."""
    if not text:
        raise ValueError("not empty")
    return text


def host(text: str) -> str:
    """Take what can be a host name or an address."""
    try:
        text.encode("idna")
    except UnicodeError:
        text = ""
    if not text or not text.isprintable() or " " in text:
        raise ValueError("a host name or an address")
    return text


def key_list(text: str) -> tuple[str, ...]:
    """Read keys separated by commas."""
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if not keys:
        raise ValueError("one or more keys, separated by commas")
    return keys
