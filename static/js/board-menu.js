/* The menu of a session on the board: one popover for all of them, filled with what this session can be asked now.
   The board writes each choice once, and each session the numbers of its own. */

"use strict";

const menu = document.createElement("div");
menu.className = "acts";
menu.popover = "auto";
document.getElementById("day").after(menu);

function choicesOf(opener) {
  const all = document.getElementById("choices")?.content.children ?? [];
  return opener.dataset.choices.split(" ").filter(Boolean).map((number) => {
    const button = all[Number(number)].cloneNode(true);
    button.value = button.value.replace("~", opener.dataset.of);
    return button;
  });
}

function moveOf(opener) {
  const link = document.createElement("a");
  link.href = opener.href.replace(/menu$/, "move");
  link.textContent = "Move…";
  return link;
}

document.addEventListener("click", (event) => {
  const opener = event.target instanceof Element ? event.target.closest(".opener") : null;
  if (opener === null || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault(); // without this script, the link leads to a page with the same choices
  const about = document.createElement("p");
  about.textContent = opener.getAttribute("aria-label").replace(/^[^:]*: /, "");
  menu.replaceChildren(about, ...choicesOf(opener), ...("move" in opener.dataset ? [moveOf(opener)] : []));
  menu.showPopover({ source: opener });
});
