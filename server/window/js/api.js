// The admin interface, as plain calls. Everything the window does can be done by the same requests from a test.

export const EDIT_PATH = "/api/portrait/effects/face-attribute-editing";
export const ADMIN = "/__mock";

export class ApiFailure extends Error {}

export async function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const search = given.length ? `?${new URLSearchParams(given)}` : "";
  return json(await fetch(ADMIN + path + search));
}

export async function getText(path) {
  const answer = await fetch(ADMIN + path);
  if (!answer.ok) throw new ApiFailure(`${answer.status}`);
  return answer.text();
}

export async function send(method, path, content) {
  const headers = { "content-type": "application/json" };
  return json(await fetch(ADMIN + path, { method, headers, body: JSON.stringify(content) }));
}

// What the emulator sees in a picture; free, and not in the journal.
export async function inspect(blob, location) {
  const query = location ? `?${new URLSearchParams({ face_location: JSON.stringify(location) })}` : "";
  return json(await fetch(`${ADMIN}/inspect${query}`, { method: "POST", body: blob }));
}

async function json(answer) {
  if (answer.status === 401) location.reload();
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new ApiFailure(wording(body.detail) || `the emulator answered ${answer.status}`);
  return body;
}

// FastAPI names the place of each fault in a list.
function wording(detail) {
  if (!Array.isArray(detail)) return detail;
  return detail.map((fault) => `${fault.loc.filter((part) => part !== "body").join(".")}: ${fault.msg}`).join("; ");
}

// One edit, as any client would ask for it.
export async function edit(photo, fields, key) {
  const form = new FormData();
  form.append("image", photo.blob, photo.name);
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const started = performance.now();
  const answer = await fetch(EDIT_PATH, { method: "POST", headers: { "ailabapi-api-key": key }, body: form });
  const text = await answer.text();
  const outcome = { status: answer.status, ms: performance.now() - started, why: answer.headers.get("x-mock-why") || "" };
  let envelope;
  try {
    envelope = JSON.parse(text);
  } catch {
    return { ...outcome, envelope: null, text, requestId: "", code: "", message: "The answer is no JSON: a fault was played on it." };
  }
  const image = envelope.result?.image;
  if (image) envelope.result = { image: `... ${image.length} characters of base64 ...` };
  const { code = "", message = "" } = envelope.error_detail || {};
  return { ...outcome, envelope, requestId: envelope.request_id, code, message, blob: image ? jpeg(image) : null };
}

function jpeg(base64) {
  const binary = atob(base64);
  return new Blob([Uint8Array.from(binary, (character) => character.charCodeAt(0))], { type: "image/jpeg" });
}
