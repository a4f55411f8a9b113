// Files that are picked, pasted or dropped: each goes ahead by itself, and the message takes its ticket along.

import { upload } from "../lib/upload.js";

const LARGEST = 40 * 2 ** 20;
const MOST = 15;

export default function composerFiles(form) {
  const list = form.querySelector(".chips");
  const pattern = form.querySelector("template").content.firstElementChild;
  const picker = form.elements.attachments;
  const conversation = form.closest(".conversation");
  const inUnits = (unit) => new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: unit === "megabyte" ? 1 : 0 });
  const [kilobytes, megabytes] = ["kilobyte", "megabyte"].map(inUnits);
  const told = (size) => (size < 2 ** 20 ? kilobytes.format(Math.max(size / 2 ** 10, 1)) : megabytes.format(size / 2 ** 20));
  let isWaiting = false; // somebody has pressed Send before everything was there

  const say = (text) => (form.querySelector("[role=alert]").textContent = text);
  const pending = () => list.querySelector(".chip[aria-busy=true]");

  function take(files) {
    for (const file of files) {
      if (file.size > LARGEST) say(form.dataset.tooLarge.replace("{name}", file.name));
      else if (list.childElementCount >= MOST) say(form.dataset.tooMany);
      else add(file);
    }
  }

  function add(file) {
    const chip = pattern.cloneNode(true);
    chip.querySelector(".truncate").textContent = file.name;
    chip.querySelector("small").textContent = told(file.size);
    chip.setAttribute("aria-busy", "true");
    const stop = upload(form.dataset.uploads, file, form.elements.csrf_token.value, {
      progress: (part) => (chip.querySelector("progress").value = part),
      done: (ticket) => {
        chip.append(Object.assign(document.createElement("input"), { type: "hidden", name: "ticket", value: ticket }));
        settle(chip);
      },
      failed: (why) => {
        chip.dataset.failed = "";
        say(why || form.dataset.failed);
        isWaiting = false;
        settle(chip);
      },
    });
    chip.querySelector("button").addEventListener("click", () => (stop(), chip.remove(), settle(chip), form.elements.content.focus()));
    list.append(chip);
    list.hidden = false;
  }

  function settle(chip) {
    chip.removeAttribute("aria-busy");
    list.hidden = list.childElementCount === 0;
    if (isWaiting && !pending()) form.requestSubmit();
  }

  const over = (event) => event.dataTransfer?.types.includes("Files") && (event.preventDefault(), conversation.toggleAttribute("data-dropping", event.type === "dragover"));
  conversation.addEventListener("dragover", over);
  conversation.addEventListener("dragleave", over);
  conversation.addEventListener("drop", (event) => (over(event), take(event.dataTransfer.files)));
  form.addEventListener("paste", ({ clipboardData }) => take(clipboardData.files));
  picker.addEventListener("change", () => {
    take(picker.files);
    picker.value = ""; // or the form would send them a second time
  });
  /* Before htmx hears of it: what is still on its way is waited for. */
  form.addEventListener("submit", (event) => {
    isWaiting = pending() !== null;
    if (!isWaiting) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  form.addEventListener("composer:sent", () => (list.replaceChildren(), (list.hidden = true)));
}
