// The frame: which view is shown, and what is known of the emulator.

import { get } from "./api.js";
import { announce, el, replace } from "./dom.js";
import { startFeed } from "./feed.js";
import { startTheme } from "./theme.js";

const VIEWS = {
  playground: ["Playground", () => import("./views/playground.js")],
  quality: ["Quality", () => import("./views/quality.js")],
  journal: ["Journal", () => import("./views/journal.js")],
  verdict: ["Verdict", () => import("./views/verdict.js")],
  control: ["Control", () => import("./views/control.js")],
  catalogue: ["Catalogue", () => import("./views/catalogue.js")],
  reference: ["Reference", () => import("./views/reference.js")],
};

const main = document.getElementById("view");
const links = Object.entries(VIEWS).map(([name, [title]]) => el("a", { href: `#/${name}` }, title));
let leave = () => {};
let turn = 0;

async function show(isFirst = false) {
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  const chosen = name in VIEWS ? name : "playground";
  const mine = ++turn;
  const [title, load] = VIEWS[chosen];
  links.forEach((link) => (link.getAttribute("href") === `#/${chosen}` ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")));
  const { mount } = await load();
  if (mine !== turn) return;
  leave();
  document.title = `${title} · ailab-mock`;
  const root = el("div");
  replace(main, root);
  leave = mount(root, rest.map(decodeURIComponent).join("/")) || (() => {});
  if (isFirst) return;
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
  announce(title);
}

replace(document.getElementById("views"), links.map((link) => el("li", {}, link)));
startTheme(document.getElementById("theme"));
startFeed();
window.addEventListener("hashchange", () => show());
show(true);
get("/about").then(
  (about) => (document.getElementById("about").textContent = `ailab-mock ${about.version}, envelope: ${about.profile}`),
  () => {},
);
