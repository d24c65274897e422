/* Finding a client: htmx asks while somebody types and puts the list in its place. Here arrow keys walk through it,
   Escape leads back to the field, the number found is said aloud, and the address keeps the list for whoever comes back
   (sealed: it tells nobody what was typed). Without this the field is a form, and the people are links. */

"use strict";

const field = document.getElementById("find");
const found = document.getElementById("found");
const said = document.getElementById("found-said");

function people() {
  return [...found.querySelectorAll("a[data-found]")];
}

document.addEventListener("keydown", (event) => {
  const all = people();
  const at = all.indexOf(document.activeElement);
  if ((event.target !== field && at < 0) || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (event.key === "ArrowDown" && all.length > 0) all[Math.min(at + 1, all.length - 1)].focus();
  else if (event.key === "ArrowUp" && at >= 0) (all[at - 1] ?? field).focus();
  else if (event.key === "Home" && at >= 0) all[0].focus();
  else if (event.key === "End" && at >= 0) all[all.length - 1].focus();
  else if (event.key === "Escape" && at >= 0) field.focus();
  else return;
  event.preventDefault();
});

// What dropped down over a page goes when somebody turns to the page.
document.addEventListener("pointerdown", (event) => {
  const finder = field.closest(".drops");
  if (finder !== null && !finder.contains(event.target)) found.replaceChildren();
});

document.addEventListener("htmx:before:response", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (sourceElement !== field) return;
  if (response.raw.redirected) {
    event.preventDefault();
    window.location.reload(); // signed out: the page itself leads to the sign-in
    return;
  }
  const here = response.headers.get("HX-Replace-Url");
  if (here !== null) window.history.replaceState(window.history.state, "", here);
});

new MutationObserver(() => {
  said.textContent = found.querySelector("[data-said]")?.dataset.said ?? "";
}).observe(found, { childList: true });
