// The journal's events, for all pages of a browser over one connection: a browser allows six to one server.

import { ADMIN } from "./api.js";

const SHARED = "ailab-mock-journal";
const WORDS = { live: "live", lost: "connection lost" };

const listeners = new Set();
let source = null;
let state = "";
let last = null;

export function onFeed(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// A message is {kind, id, content}: `state` of the connection, or an event of the journal.
function hear({ kind, id, content }) {
  last = id ?? last;
  if (kind !== "state") return listeners.forEach((listener) => listener(kind, content));
  state = content;
  const node = document.getElementById("feed");
  node.dataset.state = state;
  node.lastElementChild.textContent = WORDS[state];
}

function connect(pass) {
  source = new EventSource(`${ADMIN}/events${last === null ? "" : `?since=${last}`}`);
  source.addEventListener("error", () => pass({ kind: "state", content: "lost" }));
  source.addEventListener("hello", ({ lastEventId: id }) => pass({ kind: "state", id, content: "live" }));
  source.addEventListener("call", ({ lastEventId: id, data }) => pass({ kind: "call", id, content: JSON.parse(data) }));
  source.addEventListener("reload", ({ lastEventId: id }) => pass({ kind: "reload", id }));
}

// The page that holds the lock holds the connection and tells the others; when it is closed, the next one does.
function shareConnection() {
  const channel = new BroadcastChannel(SHARED);
  const pass = (message) => {
    hear(message);
    channel.postMessage(message);
  };
  channel.addEventListener("message", ({ data }) => {
    if (data.kind !== "ask") hear(data);
    else if (source && state) channel.postMessage({ kind: "state", id: last, content: state });
  });
  channel.postMessage({ kind: "ask" });
  navigator.locks.request(SHARED, () => {
    connect(pass);
    return new Promise(() => {});
  });
}

// Over plain http from another machine there are no locks: then a page that is seen has a connection of its own.
function connectWhileSeen() {
  const follow = () => {
    if (!document.hidden && !source) return connect(hear);
    if (!document.hidden) return;
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}

export function startFeed() {
  if (navigator.locks) shareConnection();
  else connectWhileSeen();
}
