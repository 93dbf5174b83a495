// Everything that can be set of a key, by the same requests that tests use; the last one is shown to copy.

import { ADMIN, get, send } from "../api.js";
import { codeBlock } from "../code.js";
import { announce, button, el, field, heading, replace, select } from "../dom.js";

const FAULTS = ["connection_reset", "empty_answer", "truncated_body", "malformed_json", "slow_trickle", "bad_gateway"];
const DISTRIBUTIONS = [["", "none"], ["fixed", "fixed"], ["uniform", "uniform"], ["lognormal", "lognormal"]];

const number = (value, properties = {}) => el("input", { type: "number", value: value ?? "", ...properties });
const card = (title, ...parts) => el("section", { class: "card", "aria-label": title }, el("h2", {}, title), parts);

export function mount(root, chosen) {
  let key = chosen || "playground";
  const cards = el("div", { class: "controls-grid" });
  const last = el("div", {});
  const problem = el("p", { role: "alert" });
  const drawn = new Map();
  const names = el("datalist", { id: "keys" });
  const keyInput = el("input", { value: key, list: "keys", autocomplete: "off", spellcheck: "false" });
  keyInput.addEventListener("change", () => {
    key = keyInput.value.trim() || "playground";
    load();
  });

  // `card`: what draws the card that changed; the others keep what is being typed into them.
  async function call(method, path, content, words, card) {
    problem.textContent = "";
    const quoted = JSON.stringify(content).replaceAll("'", "'\\''");
    const address = (location.origin + ADMIN + path).replaceAll("'", "%27");
    const line = `curl -X ${method} '${address}' -H 'content-type: application/json' -d '${quoted}'\n`;
    replace(last, codeBlock(line, "The same by the admin interface"));
    try {
      await send(method, path, content);
      announce(words);
      await (card ? draw(card) : load());
    } catch (error) {
      problem.textContent = `Not changed: ${error.message}`;
    }
  }
  const change = (content, words, card) => call("PATCH", `/tenants/${encodeURIComponent(key)}`, content, words, card);
  const tenantNow = () => get(`/tenants/${encodeURIComponent(key)}`);

  async function draw(card) {
    const tenant = await tenantNow();
    drawn.get(card).replaceWith(drawn.set(card, card(tenant)).get(card));
  }

  async function load() {
    const tenant = await tenantNow();
    get("/tenants").then((known) => replace(names, known.map((one) => el("option", { value: one.key }))));
    for (const card of [credits, queue, faults, latency, limits, clock, reset]) drawn.set(card, card(tenant));
    replace(cards, [...drawn.values()]);
  }

  function credits(tenant) {
    const amount = number(tenant.credits, { min: 0, step: 1 });
    const lock = button(tenant.locked ? "Unlock the key" : "Lock the key", () => change({ locked: !tenant.locked }, tenant.locked ? "Unlocked" : "Locked", credits));
    return card(
      "Credits",
      el("p", {}, el("strong", { class: "figure" }, tenant.credits.toLocaleString("en")), ` credits: ${Math.floor(tenant.credits / 8).toLocaleString("en")} edits at 8 each`),
      field("New balance", amount),
      el("div", { class: "row" }, button("Set", () => change({ credits: Number(amount.value) }, "Credits set", credits)), button("Empty", () => change({ credits: 0 }, "No credits left", credits)), lock),
      tenant.locked ? el("p", { class: "notice warn" }, "Locked: every call answers ERROR_USER_LOCKED.") : null,
    );
  }

  function queue(tenant) {
    const area = el("textarea", { value: tenant.scenarios.join("\n"), spellcheck: "false", rows: 4 });
    const set = () => change({ scenarios: area.value.split(/[\s,]+/).filter(Boolean) }, "Queue set", queue);
    return card(
      "Next answers",
      field("Queue, one a call", area, "ok, or one of the 126 codes, one a line: for example ok, AI_SERVICE_TIMEOUT, ok."),
      el("div", { class: "row" }, button("Set", set), button("Clear", () => change({ scenarios: [] }, "Queue cleared", queue)), el("a", { href: "#/catalogue", class: "small" }, "All codes")),
    );
  }

  function faults(tenant) {
    const current = Object.fromEntries(tenant.faults.map((rule) => [rule.kind, rule.probability]));
    const inputs = FAULTS.map((kind) => [kind, number(Math.round(100 * (current[kind] || 0)), { min: 0, max: 100, step: 1 })]);
    const rows = inputs.map(([kind, input]) => el("label", { class: "row between small" }, el("code", {}, kind), el("span", { class: "row percent" }, input, "%")));
    const seed = number(tenant.seed, { step: 1 });
    const set = () => {
      const rules = inputs.filter(([, input]) => Number(input.value) > 0).map(([kind, input]) => ({ kind, probability: Number(input.value) / 100 }));
      return change({ faults: rules, seed: Number(seed.value) }, "Faults set", faults);
    };
    return card("Faults", el("p", { class: "hint" }, "How often an answer breaks on its way."), rows, field("Seed of the dice", seed), el("div", { class: "row" }, button("Set", set), button("None", () => change({ faults: [] }, "No faults", faults))));
  }

  function latency(tenant) {
    const rule = tenant.latency || {};
    let kind = rule.distribution || "";
    const kinds = select(DISTRIBUTIONS, kind, (value) => (kind = value));
    const ms = number(rule.ms ?? 300, { min: 0 });
    const toMs = number(rule.to_ms || 900, { min: 0 });
    const sigma = number(rule.sigma ?? 0.5, { min: 0, max: 5, step: 0.1 });
    const set = () => change({ latency: kind ? { distribution: kind, ms: Number(ms.value), to_ms: Number(toMs.value), sigma: Number(sigma.value) } : null }, "Latency set", latency);
    return card("Latency", field("Added waiting", kinds), el("div", { class: "fields" }, field("Milliseconds", ms, "fixed; from; median"), field("To", toMs, "uniform"), field("Sigma", sigma, "lognormal")), el("div", { class: "row" }, button("Set", set)));
  }

  function limits(tenant) {
    const perSecond = number(tenant.limits.per_second, { min: 0, placeholder: "none" });
    const concurrent = number(tenant.limits.concurrent, { min: 0, placeholder: "none" });
    const read = (input) => (input.value === "" ? null : Number(input.value));
    const set = () => change({ limits: { per_second: read(perSecond), concurrent: read(concurrent) } }, "Limits set", limits);
    return card("Limits", field("Calls a second", perSecond), field("Calls at a time", concurrent, "Beyond them: EXCEEDING_LIMITS."), el("div", { class: "row" }, button("Set", set)));
  }

  function clock(tenant) {
    const seconds = number(60, { min: 0 });
    const advance = (amount) => call("POST", "/clock", { key, advance_s: amount }, "The clock moved", clock);
    return card(
      "Clock",
      el("p", {}, "This key's time: ", el("time", { class: "mono" }, new Date(tenant.clock_s * 1000).toLocaleString())),
      field("Move forward by seconds", seconds, "Windows of limits then need no waiting."),
      el("div", { class: "row" }, button("Move", () => advance(Number(seconds.value))), button("+1 hour", () => advance(3600)), button("+1 day", () => advance(86400))),
    );
  }

  function reset() {
    const ask = (content, question) => {
      const dialog = el("dialog", { "aria-label": "Reset" });
      const yes = button("Reset", () => {
        dialog.close();
        call("POST", "/reset", content, "Reset");
      }, { class: "danger" });
      replace(dialog, el("div", { class: "stack" }, el("p", {}, question), el("div", { class: "row" }, yes, button("Cancel", () => dialog.close()))));
      dialog.addEventListener("close", () => dialog.remove());
      document.body.append(dialog);
      dialog.showModal();
    };
    return card(
      "Reset",
      el("p", { class: "hint" }, "Forgets credits, queue, rules and calls."),
      el("div", { class: "row" }, button("This key", () => ask({ key }, `Forget everything about the key ${key}?`), { class: "danger" }), button("Everything", () => ask({}, "Forget all keys and the whole journal?"), { class: "danger" })),
    );
  }

  root.append(
    heading("Control", "Credits, answers, faults and time of one key. Everything here can be done by the admin interface, which is what your tests would use."),
    el("div", { class: "narrow" }, field("API key", keyInput, "The key * holds faults and latency for every key without rules of its own."), names),
    problem,
    cards,
    last,
  );
  load().catch((error) => (problem.textContent = error.message));
  return () => {};
}
