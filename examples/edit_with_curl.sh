#!/bin/sh
# Edit a photo with curl: examples/edit_with_curl.sh http://127.0.0.1:18463 photo.jpg old.jpg
set -eu
curl -sS --fail-with-body "$1/api/portrait/effects/face-attribute-editing" \
  -H 'ailabapi-api-key: any-key' \
  -F "image=@$2" -F action_type=V2_AGE -F target=70 |
  python3 -c 'import base64, json, sys; sys.stdout.buffer.write(base64.b64decode(json.load(sys.stdin)["result"]["image"]))' > "$3"
echo "wrote $3"
