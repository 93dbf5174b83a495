"""Refusals: `ApiError` and the texts that go with each kind.

    ApiError                a refusal that becomes an envelope, always with a code of `ERROR_TABLE`
    |- invalid_parameter    the gateway refused a form field: "<code_message> - <field>: <reason>"
    |- content_refusal      the upstream refused the picture: "... - <upstream number> - <upstream text>"

Only `server/` raises these; `quality/` and `transforms/` return facts.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.contract.error_table import ERROR_TABLE

INVALID_PARAMETER_CODE = "UNSUPPORTED_PARAMETER_VALUES"
"""Of a field that is missing or wrong (seen on sibling operations; the table also has MISSING_PARAMETERS)."""
INVALID_HTTP_CODE = "ERROR_PARAMETERS"
"""Of bytes that are no HTTP request (inferred)."""
CONTENT_REFUSED = "FILE_CONTENT_NON_COMPLIANCE"
"""`error_code_str` of every refusal by the upstream (vendor's example: `222202 - pic not has face`)."""


@dataclass(frozen=True)
class Upstream:
    """What the vendor's own supplier said.

    Attributes
    ----------
    text : str
        Its message, verbatim where documented.
    number : int or None
        Its error number, where known.
    """

    text: str
    number: int | None = None


class ApiError(Exception):
    """A refusal in the vendor's terms.

    Parameters
    ----------
    code : str
        A key of `ERROR_TABLE`; decides the HTTP status and `code_message`.
    detail : str
        "<field>: <reason>" of a gateway refusal; empty for none.
    upstream : Upstream or None
        Set when the picture's content was refused.
    why : str
        For people: goes into the log and the `X-Mock-Why` header, never into the vendor's body.
    """

    def __init__(self, code: str, *, detail: str = "", upstream: Upstream | None = None, why: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.upstream = upstream
        self.why = why
        self.http_status, self.code_message = ERROR_TABLE[code]

    @property
    def error_code_str(self) -> str:
        """The envelope's top-level code."""
        return CONTENT_REFUSED if self.upstream else self.code

    @property
    def message(self) -> str:
        """`error_detail.message`."""
        if self.upstream:
            return self.upstream.text
        return f"{self.code_message} - {self.detail}" if self.detail else self.code_message

    @property
    def error_msg(self) -> str:
        """The envelope's top-level message."""
        if self.upstream and self.upstream.number is not None:
            summary = ERROR_TABLE[CONTENT_REFUSED][1]
            return f"{summary} - {self.upstream.number} - {self.upstream.text}"
        return self.message


def invalid_parameter(field: str, reason: str) -> ApiError:
    """Return the gateway's refusal of one form field."""
    return ApiError(INVALID_PARAMETER_CODE, detail=f"{field}: {reason}", why=f"{field}: {reason}")


CONTENT_REFUSALS: dict[str, tuple[str, Upstream]] = {
    "face": ("ERROR_NO_FACE_IN_FILE", Upstream("pic not has face", 222202)),
    "face_size": ("ERROR_SMALL_FACE_SIZE", Upstream("Face size too small.")),
    "left_eye": ("ERROR_LEFT_EYE_OCCLUSION_TOO_HIGH", Upstream("left eye is occlusion", 223121)),
    "right_eye": ("ERROR_RIGHT_EYE_OCCLUSION_TOO_HIGH", Upstream("right eye is occlusion", 223122)),
    "nose": ("ERROR_NOSE_OCCLUSION_TOO_HIGH", Upstream("nose is occlusion", 223126)),
    "mouth": ("ERROR_MOUTH_OCCLUSION_TOO_HIGH", Upstream("mouth is occlusion", 223127)),
    "left_cheek": ("ERROR_LEFT_FACE_OCCLUSION_TOO_HIGH", Upstream("left cheek is occlusion", 223123)),
    "right_cheek": ("ERROR_RIGHT_FACE_OCCLUSION_TOO_HIGH", Upstream("right cheek is occlusion", 223124)),
    "chin": ("ERROR_CHIN_OCCLUSION_TOO_HIGH", Upstream("chin contour is occlusion", 223125)),
    "lighting": ("ERROR_POOR_FACE_LIGHTING", Upstream("face light is not good", 223115)),
    "blur": ("ERROR_BLURRY_FACE", Upstream("face is fuzzy", 223114)),
    "completeness": ("ERROR_INCOMPLETE_FACE", Upstream("incomplete face", 223116)),
    "yaw": ("ERROR_FACE_NOT_FACING_FORWARD", Upstream("face not forward", 223129)),
    "roll": ("ERROR_FACE_NOT_FACING_FORWARD", Upstream("face not forward", 223129)),
    "pitch": ("ERROR_FACE_NOT_FACING_FORWARD", Upstream("face not forward", 223129)),
}
"""What was found in the picture -> the vendor's code and the upstream's words.

Source: the vendor's error page for the codes; Baidu's face-attribute documentation for numbers and texts. The
pairing of the two, and the English of 223129, are inferred.
"""


def content_refusal(found: str, why: str) -> ApiError:
    """Return the refusal for a fact about the picture.

    Parameters
    ----------
    found : str
        A key of `CONTENT_REFUSALS`.
    why : str
        The measured value against its limit, for people.
    """
    code, upstream = CONTENT_REFUSALS[found]
    return ApiError(code, upstream=upstream, why=why)
