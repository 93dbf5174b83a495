// All six actions of one photo, one after the other.

import { edit } from "../api.js";
import { button, el, replace } from "../dom.js";
import { faceWindow } from "../face_window.js";

export function contactSheet() {
  const box = el("section", { class: "stack", "aria-label": "All six actions" });
  let urls = [];
  let run = 0;

  function clear() {
    run += 1;
    urls.forEach((url) => URL.revokeObjectURL(url));
    urls = [];
    replace(box);
  }

  async function fill({ photo, seen, location, age, gender, key, quality }) {
    clear();
    const mine = run;
    const wanted = [
      ["TO_KID"],
      ["TO_OLD"],
      ["TO_FEMALE"],
      ["TO_MALE"],
      ["V2_AGE", String(age)],
      ["V2_GENDER", gender],
    ];
    const tiles = wanted.map(([action, target]) => el("figure", { class: "tile" }, el("div", { class: "waiting" }), el("figcaption", {}, el("code", {}, target ? `${action} ${target}` : action))));
    replace(box, el("div", { class: "row between" }, el("h2", {}, "All six actions"), button("Close", clear, { class: "quiet" })), el("div", { class: "sheet" }, tiles));
    for (const [index, [action, target]] of wanted.entries()) {
      const fields = { action_type: action };
      if (target) fields.target = target;
      if (quality !== "NONE") fields.quality_control = quality;
      if (location) fields.face_location = JSON.stringify(location);
      const outcome = await edit(photo, fields, key).catch(() => ({ code: "no answer" }));
      if (mine !== run) return;
      const slot = tiles[index].firstElementChild;
      if (!outcome.blob) {
        slot.replaceWith(el("p", { class: "small" }, el("code", {}, outcome.code)));
        continue;
      }
      const url = URL.createObjectURL(outcome.blob);
      urls.push(url);
      const image = el("img", { src: url, alt: `The face after ${action}` });
      slot.replaceWith(seen?.measured ? faceWindow(image, seen, 2.4) : image);
    }
  }

  return { box, fill, clear };
}
