"""The one assertion on envelopes, used for every source of errors."""

from __future__ import annotations

import re
from typing import Any

from server.contract.error_table import ERROR_TABLE

REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
UPSTREAM_CODES = {"ERROR_NO_FACE_IN_FILE", "ERROR_SMALL_FACE_SIZE", "ERROR_POOR_FACE_LIGHTING", "ERROR_BLURRY_FACE"}
UPSTREAM_CODES |= {"ERROR_INCOMPLETE_FACE", "ERROR_FACE_NOT_FACING_FORWARD"}
UPSTREAM_CODES |= {code for code in ERROR_TABLE if code.endswith("_OCCLUSION_TOO_HIGH")}


def assert_failure(status: int, body: dict[str, Any], code: str, *, detail: str = "") -> None:
    expected_status, code_message = ERROR_TABLE[code]
    assert status == expected_status, body
    keys = {"request_id", "log_id", "error_code", "error_code_str", "error_msg", "error_detail"}
    assert set(body) == keys
    assert_ids(body)
    assert body["error_code"] == expected_status
    assert type(body["error_code"]) is int
    assert set(body["error_detail"]) == {"status_code", "code", "code_message", "message"}
    assert body["error_detail"]["status_code"] == expected_status
    assert body["error_detail"]["code"] == code
    assert body["error_detail"]["code_message"] == code_message
    if code in UPSTREAM_CODES:
        assert body["error_code_str"] == "FILE_CONTENT_NON_COMPLIANCE"
        assert body["error_msg"].endswith(body["error_detail"]["message"])
    else:
        assert body["error_code_str"] == code
        assert body["error_msg"] == body["error_detail"]["message"]
        assert body["error_msg"] == (f"{code_message} - {detail}" if detail else code_message)


def assert_success(status: int, body: dict[str, Any], business: str = "result") -> None:
    assert status == 200, body
    keys = {"request_id", "log_id", "error_code", "error_code_str", "error_msg", "error_detail", business}
    assert set(body) == keys
    assert_ids(body)
    assert body["error_code"] == 0
    assert type(body["error_code"]) is int
    assert body["error_code_str"] == body["error_msg"] == ""
    assert body["error_detail"] == {"status_code": 200, "code": "", "code_message": "", "message": ""}


def assert_ids(body: dict[str, Any]) -> None:
    assert REQUEST_ID.fullmatch(body["request_id"])
    assert body["log_id"] == body["request_id"]
