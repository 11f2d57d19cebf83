// Choosing several documents: how many are chosen is said, and all of a page are chosen at once.
// Without this file the boxes and buttons do the same job.
{
  const form = document.getElementById("selection");
  if (form) {
    const said = form.querySelector("[data-chosen]");
    const all = form.querySelector("[data-choose-all]");
    const boxes = () => [...document.querySelectorAll('input[type="checkbox"][form="selection"]')];
    const tell = () => {
      const chosen = boxes().filter((box) => box.checked).length;
      said.textContent = chosen ? `${said.dataset.chosen} ${chosen}` : "";
      all.setAttribute("aria-pressed", String(chosen > 0 && chosen === boxes().length));
      for (const box of boxes()) box.closest("tr, li").classList.toggle("is-chosen", box.checked);
    };
    all.hidden = false;
    all.addEventListener("click", () => {
      const choose = boxes().some((box) => !box.checked);
      for (const box of boxes()) box.checked = choose;
      tell();
    });
    document.addEventListener("change", (event) => {
      if (event.target.matches('[form="selection"]')) tell();
    });
    tell();
  }
}
