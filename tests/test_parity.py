"""docs/PARITY.md: whole, and true to the code."""

from __future__ import annotations

import importlib
import json

import pytest

from docs import parity_rows
from docs.parity import PAGE, parity_page, value_of
from docs.parity_rows import CONDITIONS, DEFAULTS, Default, Row
from quality.thresholds import MEASURES, QualityControl
from server.contract.envelope import failure_body, success_body
from server.contract.error_table import ERROR_TABLE
from server.contract.errors import CONTENT_REFUSALS, ApiError
from server.operation.openapi import edit_refusals, openapi_json
from server.operation.query_credits import credit_entries
from server.settings_table import SETTINGS
from server.tenant.tenants import Tenants
from tests.conftest import EDIT_PATH, ROOT
from transforms.plan.action import Action

TABLES = (
    parity_rows.REQUEST, parity_rows.VALUES, parity_rows.LIMITS, parity_rows.CHECKS, parity_rows.RESPONSE,
)  # fmt: skip
ROWS = [row for table in TABLES for row in table]


def test_the_page_is_that_of_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == parity_page(), "run python -m docs.parity"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_every_row_is_complete_and_its_code_exists(row: Row) -> None:
    assert row.state in ("emulated", "approximated", "inferred", "absent")
    assert any(word in row.evidence for word in ("DOC", "OBS", "RUN", "INF"))
    assert row.confidence in ("high", "medium", "low")
    assert row.source
    assert (ROOT / row.where).is_file() if row.where else row.state == "absent"


@pytest.mark.parametrize("default", DEFAULTS, ids=lambda default: default.question)
def test_every_default_is_in_one_place(default: Default) -> None:
    if default.where.startswith("--"):
        assert default.where in {setting.flag for setting in SETTINGS}
    else:
        importlib.import_module(default.where.partition(":")[0])
    assert value_of(default)


def test_every_error_is_listed_and_those_that_refuse_an_edit_have_a_condition() -> None:
    page = parity_page()
    assert len(ERROR_TABLE) == 126
    assert all(f"| `{code}` | {status} |" in page for code, (status, _) in ERROR_TABLE.items())
    answered = {error.code for _, error in edit_refusals()} | {code for code, _ in CONTENT_REFUSALS.values()}
    assert answered <= set(CONDITIONS) <= set(ERROR_TABLE)


def test_every_field_value_measure_and_member_is_listed() -> None:
    page = parity_page()
    operation = json.loads(openapi_json())["paths"][EDIT_PATH]["post"]
    schema = operation["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert len(schema["properties"]) == 5
    for name in schema["properties"]:
        assert f"field `{name}`" in page
    for value in (*Action, *QualityControl):
        assert f"| `{value}` |" in page
    for measure in MEASURES:
        assert f"| {measure.label} |" in page
    account = Tenants(0, with_magic=False).of("k").account
    members = {**success_body("id", {}), **failure_body("id", ApiError("UNKNOWN_ERROR"))}
    names = [*members, *(f"error_detail.{name}" for name in members["error_detail"])]
    names += [f"data[].{name}" for name in credit_entries(account)[0]]
    for name in names:
        assert f"`{name}" in page, name
