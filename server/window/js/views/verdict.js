// What a client did wrong, from its calls.

import { get } from "../api.js";
import { el, field, heading, replace, select } from "../dom.js";
import { onFeed } from "../feed.js";
import { throttled } from "../latest.js";

const RULES = {
  pointless_retry: ["Pointless retry", "Sent again what no retry mends: any 4xx but 429, and 429 for want of credits."],
  no_back_off: ["No back-off", "Sent again within half a second of a 429 or 5xx."],
  paid_twice: ["Paid twice", "Paid again for a picture and parameters whose edit it had got."],
  checkable_before_upload: ["Checkable before upload", "Sent a picture whose type, size or resolution it could have checked."],
  abandoned: ["Abandoned", "Left before the answer."],
};

export function mount(root, chosen) {
  const findings = el("div", { class: "stack", "aria-live": "polite" });
  const choice = el("div", { class: "narrow" });
  let key = chosen;
  root.append(
    heading("Verdict on a client", "What the client with this key did that it should not, with the calls that show it. In CI: ", el("code", {}, "ailab-mock verdict --key KEY --fail-on all")),
    choice,
    findings,
  );

  async function load() {
    const { rules, findings: found } = await get("/verdict", { key });
    const { count } = await get("/count", { key });
    const sum = count === 0 ? "This key has made no calls yet." : found.length ? "" : `Nothing to complain about in ${count} ${count === 1 ? "call" : "calls"}.`;
    replace(findings, sum && el("p", { class: `notice ${count ? "good" : ""}` }, sum), rules.map((rule) => ruleCard(rule, found.filter((finding) => finding.rule === rule))));
  }
  const reload = throttled(() => key && load().catch(() => {}), 400);

  get("/tenants").then((tenants) => {
    const keys = tenants.map((tenant) => tenant.key).filter((name) => name && name !== "*").reverse();
    if (!key) [key = ""] = keys;
    if (!key) return replace(findings, el("p", { class: "notice" }, "No key has been used yet. Send a call from the playground or your client."));
    if (!keys.includes(key)) keys.unshift(key);
    const chooser = select(keys.map((name) => [name, name]), key, (value) => {
      key = value;
      load();
    });
    replace(choice, field("API key", chooser));
    return load();
  });
  return onFeed(reload);
}

function ruleCard(rule, found) {
  const [title, text] = RULES[rule] || [rule, ""];
  const badge = el("span", { class: `badge ${found.length ? "bad" : "good"}` }, found.length ? String(found.length) : "fine");
  const list = found.map((finding) => el("li", {}, finding.text, ": ", finding.calls.map((id, index) => [index ? ", " : "", el("a", { href: `#/journal/${id}` }, el("code", {}, id.slice(0, 8)))])));
  return el("section", { class: "card", "aria-label": title }, el("div", { class: "row between" }, el("h2", {}, title), badge), el("p", { class: "muted small" }, text), found.length ? el("ul", { class: "findings" }, list) : null);
}
