"""What is emulated of the real service, row by row, and how strong the evidence is: the data of docs/PARITY.md.

State      emulated      answers as the real service is known or taken to answer
           approximated  the same question is answered from real pixels, by other means
           inferred      the vendor is silent; the likeliest default
           absent        not there
Evidence   DOC  the vendor's documentation          OBS  a real reply of a sibling operation behind the same gateway
           RUN  the vendor's own SDK, recorded      INF  inference
"""

from __future__ import annotations

from dataclasses import dataclass

from server.operation.face_choice import MIN_FACE_SIDE_PX
from server.operation.form import TARGET_RANGES
from server.operation.image_codec import MAX_FILE_BYTES, MAX_SIDE_PX, MIN_SIDE_PX
from server.tenant.credits import CREDITS_PER_CALL


@dataclass(frozen=True)
class Row:
    """One row: `what` as on the wire, its state, evidence, confidence and source, and the code that does it."""

    what: str
    state: str
    evidence: str
    confidence: str
    source: str
    where: str


@dataclass(frozen=True)
class Default:
    """One inferred default; `where` is "module:NAME", a setting, or a module when it is no single value."""

    question: str
    default: str
    where: str


PAGE = "operation's page"
SDK = "SDK pages and recordings"
ERRORS_PAGE = "error page"
SIBLING = "sibling operations"

REQUEST = (
    Row("header `ailabapi-api-key`", "emulated", "DOC", "high", PAGE, "server/tenant/credentials.py"),
    Row("field `image`", "emulated", "DOC", "high", PAGE, "server/operation/form.py"),
    Row("field `action_type`", "emulated", "DOC", "high", PAGE, "server/operation/form.py"),
    Row("field `quality_control`, default `NONE`", "emulated", "DOC", "high", PAGE, "server/operation/form.py"),
    Row("field `target`, ignored by `TO_*`", "emulated", "DOC", "high", PAGE, "server/operation/form.py"),
    Row(
        "field `face_location`, default the largest face",
        "emulated",
        "DOC",
        "high",
        PAGE,
        "server/operation/face_choice.py",
    ),
    Row(
        "`face_location`: `left`, `top`, `width`, `height`",
        "emulated",
        "DOC",
        "high",
        PAGE,
        "server/operation/form.py",
    ),
    Row(
        "`face_location.rotation`",
        "emulated",
        "DOC",
        "medium",
        PAGE + "; a hint, never a reason",
        "server/operation/form.py",
    ),
    Row("unknown fields", "emulated", "INF", "medium", "gateways ignore them", "server/operation/form.py"),
    Row(
        "part order, part file name, part content type",
        "emulated",
        "RUN",
        "high",
        SDK,
        "server/wire/multipart_form.py",
    ),
    Row(
        "charset, unquoted and `filename*` parameters",
        "emulated",
        "RUN",
        "high",
        SDK,
        "server/wire/multipart_form.py",
    ),
    Row("`Expect: 100-continue`, `Upgrade: h2c`", "emulated", "RUN", "high", SDK, "server/wire/protocol.py"),
    Row("CORS", "emulated", "INF", "medium", "browsers must reach it", "server/wire/cors.py"),
)

VALUES = (
    Row("`TO_KID`", "approximated", "DOC", "high", PAGE, "transforms/plan/plan.py"),
    Row("`TO_OLD`", "approximated", "DOC", "high", PAGE, "transforms/plan/plan.py"),
    Row("`TO_FEMALE`", "approximated", "DOC", "high", PAGE, "transforms/plan/plan.py"),
    Row("`TO_MALE`", "approximated", "DOC", "high", PAGE, "transforms/plan/plan.py"),
    Row("`V2_AGE`", "approximated", "DOC", "high", PAGE, "transforms/plan/plan.py"),
    Row("`V2_GENDER`", "approximated", "DOC", "high", PAGE, "transforms/plan/plan.py"),
    Row("`NONE`", "emulated", "DOC", "high", PAGE, "quality/thresholds.py"),
    Row("`LOW`", "emulated", "DOC", "high", PAGE, "quality/thresholds.py"),
    Row("`NORMAL`", "emulated", "DOC", "high", PAGE, "quality/thresholds.py"),
    Row("`HIGH`", "emulated", "DOC", "high", PAGE, "quality/thresholds.py"),
)

LIMITS = (
    Row("JPEG, PNG, BMP", "emulated", "DOC", "high", PAGE, "server/operation/image_codec.py"),
    Row(
        f"file of {MAX_FILE_BYTES >> 20} MB",
        "emulated",
        "DOC, bytes INF",
        "medium",
        PAGE,
        "server/operation/image_codec.py",
    ),
    Row(
        f"{MIN_SIDE_PX}x{MIN_SIDE_PX} to {MAX_SIDE_PX}x{MAX_SIDE_PX} px",
        "emulated",
        "DOC, bounds INF",
        "medium",
        PAGE,
        "server/operation/image_codec.py",
    ),
    Row(
        f"face of {MIN_FACE_SIDE_PX}x{MIN_FACE_SIDE_PX} px",
        "approximated",
        "DOC",
        "medium",
        PAGE + "; the box is ours",
        "server/operation/face_choice.py",
    ),
    *(
        Row(f"`target` of `{action}` {low}..{high}", "emulated", "DOC", "high", PAGE, "server/operation/form.py")
        for action, (low, high) in TARGET_RANGES.items()
    ),
    Row(
        f"{CREDITS_PER_CALL} credits a success, 0 a failure",
        "emulated",
        "DOC, OBS",
        "high",
        f"{PAGE}, {SIBLING}",
        "server/tenant/credits.py",
    ),
    Row(
        "requests a second",
        "emulated",
        "DOC",
        "low",
        "no figures documented; off by default",
        "server/tenant/limits.py",
    ),
    Row("retention of uploads and results", "emulated", "DOC", "high", "not stored", "server/journal/blob_store.py"),
)

CHECKS = (
    Row(
        "1 key missing, empty or unknown",
        "emulated",
        "DOC, code disputed",
        "low",
        ERRORS_PAGE,
        "server/tenant/credentials.py",
    ),
    Row("2 account locked", "emulated", "DOC", "medium", ERRORS_PAGE, "server/tenant/tenants.py"),
    Row("3 unknown path or method", "emulated", "OBS", "high", SIBLING, "server/operation/endpoints.py"),
    Row(
        "4 fewer than 8 credits, before bad parameters",
        "emulated",
        "OBS",
        "medium",
        SIBLING,
        "server/tenant/credits.py",
    ),
    Row("5 too many requests", "emulated", "DOC", "medium", SDK, "server/tenant/limits.py"),
    Row("6a `image` missing", "emulated", "OBS", "high", SIBLING, "server/operation/form.py"),
    Row("6a `action_type` missing", "inferred", "INF", "medium", SIBLING, "server/operation/form.py"),
    Row("6b value outside the enum", "emulated", "OBS code, INF text", "medium", SIBLING, "server/operation/form.py"),
    Row(
        "6b `target` missing, no integer, out of range",
        "inferred",
        "INF",
        "medium",
        SIBLING,
        "server/operation/form.py",
    ),
    Row(
        "6c `face_location` no JSON object of numbers", "inferred", "INF", "low", SIBLING, "server/operation/form.py"
    ),
    Row("6d `face_location` impossible", "inferred", "DOC name", "low", ERRORS_PAGE, "server/operation/form.py"),
    Row("7 bytes not JPEG, PNG or BMP", "emulated", "DOC", "medium", ERRORS_PAGE, "server/operation/image_codec.py"),
    Row("8 file too large", "emulated", "OBS", "medium", SIBLING, "server/operation/image_codec.py"),
    Row("8 body absurdly large", "inferred", "DOC name", "low", ERRORS_PAGE, "server/wire/body.py"),
    Row("9 cannot be decoded", "emulated", "DOC", "medium", ERRORS_PAGE, "server/operation/image_codec.py"),
    Row(
        "10 a side too long or too short",
        "emulated",
        "DOC names",
        "medium",
        ERRORS_PAGE,
        "server/operation/image_codec.py",
    ),
    Row("11 no face", "approximated", "DOC verbatim", "high", ERRORS_PAGE, "server/operation/face_choice.py"),
    Row("11 `face_location` meets no face", "inferred", "INF", "low", ERRORS_PAGE, "server/operation/face_choice.py"),
    Row("12 face too small", "approximated", "DOC name", "medium", ERRORS_PAGE, "server/operation/face_choice.py"),
    Row("13 quality control: order, one code a reply", "emulated", "DOC", "high", PAGE, "quality/gate.py"),
    Row(
        "14 edit failed, timed out, saturated, internal",
        "emulated",
        "DOC, 502 OBS",
        "medium",
        SDK,
        "server/operation/endpoints.py",
    ),
)

RESPONSE = (
    Row("`request_id`", "emulated", "OBS", "high", SIBLING, "server/contract/envelope.py"),
    Row("`log_id`", "emulated", "OBS", "high", SIBLING, "server/contract/envelope.py"),
    Row("`error_code`: 0 or the HTTP status", "emulated", "DOC, OBS", "high", PAGE, "server/contract/envelope.py"),
    Row("`error_code_str`", "emulated", "OBS", "high", "vendor's OpenAPI, live wire", "server/contract/envelope.py"),
    Row("`error_msg`", "emulated", "DOC, OBS", "high", ERRORS_PAGE, "server/contract/errors.py"),
    Row("`error_detail.status_code`", "emulated", "DOC", "high", PAGE, "server/contract/envelope.py"),
    Row("`error_detail.code`", "emulated", "DOC", "high", ERRORS_PAGE, "server/contract/envelope.py"),
    Row("`error_detail.code_message`", "emulated", "DOC", "high", ERRORS_PAGE, "server/contract/error_table.py"),
    Row("`error_detail.message`", "emulated", "DOC, OBS", "medium", ERRORS_PAGE, "server/contract/errors.py"),
    Row("`result.image`: bare base64", "emulated", "DOC", "high", PAGE, "server/operation/endpoints.py"),
    Row("the edited picture", "approximated", "DOC", "low", "classical image processing", "transforms/edit.py"),
    Row("three generations of the envelope", "emulated", "DOC", "high", "`--profile`", "server/contract/envelope.py"),
    Row("`data[].unique_sign`", "emulated", "DOC", "high", "credits page", "server/operation/query_credits.py"),
    Row("`data[].name`", "emulated", "DOC", "high", "credits page", "server/operation/query_credits.py"),
    Row("`data[].balance`", "emulated", "DOC", "high", "credits page", "server/operation/query_credits.py"),
    Row("`data[].total`", "emulated", "DOC", "high", "credits page", "server/operation/query_credits.py"),
    Row(
        "`data[].last_recharge_balance`",
        "emulated",
        "DOC",
        "high",
        "credits page",
        "server/operation/query_credits.py",
    ),
    Row("`data[].balance_warning`", "emulated", "DOC", "high", "credits page", "server/operation/query_credits.py"),
    Row("`data[].first_buy_time`", "emulated", "DOC", "high", "credits page", "server/operation/query_credits.py"),
    Row("`data[].last_update_time`", "emulated", "DOC", "high", "credits page", "server/operation/query_credits.py"),
    Row("`Retry-After`, rate headers", "absent", "DOC", "high", "none documented", ""),
    Row(
        "the vendor's other operations",
        "absent",
        "DOC",
        "high",
        "404 `ERROR_AI_NOT_EXISTS`",
        "server/operation/endpoints.py",
    ),
)

CONDITIONS: dict[str, tuple[str, str, str]] = {
    "ERROR_APPLICATIONS_NOT_EXISTS": ("row 1", "DOC, code disputed", "low"),
    "ERROR_USER_LOCKED": ("row 2", "DOC", "medium"),
    "ERROR_AI_NOT_EXISTS": ("row 3", "OBS", "high"),
    "ERROR_NOT_ENOUGH_CREDITS": ("row 4", "OBS", "medium"),
    "EXCEEDING_LIMITS": ("row 5", "DOC", "medium"),
    "UNSUPPORTED_PARAMETER_VALUES": ("rows 6a to 6c", "OBS, INF", "medium"),
    "ERROR_INVALID_FACE_BOX_PARAMETER": ("row 6d", "DOC name", "low"),
    "UNSUPPORTED_FILE_TYPES": ("row 7", "DOC", "medium"),
    "FILE_SIZE_EXCEEDS_LIMIT": ("row 8", "OBS", "medium"),
    "ERROR_REQUEST_BODY_TOO_LARGE": ("row 8", "DOC name", "low"),
    "FILE_DECODING_FAILURE": ("row 9", "DOC", "medium"),
    "FILE_RESOLUTION_EXCEEDS_LIMITS": ("row 10", "DOC name", "medium"),
    "ERROR_LOW_RESOLUTION": ("row 10", "DOC name", "medium"),
    "ERROR_NO_FACE_IN_FILE": ("row 11", "DOC verbatim", "high"),
    "ERROR_SMALL_FACE_SIZE": ("row 12", "DOC name", "medium"),
    "ERROR_LEFT_EYE_OCCLUSION_TOO_HIGH": ("row 13", "DOC name, pairing INF", "high"),
    "ERROR_RIGHT_EYE_OCCLUSION_TOO_HIGH": ("row 13", "DOC name, pairing INF", "high"),
    "ERROR_NOSE_OCCLUSION_TOO_HIGH": ("row 13", "DOC name, pairing INF", "high"),
    "ERROR_MOUTH_OCCLUSION_TOO_HIGH": ("row 13", "DOC name, pairing INF", "high"),
    "ERROR_LEFT_FACE_OCCLUSION_TOO_HIGH": ("row 13", "DOC name, pairing INF", "high"),
    "ERROR_RIGHT_FACE_OCCLUSION_TOO_HIGH": ("row 13", "DOC name, pairing INF", "high"),
    "ERROR_CHIN_OCCLUSION_TOO_HIGH": ("row 13", "DOC name, pairing INF", "high"),
    "ERROR_POOR_FACE_LIGHTING": ("row 13", "DOC name, pairing INF", "high"),
    "ERROR_BLURRY_FACE": ("row 13", "DOC name, pairing INF", "high"),
    "ERROR_INCOMPLETE_FACE": ("row 13", "DOC name, pairing INF", "high"),
    "ERROR_FACE_NOT_FACING_FORWARD": ("row 13", "DOC name, English text INF", "medium"),
    "PROCESSING_FAILURE": ("row 14", "DOC", "medium"),
    "AI_SERVICE_TIMEOUT": ("row 14", "DOC", "medium"),
    "AI_SERVICE_FLOW_RESTRICTION": ("row 14", "DOC", "medium"),
    "AI_SERVICE_INTERNAL_ERROR": ("row 14", "OBS", "medium"),
    "SERVICE_INTERNAL_ERROR": ("a bug of the emulator", "DOC", "medium"),
    "FILE_CONTENT_NON_COMPLIANCE": ("`error_code_str` of rows 11 to 13", "DOC", "high"),
    "ERROR_PARAMETERS": ("a request that is not valid HTTP", "INF", "low"),
}
"""Codes that this operation answers by itself: the check, the evidence for its condition, and the confidence."""

DEFAULTS = (
    Default(
        "code of a missing or unknown key (two vendor pages disagree)",
        "",
        "server.tenant.credentials:UNKNOWN_KEY_CODE",
    ),
    Default("unknown key on an unknown path", "the key is judged first", "server.operation.endpoints"),
    Default("4 MB, bytes; only what is larger is refused", "", "server.operation.image_codec:MAX_FILE_BYTES"),
    Default("shortest side, px; equality passes", "", "server.operation.image_codec:MIN_SIDE_PX"),
    Default("longest side, px; equality passes", "", "server.operation.image_codec:MAX_SIDE_PX"),
    Default("order of resolution and decoding", "the header first, before any pixel", "server.operation.pipeline"),
    Default("code of a missing or wrong field", "", "server.contract.errors:INVALID_PARAMETER_CODE"),
    Default("text of a missing field", "", "server.operation.form:EMPTY"),
    Default("other texts after `<field>: `", "ours", "server.operation.form"),
    Default("a body that is no complete multipart form", "as if the form were empty", "server.operation.form"),
    Default("a field sent twice", "the last one counts", "server.operation.form"),
    Default("code of an impossible `face_location`", "", "server.operation.form:IMPOSSIBLE_BOX_CODE"),
    Default("`face_location` meets no face", "`ERROR_NO_FACE_IN_FILE`", "server.operation.face_choice"),
    Default("size of a face, px", "", "server.operation.face_choice:MIN_FACE_SIDE_PX"),
    Default("what the size of a face is", "the box of its mesh, chin to hairline", "server.operation.face_choice"),
    Default("pairing of the upstream's numbers with the vendor's codes", "one to one", "server.contract.errors"),
    Default("color laid behind transparency", "", "server.operation.image_codec:BEHIND_TRANSPARENCY"),
    Default("color profiles", "ignored", "server.operation.image_codec"),
    Default("format and size of the result", "JPEG, as large as the upright input", "server.operation.image_codec"),
    Default("JPEG quality of the result", "", "server.operation.image_codec:JPEG_QUALITY"),
    Default("this operation's own pool of credits", "", "server.operation.query_credits:OPERATION_POOL"),
    Default("the pool that pays when it is empty", "", "server.operation.query_credits:COMMON_POOL"),
    Default("code of a request that is not valid HTTP", "", "server.contract.errors:INVALID_HTTP_CODE"),
    Default("largest body, bytes, after the credits were checked", "", "--max-body-bytes"),
    Default("seconds until an edit is answered `AI_SERVICE_TIMEOUT`", "", "--timeout"),
    Default("edits that may wait for a thread before `AI_SERVICE_FLOW_RESTRICTION`", "", "--queue"),
    Default("the 13 measures themselves", "ours, from real pixels: [quality.md](quality.md)", "quality.report"),
)
