// The journal's events. Only a page that can be seen holds a connection: a browser allows six to one server.

import { ADMIN } from "./api.js";

const listeners = new Set();
let source = null;
let last = null;

export function onFeed(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function show(state, words) {
  const node = document.getElementById("feed");
  if (node.dataset.state === state) return;
  node.dataset.state = state;
  node.lastElementChild.textContent = words;
}

function tell(kind, content) {
  for (const listener of listeners) listener(kind, content);
}

function connect() {
  const since = last === null ? "" : `?since=${last}`;
  source = new EventSource(`${ADMIN}/events${since}`);
  const note = (event) => {
    last = event.lastEventId;
  };
  source.addEventListener("open", () => show("live", "live"));
  source.addEventListener("error", () => show("lost", "connection lost"));
  source.addEventListener("hello", note);
  source.addEventListener("call", (event) => {
    note(event);
    tell("call", JSON.parse(event.data));
  });
  source.addEventListener("reload", (event) => {
    note(event);
    tell("reload", null);
  });
}

export function startFeed() {
  const follow = () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) connect();
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}
