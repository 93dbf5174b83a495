// Where a photo comes from: a file, a drop, the camera, or a sample.

import { ADMIN, get } from "./api.js";
import { announce, button, el, replace } from "./dom.js";
import { session, takePhoto } from "./session.js";

export function photoPicker() {
  const problem = el("p", { class: "small", role: "alert" });
  const samples = el("div", { class: "samples" });
  const input = el("input", { type: "file", accept: "image/jpeg,image/png,image/bmp", class: "unseen", "aria-label": "Choose a photo", tabindex: -1 });
  const camera = navigator.mediaDevices?.getUserMedia ? button("Camera", openCamera) : null;
  const bar = el("div", { class: "stack picker" }, el("div", { class: "row" }, button("Choose a photo", () => input.click()), input, camera, samples), problem);
  let stopListening = () => {};

  async function take(blob, name, sample = "") {
    problem.textContent = "";
    try {
      await takePhoto(blob, name, sample);
      const count = session.seen?.faces.length ?? 0;
      announce(`${name}: ${count === 1 ? "one face" : `${count} faces`} found`);
    } catch (error) {
      problem.textContent = `The photo could not be looked at: ${error.message}`;
    }
  }

  input.addEventListener("change", () => {
    if (input.files[0]) take(input.files[0], input.files[0].name);
    input.value = "";
  });

  function acceptDrops(area) {
    const isOver = (value) => area.classList.toggle("dropping", value);
    area.addEventListener("dragover", (event) => {
      event.preventDefault();
      isOver(true);
    });
    area.addEventListener("dragleave", (event) => area.contains(event.relatedTarget) || isOver(false));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      isOver(false);
      const file = event.dataTransfer.files[0];
      if (file) take(file, file.name);
    });
    const paste = (event) => {
      const file = [...(event.clipboardData?.files || [])][0];
      if (file) take(file, file.name);
    };
    window.addEventListener("paste", paste);
    stopListening = () => window.removeEventListener("paste", paste);
  }

  async function openCamera() {
    problem.textContent = "";
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 960 } });
    } catch (error) {
      problem.textContent = `No camera: ${error.message}`;
      return;
    }
    const video = el("video", { autoplay: true, playsinline: true, muted: true });
    video.srcObject = stream;
    const dialog = el("dialog", { class: "camera", "aria-label": "Camera" });
    const shoot = button("Take the photo", async () => {
      const canvas = el("canvas", { width: video.videoWidth, height: video.videoHeight });
      canvas.getContext("2d").drawImage(video, 0, 0);
      dialog.close();
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
      if (blob) take(blob, "camera.jpg");
    }, { class: "primary" });
    replace(dialog, el("div", { class: "stack" }, video, el("div", { class: "row" }, shoot, button("Cancel", () => dialog.close()))));
    dialog.addEventListener("close", () => {
      stream.getTracks().forEach((track) => track.stop());
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  async function takeSample(sample, isOffer = false) {
    const blob = await (await fetch(`${ADMIN}/samples/${sample.name}`)).blob();
    // Whoever was quicker than an offered sample keeps the own photo.
    if (!isOffer || !session.photo) await take(blob, sample.name, `/samples/${sample.name}`);
  }

  // The first sample is looked at on arrival, so the page is never empty; nothing is sent or paid by that.
  async function start() {
    const known = await get("/samples").catch(() => []);
    replace(
      samples,
      known.map((sample) =>
        button(el("img", { src: `${ADMIN}/samples/${sample.name}?thumbnail_px=80`, alt: "", width: 40, height: 40 }), () => takeSample(sample), { class: "sample", "aria-label": `Sample: ${sample.title}`, title: sample.title }),
      ),
    );
    if (known.length && !session.photo) await takeSample(known[0], true);
  }

  return { bar, acceptDrops, start, stop: () => stopListening() };
}
