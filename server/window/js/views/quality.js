// The 13 measures of the photo in hand, against all three levels.

import { checkList, LEVELS, measureName } from "../checks.js";
import { codeText, el, heading, replace } from "../dom.js";
import { faceWindow } from "../face_window.js";
import { faceButtons, heatColor, overlay } from "../overlay.js";
import { photoPicker } from "../picker.js";
import { refusalNotice } from "../refusal.js";
import { onSession, session, takeFace } from "../session.js";

const LAYERS = { zoom: "Zoom to the face", regions: "Regions", heat: "What covers the face", axes: "Axes of the head", outlines: "Outlines" };

export function mount(root) {
  const shown = { zoom: true, regions: true, heat: true, axes: true, outlines: false };
  const picture = el("div", {});
  const findings = el("div", { class: "stack", "aria-live": "polite" });

  function showPicture() {
    const { photo, seen } = session;
    if (!photo) return replace(picture, el("p", { class: "empty" }, "Drop a photo of a face here, or choose one above."));
    const parts = seen?.size_wh ? [overlay(seen, shown), seen.faces.length > 1 ? faceButtons(seen, takeFace) : null] : null;
    const whole = el("div", { class: "photo" }, el("img", { src: photo.url, alt: `Your photo, ${photo.name}` }), parts);
    return replace(picture, seen?.measured && shown.zoom ? faceWindow(whole, seen, 1.7) : whole);
  }

  function changed() {
    showPicture();
    const { seen } = session;
    if (!seen) return replace(findings);
    if (seen.refusal) return replace(findings, refusalNotice({ ...seen.refusal, status: seen.refusal.http_status }));
    return replace(findings, levels(seen.measured), checkList(seen.measured.checks), legend());
  }

  const picker = photoPicker();
  const stopListening = onSession(changed);
  picker.acceptDrops(root);
  const layers = Object.entries(LAYERS).map(([name, words]) => {
    const box = el("input", { type: "checkbox", checked: shown[name] });
    box.addEventListener("change", () => {
      shown[name] = box.checked;
      showPicture();
    });
    return el("label", { class: "row layer" }, box, words);
  });
  const axes = el("p", { class: "small muted" }, "Axes: red to the picture's right, green up, blue where the face looks.");
  root.append(
    heading("Why would a photo be refused?", "The service measures 13 things of a face before it edits it. Below are all of them for your photo; looking costs nothing and leaves no trace in the journal."),
    el(
      "div",
      { class: "quality" },
      el("div", { class: "stack" }, picker.bar, picture, el("fieldset", { class: "row layers" }, el("legend", { class: "unseen" }, "Shown over the photo"), layers), heatLegend(), axes),
      el("section", { class: "card", "aria-label": "Measures" }, findings),
    ),
  );
  changed();
  picker.start();
  return () => {
    stopListening();
    picker.stop();
  };
}

function levels(measured) {
  return el(
    "div",
    { class: "levels" },
    LEVELS.map((level) => {
      const by = measured.decided_by[level];
      return el(
        "div",
        { class: `notice ${by ? "bad" : "good"}` },
        el("strong", {}, `${level}: ${by ? "refused" : "passes"}`),
        by ? el("span", { class: "small" }, `${measureName(by)} decides: `, codeText(measured.codes[level])) : el("span", { class: "small" }, "all 13 within their limits"),
      );
    }),
  );
}

function legend() {
  return el("p", { class: "small muted" }, "The marks on a bar are the limits of LOW, NORMAL and HIGH. The badge names the strictest level that the value passes. Left and right are the picture's.");
}

function heatLegend() {
  const bar = el("span", { class: "heat-scale", "aria-hidden": "true" });
  bar.style.background = `linear-gradient(to right, ${heatColor(0)}, ${heatColor(0.5)}, ${heatColor(1)})`;
  return el("p", { class: "small muted row" }, "Cover: a little", bar, "wholly");
}
