// Whether all chosen files may come, asked before the first byte of the first one: there may be no
// space for them, or too many folders. Without an answer they are sent: each is looked at by itself.
const sendingPlan = (root, token) => {
  const said = root.querySelector("[data-refusal]");
  const foldersOf = (items) => {
    const found = new Set();
    for (const { path } of items) {
      const end = path.lastIndexOf("/");
      if (end > 0) found.add(path.slice(0, end + 1));
    }
    return [...found];
  };
  return async (items) => {
    const body = {
      bytes: items.reduce((sum, item) => sum + item.file.size, 0),
      files: items.length,
      folder: root.dataset.folder,
      paths: foldersOf(items),
    };
    let words = "";
    try {
      const answer = await fetch(root.dataset.plan, {
        method: "POST",
        headers: { "X-CSRFToken": token, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      const refused = answer.status === 422 || answer.status === 507;
      if (refused && answer.headers.get("Content-Type")?.startsWith("text/plain")) words = (await answer.text()).trim();
    } catch {
      // The line is broken: what is sent now waits for it by itself.
    }
    said.textContent = words;
    said.parentElement.hidden = !words;
    if (words) said.parentElement.scrollIntoView({ block: "center" });
    return !words;
  };
};
