"""Untrusted text made fit for log lines and header values."""

from __future__ import annotations


def printable_ascii(text: str, limit: int = 300) -> str:
    """Return text with control and non-ASCII characters escaped, cut to `limit` characters.

    What a client sends must not be able to forge a log line or a header.
    """
    return text.encode("unicode_escape").decode("ascii")[:limit]
