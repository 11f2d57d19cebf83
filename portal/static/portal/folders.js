// Dragging documents and folders onto folders. What is dragged is sent as the form of choosing
// would send it; what came of it is read out, with a button that takes it back. By keyboard:
// choose, and press Move.
{
  const selection = document.getElementById("selection");
  const answer = document.querySelector("[data-moved]");
  const places = [...document.querySelectorAll("[data-place]")];
  if (selection && answer && places.length) {
    let dragged = [];

    const rowOf = (box) => box.closest("[data-document], li[data-place]");
    const boxes = [...document.querySelectorAll('input[type="checkbox"][form="selection"]')];

    for (const box of boxes) {
      const row = rowOf(box);
      row.draggable = true;
      for (const link of row.querySelectorAll("a")) link.draggable = false;
      row.addEventListener("dragstart", (event) => {
        dragged = box.checked ? boxes.filter((other) => other.checked) : [box];
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("application/x-portal-move", "move");
      });
      row.addEventListener("dragend", () => (dragged = []));
    }

    // Files from outside are none of ours: they are not among `dragged`.
    const takes = (place) =>
      dragged.length > 0 && !dragged.some((box) => rowOf(box).dataset.place === place.dataset.place);

    for (const place of places) {
      const mark = (over) => place.classList.toggle("is-over", over);
      place.addEventListener("dragover", (event) => {
        if (!takes(place)) return;
        event.preventDefault();
        mark(true);
      });
      place.addEventListener("dragleave", () => mark(false));
      place.addEventListener("drop", (event) => {
        mark(false);
        if (!takes(place)) return;
        event.preventDefault();
        send(place.dataset.place, dragged);
      });
    }

    async function send(place, moved) {
      const data = new FormData();
      for (const name of ["csrfmiddlewaretoken", "back"]) {
        data.append(name, selection.querySelector(`[name=${name}]`).value);
      }
      data.append("act", "move");
      data.append("confirmed", "yes");
      data.append("place", place);
      for (const box of moved) {
        data.append(box.name, box.value);
        const seen = box.parentElement.querySelector('input[name="seen"]');
        if (seen) data.append("seen", seen.value);
      }
      let told = null;
      try {
        const response = await fetch(selection.action, { method: "POST", body: data });
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        told =
        page.querySelector("[data-result]") ??
        page.querySelector(".error-summary, .notice-warn[role]");
      } catch {
        told = null;
      }
      if (told === null) {
        answer.textContent = selection.dataset.failed;
        return;
      }
      answer.replaceChildren(document.importNode(told, true));
      for (const done of answer.querySelectorAll("[data-done]")) {
        const box = boxes.find((one) => one.value === done.dataset.done);
        if (box) rowOf(box).remove();
      }
    }
  }
}
