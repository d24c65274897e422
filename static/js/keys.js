/* Single keys for what a page marks with data-key: a field is focused, anything else is pressed. "?" lists them in the
   page's dialog, where they can be turned off. Nothing happens while somebody types. */

"use strict";

const OFF = "keys-off";
const ALSO = { ArrowLeft: "k", ArrowRight: "j" };
const dialog = document.getElementById("keys");
const opener = document.querySelector("[data-opens='keys']");
const choice = dialog.querySelector("input");

function isBusy(target, key) {
  const scrolls = key in ALSO && target.closest("[role='region'][tabindex]");
  return scrolls || target.closest("input, select, textarea, [contenteditable]") || document.querySelector("dialog[open]");
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!(target instanceof Element) || isBusy(target, key) || !choice.checked) return;
  const wanted = ALSO[key] ?? key.toLowerCase();
  const found = wanted === "?" ? opener : document.querySelector(`[data-key="${CSS.escape(wanted)}"]`);
  if (found === null) return;
  event.preventDefault();
  if (found.matches("input")) found.focus();
  else found.click();
});

opener.hidden = false;
opener.addEventListener("click", () => dialog.showModal());
choice.checked = window.localStorage.getItem(OFF) === null;
choice.addEventListener("change", () => {
  if (choice.checked) window.localStorage.removeItem(OFF);
  else window.localStorage.setItem(OFF, "1");
});
