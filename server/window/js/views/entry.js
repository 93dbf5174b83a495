// One call of the journal: what was asked, what was answered, why, and how to do it again.

import { ADMIN, get, getText, send } from "../api.js";
import { statusBadge, whatWasAsked } from "../call.js";
import { checkList } from "../checks.js";
import { codeBlock } from "../code.js";
import { compare } from "../compare.js";
import { announce, button, el, replace } from "../dom.js";
import { overlay } from "../overlay.js";
import { refusalNotice } from "../refusal.js";

export function mountEntry(root, id) {
  let isMounted = true;
  show().catch((error) => {
    replace(root, back(), el("h1", {}, "This call is not there"), el("p", {}, `The emulator says: ${error.message}.`));
  });

  async function show() {
    const call = await get(`/requests/${encodeURIComponent(id)}`);
    if (!isMounted) return;
    const pictures = el("div", { class: "stack" });
    const code = el("div", { class: "stack reproduce" });
    const asked = { ...call, action_type: call.fields.action_type, target: call.fields.target };
    const problem = el("p", { role: "alert", class: "small" });
    const again = button("Replay", () => replay(call, problem), { title: "Send the same call once more, with the same key" });
    replace(
      root,
      back(),
      el("div", { class: "row between heading-row" }, el("h1", { class: "row" }, statusBadge(call), whatWasAsked(asked)), el("div", { class: "row" }, again)),
      problem,
      el(
        "div",
        { class: "entry" },
        el("div", { class: "stack" }, pictures, explained(call), code),
        el("div", { class: "stack" }, facts(call), form(call), timings(call), envelope(call)),
      ),
    );
    showPictures(pictures, call);
    const [curl, pytest] = await Promise.all([getText(`/requests/${call.id}/curl`), getText(`/requests/${call.id}/pytest`)]);
    replace(code, section("Reproduce", codeBlock(curl, "curl"), codeBlock(pytest, "pytest")));
  }

  return () => {
    isMounted = false;
  };
}

const back = () => el("p", { class: "small" }, el("a", { href: "#/journal" }, "All calls"));
const section = (title, ...parts) => el("section", { class: "card", "aria-label": title }, el("h2", {}, title), parts);

async function replay(call, problem) {
  try {
    const answer = await send("POST", `/requests/${call.id}/replay`, {});
    announce(`Replayed: ${answer.status || "the connection broke"}`);
    if (answer.request_id) location.hash = `#/journal/${answer.request_id}`;
    else problem.textContent = "Replayed; a fault broke its answer. It stands in the journal.";
  } catch (error) {
    problem.textContent = `Not replayed: ${error.message}`;
  }
}

async function showPictures(box, call) {
  if (!call.picture_digest) return;
  const urlOf = (part) => `${ADMIN}/requests/${call.id}/${part}`;
  if (call.result_digest) {
    const { box: comparison } = compare(urlOf("picture"), urlOf("result"));
    replace(box, comparison, el("div", { class: "row small" }, el("a", { href: urlOf("picture"), download: call.file_name || "upload" }, "Download the upload"), el("a", { href: urlOf("result"), download: "result.jpg" }, "Download the result")));
    comparison.querySelectorAll("img").forEach((image) => image.addEventListener("error", () => replace(box, evictedNote()), { once: true }));
    return;
  }
  const image = el("img", { src: urlOf("picture"), alt: "The upload" });
  const photo = el("div", { class: "photo" }, image);
  const note = el("p", { class: "small muted" }, "The upload cannot be drawn: it is no picture, or it was evicted.");
  image.addEventListener("error", () => replace(box, note), { once: true });
  replace(box, photo, el("p", { class: "small" }, el("a", { href: urlOf("picture"), download: call.file_name || "upload" }, "Download the upload")));
  const seen = await get(`/requests/${call.id}/inspection`).catch(() => null);
  if (!seen?.size_wh) return;
  const { explanation } = call;
  photo.append(overlay(seen, { outlines: true }, explanation?.passed === false ? explanation.decided_by : ""));
}

const evictedNote = () => el("p", { class: "notice" }, "A picture of this call was evicted: the journal's room for pictures is limited (--journal-bytes).");

function facts(call) {
  const rows = {
    "Request": `${call.method} ${call.path}`,
    "API key": call.key || "none",
    "Time": new Date(call.time_s * 1000).toLocaleString(),
    "Took": `${call.duration_ms} ms`,
    "File": call.file_name && `${call.file_name}, ${call.picture_bytes.toLocaleString("en")} bytes`,
    "Picture": call.picture_size_wh && `${call.picture_size_wh.join(" x ")} px`,
    "Decided by": call.carrier && `${call.carrier}: an answer on demand`,
    "Fault played": call.fault,
    "Client": call.client_left && "left before the answer",
    "Id": call.id,
  };
  const given = Object.entries(rows).filter(([, value]) => value);
  return section("Call", el("dl", { class: "facts" }, given.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
}

function form(call) {
  const fields = Object.entries(call.fields);
  const rows = fields.map(([name, value]) => [el("dt", {}, el("code", {}, name)), el("dd", {}, el("code", {}, value))]);
  return section("Form", fields.length ? el("dl", { class: "facts" }, rows) : el("p", { class: "muted" }, "no text fields"));
}

function timings(call) {
  const steps = Object.entries(call.step_ms);
  if (!steps.length) return null;
  const longest = Math.max(...steps.map(([, ms]) => ms), 0.01);
  const rows = steps.map(([name, ms]) => {
    const fill = el("div", { class: "fill" });
    fill.style.width = `${(100 * ms) / longest}%`;
    return el("li", {}, el("span", {}, name), el("div", { class: "track", "aria-hidden": "true" }, fill), el("span", { class: "value mono" }, `${ms.toFixed(1)} ms`));
  });
  return section("Steps", el("ol", { class: "steps" }, rows));
}

function explained(call) {
  const { explanation } = call;
  const refusal = call.code ? refusalNotice({ ...call, message: call.envelope?.error_detail?.message }) : null;
  if (explanation) return section("Why", refusal, checkList(explanation.checks, explanation.decided_by));
  if (!call.picture_digest) return refusal && section("Why", refusal);
  const measures = el("div", { class: "stack" });
  const measure = button("Measure the photo", async () => {
    const seen = await get(`/requests/${call.id}/inspection`).catch((error) => ({ refusal: { code: "", why: error.message } }));
    replace(measures, seen.measured ? checkList(seen.measured.checks) : refusalNotice({ ...seen.refusal, status: seen.refusal.http_status }));
  });
  replace(measures, el("p", { class: "small muted" }, "Nothing was measured: quality_control was NONE, or the call ended before."), el("div", { class: "row" }, measure));
  return section("Why", refusal, measures);
}

function envelope(call) {
  if (!call.envelope) return null;
  const note = call.fault ? el("p", { class: "small muted" }, `The fault ${call.fault} was played on this answer.`) : null;
  return section("Answer", note, codeBlock(JSON.stringify(call.envelope, null, 2), "Envelope"));
}
