// A file dropped on the row of a document opens the form for a new version, with the file in it.
// Without this file, the document's own page leads there.
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
const rowOf = (event) => event.target.closest?.("[data-version-form]");
let over = null;

const mark = (row) => {
  if (over === row) return;
  over?.classList.remove("is-over");
  row?.classList.add("is-over");
  over = row;
};

const show = async (address, file) => {
  const answer = await fetch(address, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("main form[enctype]");
  const field = form?.querySelector("input[type=file]");
  if (!answer.ok || !field) {
    location.assign(address); // the page says why not
    return;
  }
  const one = new DataTransfer();
  one.items.add(file);
  field.files = one.files;
  form.action = address;
  const dialog = document.createElement("dialog");
  dialog.className = "version-dialog";
  const title = page.querySelector("main h1");
  title.id = "version-dialog-title";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(title, page.querySelector("main .lede") ?? "", form);
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest(".actions a")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
};

document.addEventListener(
  "dragover",
  (event) => {
    const row = holdsFiles(event) ? rowOf(event) : null;
    mark(row);
    if (!row) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = "copy";
  },
  true,
);
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) mark(null);
});
document.addEventListener(
  "drop",
  (event) => {
    const row = holdsFiles(event) ? rowOf(event) : null;
    mark(null);
    const file = event.dataTransfer?.files[0];
    if (!row || !file) return;
    event.preventDefault();
    event.stopPropagation();
    show(row.dataset.versionForm, file);
  },
  true,
);
