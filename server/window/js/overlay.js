// What the emulator sees, drawn over a photo: outlines of faces, regions, cover as heat, axes of the head.

import { el, svg } from "./dom.js";

const AXES = { right: "#ff6b6b", up: "#51cf66", forward: "#4dabf7" };

const points = (corners) => corners.map((corner) => corner.join(",")).join(" ");

function outlined(corners, kind) {
  return [svg("polygon", { points: points(corners), class: "casing" }), svg("polygon", { points: points(corners), class: kind })];
}

export function heatColor(ratio) {
  return `hsl(${Math.round(60 * (1 - ratio))} 95% 55%)`;
}

function regionParts(measured) {
  return measured.regions.flatMap((region) => {
    const [casing, line] = outlined(region.outline, "outline");
    line.style.stroke = `hsl(${Math.round(150 * (1 - Math.min(region.occlusion * 1.25, 1)))} 90% 60%)`;
    return [casing, line];
  });
}

function heatParts(measured) {
  return measured.cover.map((triangle) => {
    const part = svg("polygon", { points: points(triangle.corners), class: "heat" });
    part.style.fill = heatColor(triangle.ratio);
    part.style.fillOpacity = 0.25 + 0.4 * triangle.ratio;
    return part;
  });
}

function axisParts(measured, length) {
  const [x, y] = measured.axes.origin;
  return Object.entries(AXES).flatMap(([name, color]) => {
    const [dx, dy] = measured.axes[name];
    const ends = { x1: x, y1: y, x2: x + dx * length, y2: y + dy * length };
    const line = svg("line", ends);
    line.style.stroke = color;
    line.style.strokeWidth = 3;
    return [svg("line", { ...ends, class: "casing" }), line];
  });
}

function faultParts(seen, measure) {
  const region = seen.measured.regions.find((candidate) => candidate.name === measure);
  if (region) return [svg("polygon", { points: points(region.outline), class: "fault" })];
  const face = seen.faces[seen.chosen];
  const shape = svg("polygon", { points: points(face.outline), class: "fault" });
  if (["yaw", "roll", "pitch"].includes(measure)) return [shape, ...axisParts(seen.measured, face.box.width * 0.6)];
  return [shape];
}

// `shown`: which of outlines, regions, heat, axes; `fault`: a measure to draw in red.
export function overlay(seen, shown, fault = "") {
  const [width, height] = seen.size_wh;
  const layer = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "overlay", "aria-hidden": "true" });
  if (shown.outlines) seen.faces.forEach((face, index) => layer.append(...outlined(face.outline, index === seen.chosen ? "chosen" : "outline")));
  if (!seen.measured) return layer;
  if (shown.heat) layer.append(...heatParts(seen.measured));
  if (shown.regions) layer.append(...regionParts(seen.measured));
  if (fault) layer.append(...faultParts(seen, fault));
  if (shown.axes) layer.append(...axisParts(seen.measured, seen.faces[seen.chosen].box.width * 0.5));
  return layer;
}

export function faceButtons(seen, onChoose) {
  const [width, height] = seen.size_wh;
  return seen.faces.map((face, index) => {
    const isChosen = index === seen.chosen;
    const label = `Face ${index + 1} of ${seen.faces.length}, ${Math.round(face.box.width)} by ${Math.round(face.box.height)} pixels`;
    const node = el(
      "button",
      { type: "button", class: "face-button", "aria-pressed": String(isChosen), "aria-label": label, on: { click: () => onChoose(index) } },
      el("span", { "aria-hidden": "true" }, String(index + 1)),
    );
    const left = Math.max(face.box.left, 0);
    const top = Math.max(face.box.top, 0);
    node.style.left = `${(100 * left) / width}%`;
    node.style.top = `${(100 * top) / height}%`;
    node.style.width = `${(100 * (Math.min(face.box.left + face.box.width, width) - left)) / width}%`;
    node.style.height = `${(100 * (Math.min(face.box.top + face.box.height, height) - top)) / height}%`;
    return node;
  });
}
