// Try the API: a photo, an action, the answer.

import { ACTIONS } from "../actions.js";
import { ADMIN, edit, get } from "../api.js";
import { codeBlock, codeTabs } from "../code.js";
import { compare } from "../compare.js";
import { announce, button, el, field, heading, replace, segments } from "../dom.js";
import { debounced, latestWins } from "../latest.js";
import { faceButtons, overlay } from "../overlay.js";
import { photoPicker } from "../picker.js";
import { refusalNotice } from "../refusal.js";
import { onSession, requestFields, session, takeFace } from "../session.js";
import { SNIPPETS } from "../snippets.js";
import { contactSheet } from "./contact_sheet.js";

const QUALITY = ["NONE", "LOW", "NORMAL", "HIGH"].map((level) => [level, level]);

export function mount(root) {
  const stage = el("div", { class: "stage stack" });
  const answer = el("div", { class: "stack" });
  const target = el("div", { class: "target" });
  const faceNote = el("p", { class: "small muted" });
  const sheet = contactSheet();
  let comparison = null;
  let resultUrl = null;
  let isMounted = true;

  const request = () => ({
    base: location.origin,
    key: session.key || "any-key",
    fileName: session.photo?.name || "photo.jpg",
    fields: requestFields(),
    sample: session.photo?.sample || "",
  });
  const snippets = codeTabs(
    {
      curl: () => SNIPPETS.curl(request()),
      "Python (vendor's SDK)": () => SNIPPETS.python(request()),
      Node: () => SNIPPETS.node(request()),
      "HTTP text": () => SNIPPETS.http(request()),
    },
    "The request as code",
  );

  const sendOne = latestWins(async ({ photo, fields, key }) => {
    stage.setAttribute("aria-busy", "true");
    let outcome;
    try {
      outcome = await edit(photo, fields, key);
    } catch (error) {
      outcome = { status: 0, ms: 0, code: "", message: `No answer came: ${error.message}`, why: "", envelope: null, requestId: "" };
    }
    stage.removeAttribute("aria-busy");
    if (!isMounted || photo !== session.photo) return;
    outcome.explanation = await explanationOf(outcome);
    session.outcome = outcome;
    showAnswer();
    showStage();
  });
  const send = () => session.photo && sendOne({ photo: session.photo, fields: requestFields(), key: session.key });
  const sendSoon = debounced(send, 120);

  // The request changed: the code follows at once, the result too once there is one.
  function changed() {
    snippets.refresh();
    if (session.outcome) sendSoon();
  }

  function showStage() {
    const { photo, seen, outcome } = session;
    if (!photo) return replace(stage, el("p", { class: "empty" }, "Drop a photo of a face here, or choose one above."));
    if (outcome?.blob) {
      const last = resultUrl;
      resultUrl = URL.createObjectURL(outcome.blob);
      if (comparison?.photo === photo && stage.contains(comparison.box)) comparison.showAfter(resultUrl).then(() => last && URL.revokeObjectURL(last));
      else {
        if (last) URL.revokeObjectURL(last);
        comparison = { ...compare(photo.url, resultUrl), photo };
        const back = button("Choose another face", () => {
          session.outcome = null;
          showStage();
          showAnswer();
        });
        const save = el("a", { class: "button", href: resultUrl }, "Download");
        save.addEventListener("click", () => {
          save.href = resultUrl;
          save.download = `${photo.name.replace(/\.\w+$/, "")}-${session.action.toLowerCase()}.jpg`;
        });
        replace(stage, comparison.box, el("div", { class: "row" }, save, seen?.faces.length > 1 ? back : null));
      }
      return;
    }
    const picture = el("div", { class: "photo" }, el("img", { src: photo.url, alt: `Your photo, ${photo.name}` }));
    if (seen?.size_wh) {
      const { explanation } = outcome || {};
      picture.append(overlay(seen, { outlines: true }, explanation?.passed === false ? explanation.decided_by : ""), ...faceButtons(seen, chooseFace));
    }
    replace(stage, picture, faceNote, seen?.refusal && !outcome ? refusalNotice({ ...seen.refusal, status: seen.refusal.http_status }) : null);
    faceNote.textContent = seen ? foundText(seen) : "Looking for faces ...";
  }

  function showAnswer() {
    const { outcome } = session;
    if (!outcome) return replace(answer);
    const journal = outcome.requestId && el("a", { href: `#/journal/${outcome.requestId}` }, "see it in the journal");
    const took = `${Math.round(outcome.ms)} ms`;
    const raw = el("details", {}, el("summary", {}, "The answer's JSON"), codeBlock(outcome.envelope ? JSON.stringify(outcome.envelope, null, 2) : outcome.text || "(nothing)", "Answer"));
    if (outcome.blob) {
      announce(`Edited in ${took}`);
      const line = el("p", { class: "row" }, el("span", { class: "badge good" }, "200"), `8 credits, ${took}`, journal);
      return replace(answer, line, raw);
    }
    const notice = refusalNotice(outcome, setQuality);
    announce(notice.textContent);
    return replace(answer, notice, el("p", { class: "small" }, took, ", no credits. ", journal), raw);
  }

  function setQuality(level) {
    session.quality = level;
    const chosen = root.querySelector(`input[name="quality"][value="${level}"]`);
    chosen.checked = true;
    changed();
  }

  async function chooseFace(index) {
    await takeFace(index);
    stage.querySelectorAll(".face-button")[index]?.focus();
  }

  function photoChanged() {
    comparison = null;
    showStage();
    showAnswer();
    sheet.clear();
    snippets.refresh();
    sendButton.disabled = sixButton.disabled = !session.photo;
  }

  function showTarget() {
    if (session.action === "V2_AGE") {
      const years = el("output", { class: "years" }, String(session.age));
      const dial = el("input", { type: "range", min: 1, max: 85, value: session.age, id: "age", "aria-label": "Age to take, in years" });
      dial.addEventListener("input", () => {
        session.age = Number(dial.value);
        years.textContent = dial.value;
        changed();
      });
      const label = el("span", { class: "row between" }, "Age", years);
      return replace(target, el("div", { class: "field" }, label, dial, el("span", { class: "row between hint", "aria-hidden": "true" }, el("span", {}, "1"), el("span", {}, "85"))));
    }
    if (session.action === "V2_GENDER") {
      const choices = [["0", "0: male"], ["1", "1: female"]];
      return replace(target, segments("gender", "Gender", choices, session.gender, (value) => {
        session.gender = value;
        changed();
      }));
    }
    return replace(target);
  }

  const actionChoices = Object.entries(ACTIONS).map(([action, words]) => {
    const radio = el("input", { type: "radio", name: "action", value: action, checked: action === session.action });
    radio.addEventListener("change", () => {
      session.action = action;
      showTarget();
      changed();
    });
    const picture = el("img", { src: `${ADMIN}/window/pictures/${action}.jpg`, alt: "", width: 96, height: 96 });
    return el("label", { class: "choice" }, radio, picture, el("span", {}, words), el("code", {}, action));
  });
  const key = el("input", { value: session.key, autocomplete: "off", spellcheck: "false" });
  key.addEventListener("input", () => {
    session.key = key.value.trim();
    snippets.refresh();
  });
  const sendButton = button("Edit the photo", send, { class: "primary", disabled: !session.photo });
  const sixButton = button("All six at once", () => sheet.fill(session), { disabled: !session.photo });

  const controls = el(
    "form",
    { class: "card controls", on: { submit: (event) => event.preventDefault() } },
    el("fieldset", {}, el("legend", {}, "What should happen to the face?"), el("div", { class: "choices" }, actionChoices)),
    target,
    segments("quality", "Quality control", QUALITY, session.quality, (level) => {
      session.quality = level;
      changed();
    }),
    el("div", { class: "row" }, sendButton, sixButton),
    field("API key", key, "Each key has its own credits and calls."),
  );
  const picker = photoPicker();
  const stopListening = onSession(photoChanged);
  const left = el("div", { class: "stack" }, picker.bar, stage, answer, sheet.box);
  picker.acceptDrops(root);
  root.append(
    heading("Change the age or gender of a face", "Send a photo, get it back edited, or refused for the reasons the real service would give. This page asks the emulator like any client: no account, nothing leaves this machine."),
    el("div", { class: "playground" }, left, controls),
    el("section", { class: "card below", "aria-label": "Request" }, el("h2", {}, "The same request from your code"), snippets.box),
  );
  showTarget();
  showStage();
  showAnswer();
  picker.start();
  return () => {
    isMounted = false;
    stopListening();
    picker.stop();
    sheet.clear();
  };
}

async function explanationOf(outcome) {
  if (outcome.blob || !outcome.requestId) return null;
  const entry = await get(`/requests/${outcome.requestId}`).catch(() => null);
  return entry?.explanation || null;
}

function foundText(seen) {
  if (!seen.faces.length) return "";
  if (seen.faces.length === 1) return "One face found.";
  return `${seen.faces.length} faces found; the yellow one is edited. Click another to choose it: this fills face_location.`;
}
