// The arrow keys turn the pages of a document. Without this file the links do.
for (const hint of document.querySelectorAll("[data-when-scripted]")) hint.hidden = false;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  // Where keys write, choose or scroll, they keep doing that.
  const busy = "input, textarea, select, summary, [contenteditable], [tabindex='0'], dialog[open]";
  if (event.target.closest(busy) || document.querySelector("details.menu[open]")) return;
  const leftward = document.documentElement.dir === "rtl";
  const forward = leftward ? "ArrowLeft" : "ArrowRight";
  const back = leftward ? "ArrowRight" : "ArrowLeft";
  const rel = { [forward]: "next", [back]: "prev" }[event.key];
  const link = rel && document.querySelector(`.page-jump a[rel="${rel}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
