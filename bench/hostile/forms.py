"""Form values and multipart bodies that a client should never send."""

from __future__ import annotations

BOUNDARY = "hostile"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"

_WRONG, _NO_BOX = "UNSUPPORTED_PARAMETER_VALUES", "ERROR_INVALID_FACE_BOX_PARAMETER"


def _box(left: str = "0", top: str = "0", width: str = "300", height: str = "300") -> str:
    return f'{{"left":{left},"top":{top},"width":{width},"height":{height}}}'


ODD_VALUES: dict[str, tuple[dict[str, str], str]] = {
    "NaN": ({"face_location": _box("NaN")}, _NO_BOX),
    "Infinity": ({"face_location": _box(width="Infinity")}, _NO_BOX),
    "1e999": ({"face_location": _box(left="-1e999")}, _NO_BOX),
    "an integer of 400 digits": ({"face_location": _box("1" * 400)}, _NO_BOX),
    "an integer of 5,000 digits": ({"face_location": _box("1" * 5000)}, _WRONG),
    "a box beyond floats' sums": ({"face_location": _box("1e308", "1e308", "1e308", "1e308")}, _NO_BOX),
    "a box of no width": ({"face_location": _box(width="0")}, _NO_BOX),
    "a tiny box": ({"face_location": _box(width="1e-320", height="1e-320")}, _NO_BOX),
    "null": ({"face_location": "null"}, _WRONG),
    "true for a number": ({"face_location": _box("true")}, _WRONG),
    "text for a number": ({"face_location": _box('"1"')}, _WRONG),
    "a list": ({"face_location": "[0,0,9,9]"}, _WRONG),
    "nested 100,000 deep": ({"face_location": "[" * 100_000}, _WRONG),
    "objects 30,000 deep": ({"face_location": '{"left":' * 30_000}, _WRONG),
    "2 MB of JSON": ({"face_location": "[" + "[]," * 700_000 + "[]]"}, _WRONG),
    "a valid box and 100 kB of blanks": ({"face_location": _box() + " " * 100_000}, _WRONG),
    "a lone surrogate": ({"face_location": '{"left":"\\ud800"}'}, _WRONG),
    "NUL in JSON": ({"face_location": _box() + "\0"}, _WRONG),
    "NUL in an action": ({"action_type": "TO_OLD\0"}, _WRONG),
    "an action in full-width letters": ({"action_type": "ＴＯ＿ＯＬＤ"}, _WRONG),
    "an action of a megabyte": ({"action_type": "TO_OLD" * 170_000}, _WRONG),
    "Arabic digits": ({"action_type": "V2_AGE", "target": "٤٢"}, _WRONG),
    "superscript digits": ({"action_type": "V2_AGE", "target": "4²"}, _WRONG),
    "an age with a line end": ({"action_type": "V2_AGE", "target": "42\n"}, _WRONG),
    "an age of 100,000 digits": ({"action_type": "V2_AGE", "target": "1" * 100_000}, _WRONG),
    "an age as hexadecimal": ({"action_type": "V2_AGE", "target": "0x2a"}, _WRONG),
    "an age with an underscore": ({"action_type": "V2_AGE", "target": "4_2"}, _WRONG),
    "a negative age": ({"action_type": "V2_AGE", "target": "-1"}, _WRONG),
    "SQL": ({"action_type": "TO_OLD'; DROP TABLE keys;--"}, _WRONG),
    "a format string": ({"quality_control": "%s%n{0.__class__}"}, _WRONG),
    "a line end in a level": ({"quality_control": "LOW\r\nX-Injected: 1"}, _WRONG),
}
"""Name -> fields beside a sound picture, and the code they get; `action_type` is TO_OLD unless given."""


def part(name: str, content: bytes, file_name: str | None = None, headers: str = "") -> bytes:
    """Return one part of a form."""
    disposition = f'Content-Disposition: form-data; name="{name}"'
    disposition += "" if file_name is None else f'; filename="{file_name}"'
    return f"--{BOUNDARY}\r\n{disposition}{headers}\r\n\r\n".encode() + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


def body(fields: dict[str, str], picture: bytes, file_name: str = "image.jpg") -> bytes:
    """Return a whole form."""
    texts = b"".join(part(name, value.encode("utf-8", "surrogatepass")) for name, value in fields.items())
    return texts + part("image", picture, file_name) + END


def seeds(picture: bytes) -> list[bytes]:
    """Return sound and odd bodies as material for mutation."""
    plain = {"action_type": "TO_OLD"}
    box = {"action_type": "V2_AGE", "target": "42", "quality_control": "LOW", "face_location": _box()}
    odd = 'Content-Disposition: form-data; name=image; filename*=UTF-8\'\'f%C3%B6.jpg; filename="a\\"b;c"'
    return [
        body(plain, picture),
        body(box, picture),
        part("image", picture, "mock-error-ERROR_BLURRY_FACE.jpg") + part("action_type", b"TO_KID") + END,
        *(
            part("action_type", b"TO_OLD", headers=f"\r\nContent-Type: text/plain; charset={charset}")
            + body({}, picture)
            for charset in ("idna", "undefined", "punycode", "utf-16", "unicode_escape", "zip", "x" * 100)
        ),
        f"--{BOUNDARY}\r\n{odd}\r\nX-More: 1\r\n\r\n".encode() + picture + b"\r\n" + END,
        part("a", b"\r\n--hostil\r\n--hostile" + b"-" * 50) + END,
        part("n" * 3000, b"v" * 3000) * 101 + END,
        b"\r\n" * 50 + body(plain, picture) + b"epilogue" * 20,
        END,
    ]
