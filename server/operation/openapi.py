"""The corrected OpenAPI 3.1 document of the emulated operations.

The vendor's own document knows no required field, no enum and only a 200; this one is built from the tables that the
server itself answers from.
"""

from __future__ import annotations

import json
from typing import Any

from quality.thresholds import MEASURES, QualityControl
from server.contract.envelope import failure_body, success_body
from server.contract.error_table import ERROR_TABLE
from server.contract.errors import CONTENT_REFUSALS, INVALID_HTTP_CODE, ApiError, content_refusal, invalid_parameter
from server.operation.endpoints import CREDITS_PATH, EDIT_PATH
from server.operation.form import EMPTY, TARGET_RANGES
from server.operation.image_codec import MAX_FILE_BYTES, MAX_SIDE_PX, MIN_SIDE_PX
from server.tenant.credentials import KEY_HEADER, UNKNOWN_KEY_CODE
from server.version import VERSION
from transforms.plan.action import Action

Document = dict[str, Any]

_EXAMPLE_ID = "0f5c2d0e-6b0a-4f6e-9d52-3c1f8a7b9e10"
_OF_THE_KEY = (
    ("the key is missing, empty or unknown", UNKNOWN_KEY_CODE),
    ("the account is locked", "ERROR_USER_LOCKED"),
)
"""What refuses every operation."""


def edit_refusals() -> list[tuple[str, ApiError]]:
    """Return (summary, refusal) for everything that can refuse an edit, in the order of the checks."""
    plain = (
        *_OF_THE_KEY,
        ("fewer than 8 credits", "ERROR_NOT_ENOUGH_CREDITS"),
        ("too many requests", "EXCEEDING_LIMITS"),
    )
    after_form = (
        ("face_location is impossible", "ERROR_INVALID_FACE_BOX_PARAMETER"),
        ("not JPEG, PNG or BMP", "UNSUPPORTED_FILE_TYPES"),
        ("file over 4 MB", "FILE_SIZE_EXCEEDS_LIMIT"),
        ("request body absurdly large", "ERROR_REQUEST_BODY_TOO_LARGE"),
        ("cannot be decoded", "FILE_DECODING_FAILURE"),
        ("a side over 4096 px", "FILE_RESOLUTION_EXCEEDS_LIMITS"),
        ("a side under 256 px", "ERROR_LOW_RESOLUTION"),
    )
    last = (
        ("the edit failed", "PROCESSING_FAILURE"),
        ("the edit timed out", "AI_SERVICE_TIMEOUT"),
        ("the upstream is saturated", "AI_SERVICE_FLOW_RESTRICTION"),
        ("the upstream failed", "AI_SERVICE_INTERNAL_ERROR"),
        ("a bug", "SERVICE_INTERNAL_ERROR"),
    )
    fields = ("image", "action_type", "quality_control", "target", "face_location")
    refusals = [(summary, ApiError(code)) for summary, code in plain]
    refusals += [(f"{field} is missing or wrong", invalid_parameter(field, EMPTY)) for field in fields]
    refusals += [(summary, ApiError(code)) for summary, code in after_form]
    refusals += [(_found(name), content_refusal(name, "")) for name in CONTENT_REFUSALS]
    return refusals + [(summary, ApiError(code)) for summary, code in last]


def _found(name: str) -> str:
    """Say in words what a key of `CONTENT_REFUSALS` means."""
    labels = {measure.short_name: f"{measure.label}: over the limit" for measure in MEASURES}
    labels |= {"face": "no face, or face_location meets none", "face_size": "the face is under 64x64 px"}
    labels |= {"lighting": "lighting: under the limit", "completeness": "the face overflows the picture's border"}
    return labels[name]


def openapi_document() -> Document:
    """Return the document as plain data."""
    of_the_key = [(summary, ApiError(code)) for summary, code in _OF_THE_KEY]
    crash = ("a bug", ApiError("SERVICE_INTERNAL_ERROR"))
    malformed = ("the request is not valid HTTP", ApiError(INVALID_HTTP_CODE))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ailab-mock: Age & Gender swap",
            "version": VERSION,
            "description": "What the local emulator answers. Independent of AILabTools; inferred behavior is listed"
            " in the project's documentation.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "http://127.0.0.1:18463", "description": "ailab-mock at its default address"}],
        "security": [{"apiKey": []}],
        "tags": [{"name": "portrait"}, {"name": "common"}],
        "paths": {
            EDIT_PATH: {
                "post": {
                    "operationId": "editFaceAttributes",
                    "tags": ["portrait"],
                    "summary": "Age & Gender swap",
                    "description": "Edits the age or gender of one face. 8 credits a success, nothing for a failure.",
                    "requestBody": {
                        "required": True,
                        "content": {"multipart/form-data": {"schema": _form_schema()}},
                    },
                    "responses": {
                        "200": _success("EditSuccess", {"result": {"image": "/9j/4AAQSkZJRgABAQ..."}}),
                        **_failures([*edit_refusals(), malformed]),
                    },
                }
            },
            CREDITS_PATH: {
                "get": {
                    "operationId": "queryCredits",
                    "tags": ["common"],
                    "summary": "Querying Credits",
                    "responses": {
                        "200": _success("CreditsSuccess", {"data": []}),
                        **_failures([*of_the_key, malformed, crash]),
                    },
                }
            },
        },
        "components": {
            "securitySchemes": {"apiKey": {"type": "apiKey", "in": "header", "name": KEY_HEADER}},
            "schemas": _schemas(),
        },
    }


def openapi_json() -> str:
    """Return the document as JSON text."""
    return json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n"


def _form_schema() -> Document:
    location = {"left": 111.4, "top": 96.56, "width": 98, "height": 98, "rotation": 3}
    ranges = "; ".join(f"{action}: {low}..{high}" for action, (low, high) in TARGET_RANGES.items())
    needs_target = [
        {
            "if": {"properties": {"action_type": {"const": action}}, "required": ["action_type"]},
            "then": {"required": ["target"], "properties": {"target": {"minimum": low, "maximum": high}}},
        }
        for action, (low, high) in TARGET_RANGES.items()
    ]
    return {
        "type": "object",
        "required": ["image", "action_type"],
        "properties": {
            "image": {
                "type": "string",
                "format": "binary",
                "description": f"JPEG, PNG or BMP by content; at most {MAX_FILE_BYTES} bytes;"
                f" {MIN_SIDE_PX}x{MIN_SIDE_PX} to {MAX_SIDE_PX}x{MAX_SIDE_PX} px; the face at least 64x64 px.",
            },
            "action_type": {"type": "string", "enum": [str(action) for action in Action]},
            "quality_control": {
                "type": "string",
                "enum": [str(control) for control in QualityControl],
                "default": "NONE",
            },
            "face_location": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {"$ref": "#/components/schemas/FaceLocation"},
                "description": "A JSON object as text: the face that overlaps it most is edited, else the largest.",
                "examples": [json.dumps(location)],
            },
            "target": {"type": "integer", "description": f"Required by V2_* ({ranges}); ignored elsewhere."},
        },
        "allOf": needs_target,
    }


def _success(schema: str, business: Document) -> Document:
    body = success_body(_EXAMPLE_ID, business)
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": "Success", "content": {"application/json": {"schema": reference, "example": body}}}


def _failures(refusals: list[tuple[str, ApiError]]) -> Document:
    responses: Document = {}
    for summary, refusal in refusals:
        status = str(refusal.http_status)
        reference = {"$ref": "#/components/schemas/Failure"}
        content = {"application/json": {"schema": reference, "examples": {}}}
        response = responses.setdefault(status, {"description": "Refused", "content": content})
        name = f"{refusal.code}: {summary}"
        examples = response["content"]["application/json"]["examples"]
        examples[name] = {"summary": summary, "value": failure_body(_EXAMPLE_ID, refusal)}
    return dict(sorted(responses.items()))


def _object(properties: Document, optional: tuple[str, ...] = ()) -> Document:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties}


def _schemas() -> Document:
    text: Document = {"type": "string"}
    number: Document = {"type": "number"}
    identifier = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
    ids = {"request_id": identifier, "log_id": identifier}
    fine = {"status_code": {"const": 200}, "code": {"const": ""}, "code_message": text, "message": text}
    success = {**ids, "error_code": {"const": 0}, "error_code_str": {"const": ""}, "error_msg": text}
    success["error_detail"] = _object(fine)
    statuses = sorted({status for status, _ in ERROR_TABLE.values()})
    codes = sorted(ERROR_TABLE)
    failure = {**ids, "error_code": {"enum": statuses}, "error_code_str": {"enum": codes}, "error_msg": text}
    failure["error_detail"] = _object(
        {"status_code": {"enum": statuses}, "code": {"enum": codes}, "code_message": text, "message": text}
    )
    integer: Document = {"type": "integer"}
    entry = {"unique_sign": text, "name": text, "balance": number, "total": number, "last_recharge_balance": number}
    entry |= {"balance_warning": number, "first_buy_time": integer, "last_update_time": integer}
    size = {"type": "number", "exclusiveMinimum": 0}
    location = {"left": number, "top": number, "width": size, "height": size, "rotation": number}
    image = {"type": "string", "contentEncoding": "base64", "contentMediaType": "image/jpeg"}
    return {
        "EditSuccess": _object({**success, "result": _object({"image": image})}),
        "CreditsSuccess": _object({**success, "data": {"type": "array", "items": _object(entry)}}),
        "Failure": _object(failure),
        "FaceLocation": _object(location, optional=("rotation",)),
    }
