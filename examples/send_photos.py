"""Send a pack of `ailab-mock photos DIR` to a service and compare its answers with the manifest.

pip install httpx
python examples/send_photos.py http://127.0.0.1:18463 DIR [--levels HIGH] [--only NAME ...]

The key is read from AILAB_API_KEY. Every success of the real service costs 8 credits; --dry-run counts them first.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import httpx

EDIT_PATH = "/api/portrait/effects/face-attribute-editing"
CREDITS_OF_A_SUCCESS = 8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--levels", nargs="+", default=["NONE", "LOW", "NORMAL", "HIGH"])
    parser.add_argument("--only", nargs="+", default=[], help="file names")
    parser.add_argument("--dry-run", action="store_true", help="send nothing; say what it would cost")
    given = parser.parse_args()
    pictures = json.loads((given.folder / "manifest.json").read_text(encoding="utf-8"))["pictures"]
    asked = [
        (one, level) for one in pictures for level in given.levels if not given.only or one["file"] in given.only
    ]
    successes = sum(one["expected"][level]["status"] == 200 for one, level in asked)
    print(f"{len(asked)} calls, {successes} of them paid: {successes * CREDITS_OF_A_SUCCESS} credits")
    if given.dry_run:
        return 0
    if "AILAB_API_KEY" not in os.environ:
        parser.error("AILAB_API_KEY holds no key")
    different = 0
    with httpx.Client(headers={"ailabapi-api-key": os.environ["AILAB_API_KEY"]}, timeout=120) as client:
        for picture, level in asked:
            form = {**picture["fields"], "quality_control": level}
            files = {"image": (picture["file"], (given.folder / picture["file"]).read_bytes())}
            answer = client.post(given.url + EDIT_PATH, data=form, files=files)
            detail = answer.json().get("error_detail", {})
            expected = picture["expected"][level]
            if answer.status_code != expected["status"] or detail.get("code") not in expected["codes"]:
                different += 1
                wanted = " or ".join(code or "ok" for code in expected["codes"])
                print(
                    f"{picture['file']} at {level}: {answer.status_code} {detail.get('code') or 'ok'}, not {wanted}"
                )
    print(f"{len(asked) - different} of {len(asked)} as expected")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
