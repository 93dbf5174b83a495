"""The vendor's own Python SDK, unchanged, against a running server."""

from __future__ import annotations

import asyncio
import base64
import io
from typing import Any

import pytest
from ailabtools.client import AILabClient
from ailabtools.errors import AILabApiError
from PIL import Image

from tests.conftest import RunningServer


def call(server: RunningServer, key: str, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
    async def run() -> dict[str, Any]:
        client = AILabClient(api_key=key, base_url=server.url)
        try:
            group, _, name = method.partition(".")
            return await getattr(getattr(client, group), name)(parameters)
        finally:
            await client.aclose()

    return asyncio.run(run())


@pytest.mark.parametrize("action", ["TO_KID", "TO_OLD", "TO_FEMALE", "TO_MALE"])
def test_edit(server: RunningServer, astronaut_jpeg: bytes, action: str) -> None:
    parameters = {"image": astronaut_jpeg, "actionType": action, "qualityControl": "LOW"}
    answer = call(server, "sdk-key", "portrait.portraitFaceAttributeEditing", parameters)
    picture = Image.open(io.BytesIO(base64.b64decode(answer["result"]["image"])))
    assert picture.size == (512, 512)


def test_credits(server: RunningServer) -> None:
    answer = call(server, "sdk-credits", "common.commonQueryCredits", {})
    assert {entry["unique_sign"] for entry in answer["data"]} == {"portrait_face_attribute_editing", "common"}


@pytest.mark.parametrize(
    ("image", "action", "status", "code"),
    [
        (b"nothing known", "TO_OLD", 415, "UNSUPPORTED_FILE_TYPES"),
        (b"\xff\xd8\xff\xe0 cut", "TO_OLD", 422, "FILE_DECODING_FAILURE"),
        (None, "NOPE", 400, "UNSUPPORTED_PARAMETER_VALUES"),
        (None, "V2_AGE", 400, "UNSUPPORTED_PARAMETER_VALUES"),
    ],
)
def test_refusals(
    server: RunningServer, astronaut_jpeg: bytes, image: bytes | None, action: str, status: int, code: str
) -> None:
    parameters = {"image": image or astronaut_jpeg, "actionType": action}
    with pytest.raises(AILabApiError) as caught:
        call(server, "sdk-key", "portrait.portraitFaceAttributeEditing", parameters)
    assert caught.value.detail.status_code == status
    assert caught.value.detail.code == code
    assert caught.value.request_id == caught.value.log_id != ""


def test_empty_key(server: RunningServer) -> None:
    with pytest.raises(AILabApiError) as caught:
        call(server, "", "common.commonQueryCredits", {})
    assert caught.value.detail.code == "ERROR_APPLICATIONS_NOT_EXISTS"
