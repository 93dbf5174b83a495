// The request as something to run: curl, the vendor's Python SDK, Node, and HTTP text (as .http files write it).

import { ADMIN, EDIT_PATH } from "./api.js";

const shell = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
const quoted = (text) => JSON.stringify(text);
// A quote or line break in a file's name would end its header: browsers write them so, too.
const inHeader = (text) => text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const SDK_NAMES = { action_type: "actionType", quality_control: "qualityControl", face_location: "faceLocation" };

// `request`: {base, key, fileName, fields, sample}; a sample is fetched from the emulator first.
export const SNIPPETS = {
  curl(request) {
    const fetchSample = request.sample ? `curl -sS -o ${shell(request.fileName)} ${shell(request.base + ADMIN + request.sample)}\n` : "";
    // In -F the signs ; and , end a file's name unless it stands in double quotes.
    const file = `image=@"${request.fileName.replace(/["\\]/g, "\\$&")}"`;
    const lines = [
      `curl -sS ${shell(request.base + EDIT_PATH)}`,
      `-H ${shell(`ailabapi-api-key: ${request.key}`)}`,
      `-F ${shell(file)}`,
      ...Object.entries(request.fields).map(([name, value]) => `--form-string ${shell(`${name}=${value}`)}`),
    ];
    return fetchSample + lines.join(" \\\n  ") + "\n";
  },

  python(request) {
    const fields = Object.entries(request.fields).map(([name, value]) => `            ${quoted(SDK_NAMES[name] || name)}: ${quoted(value)},\n`);
    return (
      `# pip install ailabtools-sdk\nimport asyncio\nimport base64\n\nfrom ailabtools.client import AILabClient\n\n\n` +
      `async def main():\n    client = AILabClient(api_key=${quoted(request.key)}, base_url=${quoted(request.base)})\n` +
      `    answer = await client.portrait.portraitFaceAttributeEditing(\n        {\n` +
      `            "image": open(${quoted(request.fileName)}, "rb").read(),\n${fields.join("")}        }\n    )\n` +
      `    with open("edited.jpg", "wb") as file:\n        file.write(base64.b64decode(answer["result"]["image"]))\n` +
      `    await client.aclose()\n\n\nasyncio.run(main())\n`
    );
  },

  node(request) {
    const fields = Object.entries(request.fields).map(([name, value]) => `form.append(${quoted(name)}, ${quoted(value)});\n`);
    return (
      `// Node 18 or newer; save as edit.mjs\nimport { readFile, writeFile } from "node:fs/promises";\n\n` +
      `const form = new FormData();\nform.append("image", new Blob([await readFile(${quoted(request.fileName)})]), ${quoted(request.fileName)});\n` +
      `${fields.join("")}\nconst response = await fetch(${quoted(request.base + EDIT_PATH)}, {\n  method: "POST",\n` +
      `  headers: { "ailabapi-api-key": ${quoted(request.key)} },\n  body: form,\n});\nconst answer = await response.json();\n` +
      `if (!response.ok) throw new Error(answer.error_detail.code);\n` +
      `await writeFile("edited.jpg", Buffer.from(answer.result.image, "base64"));\n`
    );
  },

  http(request) {
    const boundary = "ailab-mock-boundary";
    const parts = Object.entries(request.fields).map(
      ([name, value]) => `--${boundary}\nContent-Disposition: form-data; name="${name}"\n\n${value}\n`,
    );
    return (
      `POST ${request.base}${EDIT_PATH}\nailabapi-api-key: ${request.key}\nContent-Type: multipart/form-data; boundary=${boundary}\n\n` +
      `${parts.join("")}--${boundary}\nContent-Disposition: form-data; name="image"; filename="${inHeader(request.fileName)}"\n\n` +
      `< ./${request.fileName}\n--${boundary}--\n`
    );
  },
};
