// What the person has in hand: the photo, the face meant, and what to ask for. Views share it; it is gone on reload.

import { inspect } from "./api.js";

export const session = {
  photo: null, // {name, blob, url, sample}
  seen: null, // answer of /__mock/inspect
  location: null, // face_location; null: the largest face
  action: "TO_OLD",
  age: 70,
  gender: "1",
  quality: "NONE",
  key: "playground",
  outcome: null, // of the last edit of this photo
};

const listeners = new Set();

// Calls `listener` when photo, face or what is seen in it changes; returns what ends that.
export function onSession(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = () => listeners.forEach((listener) => listener());

export async function takePhoto(blob, name, sample = "") {
  if (session.photo) URL.revokeObjectURL(session.photo.url);
  Object.assign(session, { photo: { name, blob, url: URL.createObjectURL(blob), sample }, seen: null, location: null, outcome: null });
  tell();
  const { photo } = session;
  const seen = await inspect(blob, null);
  if (photo !== session.photo) return;
  session.seen = seen;
  tell();
}

export async function takeFace(index) {
  const { box } = session.seen.faces[index];
  session.location = box;
  session.outcome = null;
  session.seen = await inspect(session.photo.blob, box);
  tell();
}

// The form fields of the request that the page would send now.
export function requestFields() {
  const fields = { action_type: session.action };
  if (session.action === "V2_AGE") fields.target = String(session.age);
  if (session.action === "V2_GENDER") fields.target = session.gender;
  if (session.quality !== "NONE") fields.quality_control = session.quality;
  if (session.location) fields.face_location = JSON.stringify(session.location);
  return fields;
}
