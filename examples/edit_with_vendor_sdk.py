"""Edit a photo with the vendor's own SDK, pointed at the emulator.

pip install ailabtools-sdk
python examples/edit_with_vendor_sdk.py http://127.0.0.1:18463 photo.jpg old.jpg
"""

import asyncio
import base64
import sys
from pathlib import Path

from ailabtools.client import AILabClient
from ailabtools.errors import AILabApiError


async def main(base_url: str, source: str, target: str) -> None:
    client = AILabClient(api_key="any-key", base_url=base_url)
    try:
        answer = await client.portrait.portraitFaceAttributeEditing(
            {"image": Path(source).read_bytes(), "actionType": "TO_OLD", "qualityControl": "LOW"}
        )
        Path(target).write_bytes(base64.b64decode(answer["result"]["image"]))
        print(f"wrote {target}")
    except AILabApiError as error:
        print(f"refused: {error.detail.code}: {error.detail.message}")
    finally:
        await client.aclose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
