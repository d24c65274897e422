/* Moving a session by dragging it on the board. A drop moves nothing: it leads to the page that says exactly what would
   change, or why it cannot be. Whoever does not drag has "Move…" in the menu of each session. */

"use strict";

const STEP = 5; // minutes that a row of the board stands for
const SNAP = 15; // minutes between the starts that a drop proposes
const SLACK = 6; // pixels before a press becomes a drag

let drag = null;

function rowsOf(element, name) {
  const found = [...element.classList].find((each) => new RegExp(`^${name}\\d+$`).test(each));
  return found === undefined ? 0 : Number(found.slice(name.length));
}

function start(event) {
  const block = event.target instanceof Element ? event.target.closest("[data-movable]") : null;
  const events = block?.closest(".events");
  if (block === null || event.button !== 0 || event.pointerType === "touch" || event.target.closest("button, .opener")) return;
  if (!events || getComputedStyle(events).display !== "grid") return; // on a phone the board is a list
  drag = {
    block,
    row: parseFloat(getComputedStyle(events).gridAutoRows),
    top: Number(block.dataset.starts) - rowsOf(block, "t") * STEP,
    length: rowsOf(block, "n"),
    grabbed: event.clientY - block.getBoundingClientRect().top,
    from: [event.clientX, event.clientY],
    ghost: null,
    wish: null,
  };
}

function begin() {
  document.body.dataset.dragging = "";
  drag.block.classList.add("moving");
  drag.ghost = document.createElement("li");
  drag.ghost.setAttribute("aria-hidden", "true");
  drag.ghost.textContent = drag.block.querySelector("p").textContent;
}

function follow(event) {
  if (drag === null) return;
  if (drag.ghost === null) {
    if (Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]) < SLACK) return;
    begin();
  }
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const column = under?.closest("section[data-therapist], section[data-way]");
  const events = column?.querySelector(".events");
  if (!events) {
    drag.wish = null;
    drag.ghost.remove();
    return;
  }
  const offset = event.clientY - drag.grabbed - events.getBoundingClientRect().top;
  const minute = drag.top + (offset / drag.row) * STEP;
  const starts = Math.max(Math.round(minute / SNAP) * SNAP, drag.top);
  drag.wish = { starts, therapist: column.dataset.therapist ?? drag.block.dataset.therapist, way: column.dataset.way ?? "" };
  drag.ghost.className = `event ghost t${Math.round((starts - drag.top) / STEP)} n${drag.length}`;
  if (drag.ghost.parentElement !== events) events.append(drag.ghost);
}

function stop() {
  if (drag === null) return null;
  const { block, ghost, wish } = drag;
  ghost?.remove();
  block.classList.remove("moving");
  delete document.body.dataset.dragging;
  drag = null;
  return ghost === null ? null : { block, wish };
}

function drop() {
  const dropped = stop();
  if (dropped === null) return;
  // The press that began on a link must not follow it now.
  window.addEventListener("click", (click) => { click.preventDefault(); click.stopPropagation(); }, { capture: true, once: true });
  setTimeout(() => window.dispatchEvent(new MouseEvent("click", { cancelable: true })));
  const { block, wish } = dropped;
  const column = block.closest("section");
  const isSame = wish === null || (
    wish.starts === Number(block.dataset.starts) && wish.therapist === block.dataset.therapist && wish.way === (column.dataset.way ?? "")
  );
  if (isSame) return;
  const asked = new URLSearchParams({ at: `${wish.starts}.${wish.therapist}`, back: window.location.pathname + window.location.search });
  if (wish.way) asked.set("way", wish.way);
  window.location.assign(`/desk/appointments/${block.dataset.appointment}/move/check?${asked}`);
}

document.addEventListener("pointerdown", start);
document.addEventListener("pointermove", follow);
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", stop);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
document.addEventListener("dragstart", (event) => { if (drag !== null) event.preventDefault(); });
