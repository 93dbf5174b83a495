// Edit a photo with Node's own fetch (Node.js 20 or newer):
// node examples/edit_with_node.mjs http://127.0.0.1:18463 photo.jpg old.jpg
import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";

const [baseUrl, source, target] = process.argv.slice(2);
const form = new FormData();
form.append("image", await openAsBlob(source), "photo.jpg");
form.append("action_type", "V2_AGE");
form.append("target", "70");
const response = await fetch(`${baseUrl}/api/portrait/effects/face-attribute-editing`, {
  method: "POST",
  headers: { "ailabapi-api-key": "any-key" },
  body: form,
});
const answer = await response.json();
if (answer.error_code !== 0) throw new Error(`${answer.error_detail.code}: ${answer.error_msg}`);
await writeFile(target, Buffer.from(answer.result.image, "base64"));
console.log(`wrote ${target}`);
