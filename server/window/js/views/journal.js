// What clients did, as it happens: a list in pages of fifty, and one call opened.

import { ACTIONS } from "../actions.js";
import { ADMIN, get } from "../api.js";
import { statusBadge, whatWasAsked } from "../call.js";
import { announce, button, el, field, heading, replace, select } from "../dom.js";
import { onFeed } from "../feed.js";
import { debounced, throttled } from "../latest.js";
import { mountEntry } from "./entry.js";

const PAGE = 50;
const filters = { text: "", code: "", action: "", key: "" };

export function mount(root, id) {
  return id ? mountEntry(root, id) : mountList(root);
}

function mountList(root) {
  const list = el("ol", { class: "calls", "aria-label": "Calls, newest first" });
  const summary = el("p", { class: "muted", role: "status" });
  const older = button("Show older calls", showOlder, { hidden: true });
  const keys = select([["", "any key"]], "", (key) => set({ key }));
  let count = 0;
  let evicted = 0;
  let oldest = null;
  let shown = 0;
  let turn = 0;
  let isShared = false;
  let arrived = null;

  const query = (more = {}) => ({ ...filters, limit: PAGE, summary: true, ...more });
  const isFiltered = () => Object.values(filters).some(Boolean);

  async function load() {
    const mine = ++turn;
    arrived = [];
    const page = await get("/requests", query());
    if (mine !== turn) return;
    const came = arrived;
    arrived = null;
    ({ count, evicted } = page);
    replace(list, page.requests.map((call) => row(call)));
    shown = page.requests.length;
    oldest = page.requests.at(-1)?.id ?? null;
    // A call whose event overtook the list's answer may not be in it.
    came.forEach(add);
    note();
  }

  function add(call) {
    // The list may have been loaded after the call and before its event.
    if (list.querySelector(`[data-id="${CSS.escape(call.id)}"]`)) return;
    count += 1;
    list.prepend(row(call, true));
    // The page that is shown stays as long as it is: what falls off its end is behind "older".
    if (shown >= PAGE && list.childElementCount > shown) {
      list.lastElementChild.remove();
      oldest = list.lastElementChild.dataset.id;
    } else {
      shown += 1;
      oldest ??= call.id;
    }
    note();
  }

  async function showOlder() {
    const page = await get("/requests", query({ before: oldest }));
    list.append(...page.requests.map((call) => row(call)));
    shown += page.requests.length;
    oldest = page.requests.at(-1)?.id ?? oldest;
    announce(`${page.requests.length} older ${page.requests.length === 1 ? "call" : "calls"} shown`);
    note();
    // The last one shown was evicted meanwhile, and with it all before it.
    if (!page.requests.length) older.hidden = true;
  }

  function note() {
    const words = `${count === 1 ? "call" : "calls"}${isFiltered() ? (count === 1 ? " matches" : " match") : ""}`;
    const gone = evicted ? `; ${evicted.toLocaleString("en")} older ${evicted === 1 ? "one was" : "ones were"} evicted for want of room` : "";
    summary.textContent = count || evicted || isFiltered() ? `${count.toLocaleString("en")} ${words}${gone}.` : "No calls yet. Send one from the playground or from your own client: it appears here at once.";
    older.hidden = shown >= count;
  }

  const tryToLoad = () => load().catch(() => {});
  const reload = throttled(tryToLoad, 300);
  const loadSoon = debounced(tryToLoad, 200);
  const set = (change) => {
    Object.assign(filters, change);
    loadSoon();
  };

  const stop = onFeed((kind, call) => {
    if (kind === "reload" || isFiltered()) return reload();
    arrived?.push(call);
    add(call);
  });

  const search = el("input", { type: "search", value: filters.text, placeholder: "code, file, field, id ...", on: { input: () => set({ text: search.value.trim() }) } });
  const outcomes = [["", "any outcome"], ["ok", "successes"], ["refused", "refusals"]];
  const actions = [["", "any action"], ...Object.keys(ACTIONS).map((action) => [action, action])];
  get("/tenants").then(
    (tenants) => {
      keys.append(...tenants.filter((tenant) => tenant.key !== "*").map((tenant) => el("option", { value: tenant.key }, tenant.key || "(no key)")));
      keys.value = filters.key;
    },
    () => {},
  );
  root.append(
    heading("Journal", "Every call that a client made, newest first. The list follows by itself."),
    el(
      "form",
      { class: "filters", role: "search", on: { submit: (event) => event.preventDefault() } },
      field("Search", search),
      field("Outcome", select(outcomes, filters.code, (code) => set({ code }))),
      field("Action", select(actions, filters.action, (action) => set({ action }))),
      field("API key", keys),
    ),
    el("div", { class: "row between" }, summary, el("a", { href: `${ADMIN}/requests.har`, download: "ailab-mock.har", class: "small" }, "Export as HAR")),
    list,
    older,
  );
  load().catch((error) => (summary.textContent = error.message));
  // Events tell of this emulator's calls; those of others that share its state are looked up.
  const looking = setInterval(() => isShared && !document.hidden && shown <= PAGE && reload(), 3000);
  get("/about").then((about) => (isShared = about.state_is_shared), () => {});
  return () => {
    clearInterval(looking);
    stop();
  };
}

// By digest: the browser then fetches an upload that many calls share only once.
function thumbnail(digest) {
  if (!digest) return el("span", { class: "no-picture", "aria-hidden": "true" });
  const image = el("img", { src: `${ADMIN}/pictures/${digest}?thumbnail_px=88`, alt: "", loading: "lazy", width: 44, height: 44 });
  image.addEventListener("error", () => image.replaceWith(el("span", { class: "no-picture", "aria-hidden": "true" })));
  return image;
}

const milliseconds = (ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

function row(call, isNew = false) {
  const time = new Date(call.time_s * 1000);
  const odd = [call.carrier && `by ${call.carrier}`, call.fault, call.client_left && "client left"].filter(Boolean).join(", ");
  return el(
    "li",
    { "data-id": call.id, class: isNew ? "arrives" : null },
    el(
      "a",
      { href: `#/journal/${call.id}` },
      statusBadge(call),
      el("span", { class: "thumbs" }, thumbnail(call.picture_digest), thumbnail(call.result_digest)),
      el("span", { class: "asked" }, el("strong", {}, whatWasAsked(call)), el("span", { class: "small muted" }, call.code || "success", odd && ` (${odd})`)),
      el("span", { class: "key mono" }, call.key || "no key"),
      el("span", { class: "took mono" }, milliseconds(call.duration_ms)),
      el("time", { datetime: time.toISOString(), class: "muted" }, time.toLocaleTimeString()),
    ),
  );
}
