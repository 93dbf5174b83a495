// The OpenAPI documents, drawn here: the emulated operations and the admin interface.

import { ADMIN, get } from "../api.js";
import { codeBlock } from "../code.js";
import { el, heading, replace, segments } from "../dom.js";

const DOCUMENTS = { vendor: "/vendor-openapi.json", admin: "/openapi.json" };
const METHODS = ["get", "post", "put", "patch", "delete"];

export function mount(root) {
  const body = el("div", { class: "stack" });
  let shown = "vendor";

  async function show() {
    const path = DOCUMENTS[shown];
    const wanted = shown;
    const openapi = await get(path);
    if (wanted !== shown) return;
    const prefix = shown === "admin" ? ADMIN : "";
    const operations = Object.entries(openapi.paths).flatMap(([route, item]) => METHODS.filter((method) => item[method]).map((method) => operation(openapi, prefix + route, method, item[method], shown === "vendor")));
    replace(body, el("p", { class: "row between" }, el("span", {}, openapi.info.title, " ", openapi.info.version), el("a", { href: ADMIN + path, download: `${shown}-openapi.json` }, "Download the OpenAPI openapi")), operations);
  }

  const choices = [["vendor", "Emulated API"], ["admin", "Admin interface"]];
  root.append(
    heading("Reference", "Built from the tables that the emulator answers from, so it cannot differ from them."),
    el("div", { class: "narrow" }, segments("openapi", "Document", choices, shown, (value) => {
      shown = value;
      show();
    })),
    body,
  );
  show().catch((error) => replace(body, el("p", { role: "alert" }, error.message)));
  return () => {};
}

function resolved(openapi, schema) {
  if (!schema?.$ref) return schema || {};
  return schema.$ref.replace(/^#\//, "").split("/").reduce((part, name) => part?.[name], openapi) || {};
}

function typeText(openapi, schema) {
  const one = resolved(openapi, schema);
  if (one.enum) return one.enum.length > 12 ? `one of ${one.enum.length} values` : one.enum.map(String).join(" | ");
  if ("const" in one) return JSON.stringify(one.const);
  const options = one.anyOf || one.oneOf;
  if (options) return options.map((option) => typeText(openapi, option)).join(" | ");
  if (one.type === "array") return `array of ${typeText(openapi, one.items)}`;
  const range = [one.minimum !== undefined && `from ${one.minimum}`, one.maximum !== undefined && `to ${one.maximum}`].filter(Boolean).join(" ");
  return [one.format || one.contentEncoding || one.type || one.title || "any", range].filter(Boolean).join(" ");
}

function properties(openapi, schema) {
  const one = resolved(openapi, schema);
  const rows = Object.entries(one.properties || {}).map(([name, property]) => {
    const inner = resolved(openapi, property);
    const text = [inner.description, inner.default !== undefined && `Default: ${JSON.stringify(inner.default)}.`].filter(Boolean).join(" ");
    return el("tr", {}, el("td", {}, el("code", {}, name)), el("td", {}, typeText(openapi, property)), el("td", {}, one.required?.includes(name) ? "required" : ""), el("td", {}, text));
  });
  return rows.length ? table(["field", "type", "", "meaning"], rows) : null;
}

const table = (head, rows) => el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Fields" }, el("table", { class: "stacks" }, el("thead", {}, el("tr", {}, head.map((name) => el("th", { scope: "col" }, name || el("span", { class: "unseen" }, "required"))))), el("tbody", {}, rows)));

function parameters(openapi, list = []) {
  const rows = list.map((parameter) => el("tr", {}, el("td", {}, el("code", {}, parameter.name)), el("td", {}, typeText(openapi, parameter.schema)), el("td", {}, parameter.required ? "required" : ""), el("td", {}, `in ${parameter.in}. ${parameter.description || ""}`)));
  return rows.length ? table(["parameter", "type", "", "meaning"], rows) : null;
}

function response(openapi, status, answer) {
  const content = answer.content?.["application/json"];
  const examples = content?.examples ? Object.entries(content.examples) : content?.example ? [["Example", { value: content.example }]] : [];
  const grade = status < 400 ? "good" : status >= 500 || status === "429" ? "warn" : "bad";
  const head = el("summary", {}, el("span", { class: `badge ${grade}` }, status), " ", answer.description, examples.length > 1 ? ` (${examples.length} reasons)` : "");
  const details = el("details", {}, head);
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    details.append(el("div", { class: "stack inner" }, properties(openapi, content?.schema), examples.map(([name, example]) => codeBlock(JSON.stringify(example.value, null, 2), name))));
  });
  return details;
}

function operation(openapi, path, method, one, isOpen) {
  const body = Object.entries(one.requestBody?.content || {})[0];
  return el(
    "details",
    { class: "card operation", open: isOpen },
    el("summary", {}, el("span", { class: "badge" }, method.toUpperCase()), " ", el("code", { class: "code-name" }, path), " ", el("span", { class: "muted" }, one.summary)),
    el(
      "div",
      { class: "stack inner" },
      one.description && el("p", {}, one.description),
      parameters(openapi, one.parameters),
      body && el("p", { class: "small muted" }, `Body: ${body[0]}`),
      body && properties(openapi, body[1].schema),
      el("h3", {}, "Answers"),
      Object.entries(one.responses).map(([status, answer]) => response(openapi, status, answer)),
    ),
  );
}
