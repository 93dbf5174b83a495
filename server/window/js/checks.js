// The 13 measures in words and as bars.

import { el } from "./dom.js";

export const LEVELS = ["LOW", "NORMAL", "HIGH"];
const PARTS = {
  left_eye: "eye on the picture's left",
  right_eye: "eye on the picture's right",
  nose: "nose",
  mouth: "mouth",
  left_cheek: "cheek on the picture's left",
  right_cheek: "cheek on the picture's right",
  chin: "chin",
};
const NAMES = {
  left_eye: "Left eye covered",
  right_eye: "Right eye covered",
  nose: "Nose covered",
  mouth: "Mouth covered",
  left_cheek: "Left cheek covered",
  right_cheek: "Right cheek covered",
  chin: "Chin covered",
  lighting: "Lighting",
  blur: "Blur",
  completeness: "Completeness",
  yaw: "Yaw",
  roll: "Roll",
  pitch: "Pitch",
};
const ANGLES = ["yaw", "roll", "pitch"];

const percent = (ratio) => `${Math.round(ratio * 100)} %`;
const degrees = (angle) => `${Math.round(Math.abs(angle))}°`;

export const measureName = (measure) => NAMES[measure] || measure;

export function valueText(check) {
  if (check.measure in PARTS) return percent(check.value);
  if (ANGLES.includes(check.measure)) return `${check.value.toFixed(1)}°`;
  if (check.measure === "completeness") return check.value >= 1 ? "whole" : "cut";
  return check.measure === "lighting" ? check.value.toFixed(0) : check.value.toFixed(2);
}

export function limitText(check, level) {
  const limit = check.limits[level];
  if (check.measure in PARTS) return `at most ${percent(limit)}`;
  if (ANGLES.includes(check.measure)) return `within ${limit}°`;
  if (check.measure === "completeness") return limit >= 1 ? "whole" : "any";
  return `${check.direction} ${limit}`;
}

const TURNED = {
  yaw: (value) => `The head is turned ${degrees(value)} to the picture's ${value < 0 ? "left" : "right"}`,
  roll: (value) => `The head is tilted ${degrees(value)} ${value < 0 ? "counterclockwise" : "clockwise"}`,
  pitch: (value) => `The head looks ${degrees(value)} ${value < 0 ? "up" : "down"}`,
};

// A refused check, as a person would say it: what is wrong, and what the level allows.
export function fault(check, level) {
  const limit = check.limits[level];
  if (check.measure in PARTS)
    return [`The ${PARTS[check.measure]} is ${percent(check.value)} covered.`, `${level} allows at most ${percent(limit)}.`];
  if (check.measure === "lighting")
    return [`The face is too dark: its brightness is ${check.value.toFixed(0)} of 255.`, `${level} asks for at least ${limit}.`];
  if (check.measure === "blur")
    return [`The face is blurry: ${check.value.toFixed(2)}, where 0 is sharp and 1 is nothing but blur.`, `${level} allows at most ${limit}.`];
  if (check.measure === "completeness") return ["Part of the face lies outside the picture.", `${level} asks for the whole face.`];
  return [`${TURNED[check.measure](check.value)}.`, `${level} allows at most ${limit}°.`];
}

const REMEDIES = {
  lighting: "Use a photo with more light on the face.",
  blur: "Use a sharper photo, or a larger picture of the face.",
  completeness: "Use a photo that shows the whole face with some room around it.",
};

export function remedy(check) {
  if (check.measure in PARTS) return "Take away what covers it (hand, mask, glasses, hair), or use another photo.";
  return REMEDIES[check.measure] || "Use a photo in which the person faces the camera with the head upright.";
}

export function strictest(check) {
  return [...LEVELS].reverse().find((level) => check.passes_at.includes(level)) || "";
}

const GRADES = { HIGH: "good", NORMAL: "warn", LOW: "warn", "": "bad" };

function share(check, value) {
  if (ANGLES.includes(check.measure)) return Math.min(Math.abs(value) / 90, 1);
  return Math.min(Math.max(value / (check.measure === "lighting" ? 255 : 1), 0), 1);
}

function track(check) {
  const grade = GRADES[strictest(check)];
  const fill = el("div", { class: `fill ${grade}` });
  fill.style.width = `${100 * share(check, check.value)}%`;
  const limits = check.measure === "completeness" ? [] : LEVELS.map((level) => check.limits[level]);
  const ticks = limits.map((limit) => {
    const tick = el("div", { class: "tick" });
    tick.style.left = `${100 * share(check, limit)}%`;
    return tick;
  });
  return el("div", { class: "track", "aria-hidden": "true" }, fill, ticks);
}

// `decidedBy`: the measure that refused, if one did.
export function checkList(checks, decidedBy = "") {
  return el(
    "ol",
    { class: "checks" },
    checks.map((check) => {
      const level = strictest(check);
      const limits = `LOW ${limitText(check, "LOW")}, NORMAL ${limitText(check, "NORMAL")}, HIGH ${limitText(check, "HIGH")}`;
      return el(
        "li",
        { class: check.measure === decidedBy ? "check decides" : "check", title: limits },
        el("span", {}, measureName(check.measure)),
        track(check),
        el("span", { class: "value" }, valueText(check)),
        el("span", { class: `badge ${GRADES[level]}` }, level || "fails"),
        el("span", { class: "unseen" }, `Limits: ${limits}`),
      );
    }),
  );
}
