// A call in short: its outcome as a badge, and what it asked for.

import { el } from "./dom.js";

export function statusBadge(call) {
  const grade = call.status < 400 ? "good" : call.status >= 500 || call.status === 429 ? "warn" : "bad";
  return el("span", { class: `badge ${grade}` }, String(call.status));
}

// Only V2_* actions look at the target.
export function whatWasAsked(call) {
  const { action_type: action = "", target = "" } = call;
  if (!action) return `${call.method} ${call.path}`;
  return action.startsWith("V2_") && target ? `${action} ${target}` : action;
}
