// Small comforts. Every page does its job without this file.

// Menus made of <details> close on Escape and on a click elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Files dropped on the frame go into its file field.
for (const drop of document.querySelectorAll(".drop")) {
  const input = drop.querySelector("input[type=file]");
  if (!input) continue;
  const mark = (over) => (event) => {
    event.preventDefault();
    drop.classList.toggle("is-over", over);
  };
  drop.addEventListener("dragover", mark(true));
  drop.addEventListener("dragleave", mark(false));
  drop.addEventListener("drop", (event) => {
    mark(false)(event);
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

// A form is sent once: a second press within three seconds does nothing. It is let go after
// that, because an answer that is a file leaves the page as it was.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 3000);
});

// Suggestions under a search box: the arrows walk through them, Escape closes them, and how
// many there are is said. One that comes late, to a box that was left, is not shown.
for (const list of document.querySelectorAll(".suggestions")) {
  const form = list.closest("form");
  const input = form.querySelector("input[type=search]");
  const status = form.querySelector("[role=status]");
  let closed = false;
  const close = () => {
    closed = true;
    list.replaceChildren();
  };
  new MutationObserver(() => {
    if (list.firstChild && (closed || !form.contains(document.activeElement))) close();
    status.textContent = list.querySelector("[data-said]")?.dataset.said ?? "";
  }).observe(list, { childList: true });
  input.addEventListener("input", () => (closed = false));
  form.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!links.length || (!step && event.key !== "Escape")) return;
    event.preventDefault();
    const stops = [input, ...links];
    const here = Math.max(stops.indexOf(document.activeElement), 0);
    if (step) stops[(here + step + stops.length) % stops.length].focus();
    else {
      close();
      input.focus();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!form.contains(event.target)) close();
  });
}
