// A square window on a photo, around the face meant, as far as the picture reaches.

import { el } from "./dom.js";

// `whole`: an element as wide as the photo; `faces`: the window's side in sizes of the face.
export function faceWindow(whole, seen, faces) {
  const [width, height] = seen.size_wh;
  const { box } = seen.faces[seen.chosen];
  const side = Math.min(faces * Math.max(box.width, box.height), width, height);
  const left = Math.min(Math.max(box.left + box.width / 2 - side / 2, 0), width - side);
  const top = Math.min(Math.max(box.top + box.height / 2 - side / 2, 0), height - side);
  whole.style.width = `${(100 * width) / side}%`;
  whole.style.left = `${(-100 * left) / side}%`;
  whole.style.top = `${(-100 * top) / side}%`;
  return el("div", { class: "face-window" }, whole);
}
