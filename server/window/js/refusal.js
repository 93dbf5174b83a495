// A refusal, as a person would explain it: what is wrong, how far, what would pass, what to do.

import { button, el } from "./dom.js";
import { fault, measureName, remedy } from "./checks.js";

const ADVICE = {
  ERROR_APPLICATIONS_NOT_EXISTS: ["The API key is missing or unknown.", "Send the header ailabapi-api-key; any key is valid unless the server was started with --api-key."],
  ERROR_USER_LOCKED: ["The account of this key is locked.", "Unlock it under Control."],
  ERROR_NOT_ENOUGH_CREDITS: ["This key has fewer than the 8 credits that a call costs.", "Give it credits under Control. Sending again does not help."],
  EXCEEDING_LIMITS: ["This key sent too many requests at once.", "Wait and send again; the limits stand under Control."],
  ERROR_INVALID_FACE_BOX_PARAMETER: ["face_location is no possible box in this picture.", "Its numbers are pixels of the upright picture; width and height are positive."],
  UNSUPPORTED_FILE_TYPES: ["The file is not JPEG, PNG or BMP.", "The type is judged by the file's content, not by its name."],
  FILE_SIZE_EXCEEDS_LIMIT: ["The file is larger than 4 MB.", "Save it smaller or with more compression."],
  ERROR_REQUEST_BODY_TOO_LARGE: ["The whole request is far too large.", "A picture file may have 4 MB."],
  FILE_DECODING_FAILURE: ["The file is damaged or cut off.", "It may have been truncated on its way."],
  FILE_RESOLUTION_EXCEEDS_LIMITS: ["A side of the picture is longer than 4096 pixels.", "Scale it down."],
  ERROR_LOW_RESOLUTION: ["A side of the picture is shorter than 256 pixels.", "Use a larger picture."],
  ERROR_NO_FACE_IN_FILE: ["No face was found.", "Use a photo that shows a face; a face_location must touch it."],
  ERROR_SMALL_FACE_SIZE: ["The face is smaller than 64 by 64 pixels.", "Use a larger picture or a closer shot."],
  AI_SERVICE_TIMEOUT: ["The edit took too long.", "Send it again after a while."],
};

export function levelsText(levels) {
  return levels.length ? `It would pass at ${levels.join(" and ")}.` : "It would pass at NONE only.";
}

// `explanation`: of the journal, or null; `onLevel`: what sends the photo again at another level, or null.
export function refusalNotice({ status, code, message, why, explanation }, onLevel = null) {
  const head = el("div", { class: "row" }, el("span", { class: "badge bad" }, String(status || "none")), el("code", {}, code || "no answer"));
  const decided = explanation?.checks.find((check) => check.measure === explanation.decided_by);
  if (!decided || explanation.passed) {
    const [words, advice] = ADVICE[code] || [message || "The connection broke before an answer came.", ""];
    const reason = why && why !== words ? el("p", { class: "muted small" }, `The emulator says: ${why}`) : null;
    return el("section", { class: "notice bad", "aria-label": "Refusal" }, head, el("p", {}, el("strong", {}, words)), advice && el("p", {}, advice), reason);
  }
  const [wrong, allowed] = fault(decided, explanation.quality_control);
  const others = explanation.checks.filter((check) => !check.passed && check !== decided).map((check) => measureName(check.measure).toLowerCase());
  const levels = explanation.passes_at;
  const easier = levels.at(-1) || "NONE";
  return el(
    "section",
    { class: "notice bad", "aria-label": "Refusal" },
    head,
    el("p", {}, el("strong", {}, wrong), " ", allowed),
    el("p", {}, `${levelsText(levels)} ${remedy(decided)}`),
    others.length ? el("p", { class: "muted small" }, `Also beyond its limit: ${others.join(", ")}.`) : null,
    onLevel && el("div", { class: "row" }, button(`Try at ${easier}`, () => onLevel(easier))),
  );
}
