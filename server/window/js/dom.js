// Elements without markup: text only ever becomes text nodes, so nothing that a client sent can become an element.

const SVG = "http://www.w3.org/2000/svg";

export function el(tag, properties = {}, ...children) {
  return filled(document.createElement(tag), properties, children);
}

export function svg(tag, properties = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), properties, children);
}

function filled(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function replace(node, ...children) {
  node.replaceChildren(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

export function button(text, onClick, properties = {}) {
  return el("button", { type: "button", on: { click: onClick }, ...properties }, text);
}

export function field(label, control, hint = "") {
  return el("label", { class: "field" }, label, control, hint && el("span", { class: "hint" }, hint));
}

// `choices`: pairs of value and words.
export function select(choices, value, onChange) {
  const options = choices.map(([key, words]) => el("option", { value: key }, words));
  const node = el("select", { on: { change: () => onChange(node.value) } }, options);
  node.value = value;
  return node;
}

export function segments(name, legend, choices, value, onChange) {
  const parts = choices.map(([key, words]) =>
    el("label", {}, el("input", { type: "radio", name, value: key, checked: key === value, on: { change: () => onChange(key) } }), words),
  );
  return el("fieldset", {}, el("legend", {}, legend), el("div", { class: "segments" }, parts));
}

export function heading(title, ...text) {
  return el("div", { class: "heading" }, el("h1", {}, title), el("p", {}, text));
}

// A code that may be broken after its underscores.
export function codeText(text) {
  return el("code", {}, text.split("_").map((part, index) => (index ? ["_", el("wbr"), part] : part)));
}
