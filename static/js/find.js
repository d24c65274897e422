/* Arrow keys walk through the people who were found, and Escape leads back to the field. Without this they are links. */
"use strict";

const found = document.getElementById("found");
const field = document.getElementById("find");
const said = document.getElementById("found-said");

if (found && field && said) {
  const people = () => [...found.querySelectorAll("a[data-found]")];

  document.addEventListener("keydown", (event) => {
    const all = people();
    const at = all.indexOf(document.activeElement);
    if ((event.target !== field && at < 0) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" && all.length) (all[at + 1] || all[at]).focus();
    else if (event.key === "ArrowUp" && at >= 0) (all[at - 1] || field).focus();
    else if (event.key === "Home" && at > 0) all[0].focus();
    else if (event.key === "End" && at >= 0) all[all.length - 1].focus();
    else if (event.key === "Escape" && at >= 0) field.focus();
    else return;
    event.preventDefault();
  });

  new MutationObserver(() => {
    const words = found.querySelector("[data-said]");
    said.textContent = words ? words.dataset.said : "";
  }).observe(found, { childList: true });
}
