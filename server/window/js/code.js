// Text to copy.

import { announce, button, el } from "./dom.js";

async function copy(text) {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  // Over plain http from another machine there is no clipboard interface.
  const area = el("textarea", { class: "unseen", value: text });
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copying is not allowed");
}

export function copyButton(readText, label = "Copy") {
  const node = button(label, async () => {
    try {
      await copy(readText());
      node.textContent = "Copied";
      announce("Copied to the clipboard");
    } catch {
      node.textContent = "Select and copy by hand";
    }
    setTimeout(() => (node.textContent = label), 1600);
  });
  return node;
}

export function codeBlock(text, label) {
  return el("div", { class: "code" }, el("div", { class: "row between" }, el("span", { class: "small muted" }, label), copyButton(() => text)), el("pre", { tabindex: 0, "aria-label": label }, text));
}

// `texts`: name -> function that returns the text.
export function codeTabs(texts, label) {
  const names = Object.keys(texts);
  const pre = el("pre", { tabindex: 0, role: "tabpanel", "aria-label": label });
  let shown = names[0];
  const tabs = names.map((name) => button(name, () => show(name), { role: "tab" }));
  const refresh = () => {
    pre.textContent = texts[shown]();
  };
  function show(name, withFocus = false) {
    shown = name;
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(names[index] === name));
      tab.tabIndex = names[index] === name ? 0 : -1;
      if (withFocus && names[index] === name) tab.focus();
    });
    refresh();
  }
  const list = el("div", { class: "tabs", role: "tablist", "aria-label": label }, tabs);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) show(names[(names.indexOf(shown) + step + names.length) % names.length], true);
  });
  show(shown);
  const box = el("div", { class: "code" }, el("div", { class: "row between" }, list, copyButton(() => pre.textContent)), pre);
  return { box, refresh };
}
