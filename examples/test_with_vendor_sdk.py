"""Test an integration on the vendor's own SDK: every refusal reaches the code that must handle it.

pip install pytest ailabtools-sdk ./examples/pytest-ailab-mock
pytest test_with_vendor_sdk.py     # a copy in your own project: this one's settings of pytest need more

Twenty errors are provoked by three carriers, none of which touches the code under test: the API key, the name of the
uploaded file, and the key's queue.
"""

import asyncio
import base64

import httpx  # comes with the SDK
import pytest
from ailabtools.client import AILabClient
from ailabtools.errors import AILabApiError

TWENTY_ERRORS = {
    "ERROR_APPLICATIONS_NOT_EXISTS": 401,
    "ERROR_USER_LOCKED": 403,
    "ERROR_AI_NOT_EXISTS": 404,
    "ERROR_NOT_ENOUGH_CREDITS": 429,
    "EXCEEDING_LIMITS": 429,
    "UNSUPPORTED_PARAMETER_VALUES": 400,
    "ERROR_INVALID_FACE_BOX_PARAMETER": 400,
    "UNSUPPORTED_FILE_TYPES": 415,
    "FILE_SIZE_EXCEEDS_LIMIT": 413,
    "FILE_DECODING_FAILURE": 422,
    "FILE_RESOLUTION_EXCEEDS_LIMITS": 413,
    "ERROR_LOW_RESOLUTION": 422,
    "ERROR_NO_FACE_IN_FILE": 422,
    "ERROR_SMALL_FACE_SIZE": 422,
    "ERROR_LEFT_EYE_OCCLUSION_TOO_HIGH": 422,
    "ERROR_POOR_FACE_LIGHTING": 422,
    "ERROR_BLURRY_FACE": 422,
    "PROCESSING_FAILURE": 500,
    "AI_SERVICE_INTERNAL_ERROR": 502,
    "AI_SERVICE_TIMEOUT": 504,
}


def make_older(base_url, api_key, photo):
    """The code under test: returns the edited picture's bytes."""

    async def call():
        client = AILabClient(api_key=api_key, base_url=base_url)
        try:
            with open(photo, "rb") as file:
                return await client.portrait.portraitFaceAttributeEditing({"image": file, "actionType": "TO_OLD"})
        finally:
            await client.aclose()

    return base64.b64decode(asyncio.run(call())["result"]["image"])


@pytest.fixture
def photo(tmp_path):
    def named(name):
        path = tmp_path / name
        path.write_bytes(b"what decides is the carrier, not the picture")
        return str(path)

    return named


@pytest.mark.parametrize("code", TWENTY_ERRORS)
@pytest.mark.parametrize("carrier", ["key", "file name", "queue"])
def test_every_error_reaches_the_client(ailab_mock, photo, carrier, code):
    key, name = ailab_mock.client_key, "photo.jpg"
    if carrier == "key":
        key = f"mock-error-{code}-{key}"
    elif carrier == "file name":
        name = f"mock-error-{code}.jpg"
    else:
        ailab_mock.next_error(code)
    with pytest.raises(AILabApiError) as refused:
        make_older(ailab_mock.url, key, photo(name))
    assert refused.value.detail.code == code
    assert refused.value.detail.status_code == TWENTY_ERRORS[code]
    if carrier != "key":
        ailab_mock.assert_called(times=1, code=code)


def test_a_success_is_a_jpeg_and_costs_eight_credits(ailab_mock, tmp_path):
    sample = tmp_path / "photo.jpg"  # any photo of a face; the emulator has some, of nobody
    sample.write_bytes(httpx.get(f"{ailab_mock.url}/__mock/samples/woman-30.jpg").content)
    ailab_mock.set_credits(16)
    assert make_older(ailab_mock.url, ailab_mock.client_key, str(sample)).startswith(b"\xff\xd8\xff")
    assert ailab_mock.credits == 8
    ailab_mock.assert_called(times=1, action="TO_OLD", code="ok")


def test_a_patient_client_gets_a_clean_verdict(ailab_mock, photo):
    ailab_mock.next_error("ERROR_NO_FACE_IN_FILE")
    with pytest.raises(AILabApiError):
        make_older(ailab_mock.url, ailab_mock.client_key, photo("photo.jpg"))
    assert ailab_mock.verdict() == []
