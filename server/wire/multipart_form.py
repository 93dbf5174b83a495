"""`multipart/form-data` bytes -> named parts, as tolerant as the vendor's SDKs need and no more.

Order, file names and content types of parts do not matter; parameters may be unquoted, `filename*` counts as a file
name, and unknown part headers (Content-Length) are fine. Text is UTF-8 whatever charset a part names: every value
that means something is ASCII, and a client that chose the codec could choose one that fails (idna) or never ends.
A body that ends before its closing boundary is malformed: a half picture must not be taken for a whole one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, MultipartState, parse_options_header

MAX_PARTS = 100
MAX_TEXT_BYTES = 64 * 1024
"""Longest text that is looked into; the longest valid one, `face_location`, has about a hundred."""
_EXTENDED_FILENAME = re.compile(rb";\s*filename\*\s*=", re.IGNORECASE)


class MalformedFormError(ValueError):
    """The body is not a complete multipart form; the text says why, for people."""


@dataclass(frozen=True)
class Part:
    """One part of the form.

    Attributes
    ----------
    name : str
    content : bytes
    is_file : bool
        True when the part has a file name, empty ones included.
    file_name : str
        As sent; empty where there is none, or only an extended one.
    """

    name: str
    content: bytes
    is_file: bool
    file_name: str = ""

    @property
    def text(self) -> str:
        """Content as text: bytes that do not decode become U+FFFD, and so does what is too long."""
        text = self.content[:MAX_TEXT_BYTES].decode("utf-8", "replace")
        return text if len(self.content) <= MAX_TEXT_BYTES else text + "\ufffd"


class _Collector:
    """The parser's callbacks: gathers headers and content of the part at hand."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._header_name = b""
        self._header_value = b""
        self._headers: dict[bytes, bytes] = {}
        self._body = b""
        self._content_span = (0, 0)

    def on_part_begin(self) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise MalformedFormError(f"more than {MAX_PARTS} parts")
        self._headers = {}
        self._content_span = (-1, -1)

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def on_header_end(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name = self._header_value = b""

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        # The body is parsed in one piece, so a part's content is one slice of it: nothing is copied until its end.
        first = start if self._content_span[0] < 0 else self._content_span[0]
        self._body, self._content_span = data, (first, end)

    def on_part_end(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"")
        options = parse_options_header(disposition)[1]
        name = options.get(b"name")
        if name is None:
            raise MalformedFormError("a part has no name")
        is_file = b"filename" in options or bool(_EXTENDED_FILENAME.search(disposition))
        file_name = options.get(b"filename", b"").decode("utf-8", "replace")
        first, end = self._content_span
        content = self._body[first:end] if first >= 0 else b""
        self.parts.append(Part(name.decode("utf-8", "replace"), content, is_file, file_name))


def parse_multipart(content_type: str, body: bytes) -> list[Part]:
    """Split a multipart body.

    Parameters
    ----------
    content_type : str
        The request's Content-Type header.
    body : bytes

    Raises
    ------
    MalformedFormError
        Not multipart, no boundary, broken, or cut off before the closing boundary.
    """
    media_type, options = parse_options_header(content_type)
    if media_type != b"multipart/form-data":
        raise MalformedFormError("the body is not multipart/form-data")
    boundary = options.get(b"boundary")
    if not boundary:
        raise MalformedFormError("the Content-Type header has no boundary")
    collector = _Collector()
    callbacks = {name: getattr(collector, name) for name in dir(collector) if name.startswith("on_")}
    try:
        parser = MultipartParser(boundary, callbacks)  # type: ignore[arg-type]
        parser.write(body)
    except FormParserError as error:
        raise MalformedFormError("the multipart body is malformed") from error
    if parser.state != MultipartState.END:
        raise MalformedFormError("the multipart body ends before its closing boundary")
    return collector.parts
