// The 126 codes, with what provokes each.

import { get } from "../api.js";
import { copyButton } from "../code.js";
import { el, field, heading, replace, select } from "../dom.js";

export function mount(root) {
  const list = el("ul", { class: "errors" });
  const summary = el("p", { class: "muted", role: "status" });
  let known = [];
  let status = "";
  let kind = "";
  const search = el("input", { type: "search", placeholder: "code or words", on: { input: show } });
  const statuses = select([["", "any status"]], "", (value) => {
    status = value;
    show();
  });
  const kinds = select([["", "all codes"], ["own", "this operation answers it by itself"]], "", (value) => {
    kind = value;
    show();
  });

  function show() {
    const wanted = search.value.trim().toLowerCase();
    const chosen = known.filter(
      (error) =>
        (!status || String(error.http_status) === status) &&
        (!kind || error.causes.length) &&
        `${error.code} ${error.message} ${error.causes.join(" ")}`.toLowerCase().includes(wanted),
    );
    summary.textContent = `${chosen.length} of ${known.length} codes`;
    replace(list, chosen.map(row));
  }

  root.append(
    heading("Every error, on demand", "All 126 codes of the vendor. Each can be had from an unchanged client in three ways: a header, an API key, or the uploaded file's name."),
    el("form", { class: "filters", role: "search", on: { submit: (event) => event.preventDefault() } }, field("Search", search), field("HTTP status", statuses), field("Cause", kinds)),
    summary,
    list,
  );
  get("/errors").then(
    (errors) => {
      known = errors;
      const all = [...new Set(errors.map((error) => String(error.http_status)))];
      statuses.append(...all.map((one) => el("option", { value: one }, one)));
      show();
    },
    (error) => (summary.textContent = error.message),
  );
  return () => {};
}

function way(label, text) {
  return el("div", { class: "way" }, el("span", { class: "small muted" }, label), el("code", {}, text), copyButton(() => text));
}

function row(error) {
  const grade = error.http_status === 429 || error.http_status >= 500 ? "warn" : "bad";
  const ways = el("div", { class: "ways" });
  const details = el(
    "details",
    {},
    el("summary", {}, el("span", { class: `badge ${grade}` }, String(error.http_status)), el("code", { class: "code-name" }, error.code), el("span", { class: "small muted" }, error.code_message)),
    ways,
  );
  // 126 times three buttons would be most of the page: they are made when a code is opened.
  details.addEventListener("toggle", () => {
    if (!details.open || ways.childElementCount) return;
    const causes = error.causes.length ? el("ul", {}, error.causes.map((cause) => el("li", {}, cause))) : el("p", { class: "muted small" }, "This operation never answers it by itself: only on demand.");
    const { header, key, file_name: fileName } = error.on_demand;
    ways.append(el("h3", {}, "What provokes it"), causes, el("h3", {}, "On demand"), way("header", header), way("API key", key), way("file name", fileName), el("p", { class: "small" }, "or the next answer of a key, under ", el("a", { href: "#/control" }, "Control")));
  });
  return el("li", {}, details);
}
