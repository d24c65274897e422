/* The board of a day refreshes itself. htmx asks for it and puts what changed in its place, focus and scroll kept; here
   is what makes that cheap (the tag of what is shown, so that the same again costs a 304) and honest (when it was last
   asked, whether anybody still is at this screen, and what to do when the answer is not the board). */

"use strict";

const day = document.getElementById("day");
const updated = document.getElementById("updated");
const trouble = document.getElementById("trouble");
let isUsed = true;

for (const kind of ["keydown", "pointerdown", "pointermove", "wheel"]) {
  document.addEventListener(kind, () => { isUsed = true; }, { passive: true });
}

function refresh() {
  window.htmx.trigger(day, "refresh");
}

document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  if (sourceElement !== day) return;
  if (document.hidden || document.querySelector("dialog[open], [data-dragging]")) {
    event.preventDefault();
    return;
  }
  request.cache = "no-store"; // names stay out of the browser's cache; the tag is kept here instead
  request.headers["If-None-Match"] = `"${day.dataset.tag}"`;
  if (!isUsed) request.headers["X-Watching"] = "1"; // nobody touched anything: not a use of the sign-in
  isUsed = false;
});

document.addEventListener("htmx:before:response", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (sourceElement !== day) return;
  const when = response.headers.get("X-Updated");
  if (response.raw.redirected) {
    event.preventDefault();
    window.location.reload(); // signed out: the page itself leads to the sign-in
  } else if (when === null) {
    event.preventDefault();
    trouble.hidden = false;
  } else {
    trouble.hidden = true;
    updated.textContent = when;
    if (response.status === 200) day.dataset.tag = response.headers.get("ETag").replace(/^W\/|"/g, "");
  }
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.sourceElement === day) trouble.hidden = false;
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});

document.querySelector("[data-key='r']").addEventListener("click", (event) => {
  event.preventDefault();
  refresh();
});

// Names go at once; the page without them follows.
document.querySelector("[data-key='h'][value='yes']")?.addEventListener("click", () => {
  document.documentElement.classList.add("hush");
});
