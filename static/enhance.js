// Progressive enhancement: every page works without it.
"use strict";
document.documentElement.classList.add("script");

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
  for (const button of document.querySelectorAll("[data-copy], [data-copy-from]")) {
    button.hidden = !navigator.clipboard; // as on a page that came without TLS
    const { copy: fixed, copyFrom } = button.dataset;
    const copy = () => navigator.clipboard.writeText(fixed ?? document.getElementById(copyFrom).value);
    button.addEventListener("click", () => tell(button, copy, "copied", "notCopied"));
  }
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = !navigator.share;
    const share = () => navigator.share({ url: button.dataset.share });
    button.addEventListener("click", () => tell(button, share, "shared", "notShared"));
  }
  for (const box of document.querySelectorAll("[data-paste-links]")) {
    box.addEventListener("paste", pasteLinks);
  }
  for (const input of document.querySelectorAll("[data-max-bytes]")) {
    input.addEventListener("change", () => refuseLargeFile(input));
  }
  document.getElementById("problems")?.focus();
  const form = document.querySelector("form[data-questions]");
  if (form) {
    form.addEventListener("change", ({ target }) => untick(target));
    for (const spot of form.querySelectorAll(".spot-map label")) spot.addEventListener("click", tickSpot);
    form.addEventListener("change", () => count(form));
    addEventListener("pageshow", () => count(form)); // a browser that comes back brings the ticks
  }
});

// Do what a button promises, and say whether it was done: a browser or its user may refuse.
async function tell(button, act, done, refused) {
  const status = button.parentElement.querySelector("[role=status]");
  try {
    await act();
    status.textContent = status.dataset[done] ?? "";
  } catch {
    status.textContent = status.dataset[refused];
  }
}

// Ticks the box of a spot without a focus on it, which would scroll the map away.
function tickSpot(click) {
  const box = this.control;
  click.preventDefault();
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

// Paste HTML where it has results links that the plain text lost, as those behind a name in a mail.
function pasteLinks(event) {
  const plain = event.clipboardData.getData("text/plain").toUpperCase();
  // Browsers hold this text to the policy of the page, and complain of each style and handler in it.
  const inert = event.clipboardData.getData("text/html").replace(/\s(?:style|on\w+)\s*=/gi, " data-off=")
    .replace(/<(\/?)(?:style|script)\b/gi, "<$1template");
  const { body, links } = new DOMParser().parseFromString(inert, "text/html");
  const codes = [...links].map(({ href }) => /(?:\/|%2f|_)r(?:\/|%2f|_)([0-9a-z]+)/i.exec(href)?.[1]);
  if (!codes.some((code) => code && !plain.includes(code.toUpperCase()))) return;
  event.preventDefault();
  for (const one of body.querySelectorAll("template, svg, img")) one.remove();
  for (const one of body.querySelectorAll("*")) {
    for (const { name } of [...one.attributes]) if (name !== "href") one.removeAttribute(name);
  }
  const box = event.currentTarget;
  box.setRangeText(body.innerHTML, box.selectionStart, box.selectionEnd, "end");
}

// Say at once that a file is too large: a server may refuse it with a page that has lost the text.
function refuseLargeFile(input) {
  const large = [...input.files].some(({ size }) => size > Number(input.dataset.maxBytes));
  input.setCustomValidity(large ? input.dataset.tooLarge : "");
  input.reportValidity();
}

// Ticking "None of these" unticks the rest, and the other way round; but nothing unticks a warning sign.
function untick(ticked) {
  const exclusive = "exclusive" in ticked.dataset;
  const fieldset = ticked.closest("fieldset");
  if (ticked.type !== "checkbox" || !ticked.checked) return;
  if (exclusive && "warningSigns" in fieldset.dataset) return;
  for (const other of fieldset.querySelectorAll("input")) {
    if (other !== ticked && other.name === ticked.name && (exclusive || "exclusive" in other.dataset)) other.checked = false;
  }
}

function count(form) {
  const asked = [...form.querySelectorAll("fieldset[data-required]")].filter((one) => one.offsetParent);
  const answered = asked.filter((one) => one.querySelector(`[name="${one.id}"]:checked:not([value=''])`));
  const bar = document.querySelector(".progress");
  bar.querySelector("progress").max = asked.length;
  bar.querySelector("progress").value = answered.length;
  const said = `${answered.length} / ${asked.length}`;
  bar.querySelector("progress").ariaValueText = said;
  const shown = bar.querySelector("[data-label]");
  shown.textContent = `${shown.dataset.label} ${said}`;
}
