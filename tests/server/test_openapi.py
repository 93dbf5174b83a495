"""The OpenAPI document: valid, complete, and obeyed by a running server under schemathesis."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.contract.envelope import success_body
from server.contract.error_table import ERROR_TABLE
from server.operation.endpoints import CREDITS_PATH, EDIT_PATH
from server.operation.openapi import edit_refusals, openapi_document
from tests.conftest import ROOT, RunningServer
from tests.server.envelopes import assert_failure, assert_success

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

schema = schemathesis.openapi.from_dict(openapi_document())
# Its coverage phase cannot judge conditionals beside binary fields ("Unsupported type: Binary").
schema.config.phases.update(phases=["examples", "fuzzing"])


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_server_obeys_its_document(case: schemathesis.Case, server: RunningServer) -> None:
    case.call_and_validate(base_url=server.url, checks=CHECKS, headers={"ailabapi-api-key": "schemathesis"})


def test_command_prints_the_document() -> None:
    command = [sys.executable, "-m", "server.cli", "openapi"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(printed) == json.loads(json.dumps(openapi_document()))


def test_required_fields_enums_and_ranges() -> None:
    body = openapi_document()["paths"][EDIT_PATH]["post"]["requestBody"]
    form = body["content"]["multipart/form-data"]["schema"]
    assert body["required"]
    assert form["required"] == ["image", "action_type"]
    actions = ["TO_KID", "TO_OLD", "TO_FEMALE", "TO_MALE", "V2_AGE", "V2_GENDER"]
    assert form["properties"]["action_type"]["enum"] == actions
    assert form["properties"]["quality_control"]["enum"] == ["NONE", "LOW", "NORMAL", "HIGH"]
    limits = [rule["then"]["properties"]["target"] for rule in form["allOf"]]
    assert limits == [{"minimum": 1, "maximum": 85}, {"minimum": 0, "maximum": 1}]


def test_every_refusal_has_an_example_that_is_a_true_envelope() -> None:
    responses = openapi_document()["paths"][EDIT_PATH]["post"]["responses"]
    shown = set()
    for status, response in responses.items():
        content = response["content"]["application/json"]
        if status == "200":
            assert_success(200, content["example"])
            continue
        for example in content["examples"].values():
            body = example["value"]
            code = body["error_detail"]["code"]
            detail = re.sub(r"^.*? - ", "", body["error_msg"]) if " - " in body["error_msg"] else ""
            assert_failure(int(status), body, code, detail=detail)
            shown.add(code)
    assert shown == {error.code for _, error in edit_refusals()} | {"ERROR_PARAMETERS"}


@pytest.mark.parametrize(("key", "status"), [("", 401), ("mock-locked", 403)])
def test_what_refuses_a_key_is_told_of_every_operation(server: RunningServer, key: str, status: int) -> None:
    paths = openapi_document()["paths"]
    for path, method in ((EDIT_PATH, "post"), (CREDITS_PATH, "get")):
        assert httpx.request(method, server.url + path, headers={"ailabapi-api-key": key}).status_code == status
        assert str(status) in paths[path][method]["responses"]


@pytest.mark.parametrize("path", [EDIT_PATH, CREDITS_PATH])
def test_schemas_accept_what_the_server_sends(path: str) -> None:
    components = openapi_document()["components"]["schemas"]
    assert components["Failure"]["properties"]["error_detail"]["properties"]["code"]["enum"] == sorted(ERROR_TABLE)
    assert set(components["EditSuccess"]["required"]) == set(success_body("", {"result": {}}))
