// Before and after, with a slider between them.

import { el } from "./dom.js";

export function compare(beforeUrl, afterUrl) {
  const before = el("img", { class: "before", src: beforeUrl, alt: "" });
  const after = el("img", { src: afterUrl, alt: "The edited photo" });
  const slider = el("input", { type: "range", min: 0, max: 100, step: 1, value: 50, "aria-label": "Slide between before and after" });
  const box = el(
    "div",
    { class: "compare" },
    after,
    before,
    slider,
    el("span", { class: "knob", "aria-hidden": "true" }, "↔"),
    el("span", { class: "tag left" }, "before"),
    el("span", { class: "tag right" }, "after"),
  );
  const split = () => {
    box.style.setProperty("--split", `${slider.value}%`);
    slider.setAttribute("aria-valuetext", `${slider.value} % before, ${100 - slider.value} % after`);
  };
  slider.addEventListener("input", split);
  split();
  // A new result takes the place of the last once it is decoded, so nothing flickers.
  async function showAfter(url) {
    const next = new Image();
    next.src = url;
    await next.decode().catch(() => {});
    after.src = url;
  }
  return { box, showAfter };
}
