// The rows of files on their way, for upload.js: what is said of each, and of all.
// It changes what is seen, and decides nothing.
const sendingList = (root) => {
  const OPEN = ["waiting", "sending", "paused", "line", "checking"];
  const words = JSON.parse(document.getElementById("sending-words").textContent);
  const language = `${document.documentElement.lang}-u-nu-latn`;
  const items = [];

  // Words ------------------------------------------------------------------------------------
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const inUnit = (value, unit, display, digits) =>
    new Intl.NumberFormat(language, {
      style: "unit", unit, unitDisplay: display, maximumFractionDigits: digits,
    }).format(value);
  const size = (bytes) => {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), 3);
    return inUnit(bytes / 1024 ** step, units[step], step ? "short" : "long", step ? 1 : 0);
  };
  const time = (seconds) =>
    seconds < 60
      ? inUnit(Math.max(Math.ceil(seconds), 1), "second", "long", 0)
      : inUnit(Math.ceil(seconds / 60), "minute", "long", 0);

  // What is shown ----------------------------------------------------------------------------
  const ACTS = {
    waiting: ["pause", "cancel"],
    sending: ["pause", "cancel"],
    paused: ["go", "cancel"],
    line: ["go", "cancel"],
    checking: [],
    refused: ["again", "cancel"],
  };
  const show = (item) => {
    const { row, state, file } = item;
    for (const tag of row.querySelectorAll("[data-state]")) tag.hidden = tag.dataset.state !== state;
    for (const button of row.querySelectorAll("[data-act]")) {
      const focused = button === document.activeElement;
      button.hidden = !(ACTS[state] ?? []).includes(button.dataset.act) || (state === "waiting" && !item.begun && button.dataset.act === "pause");
      if (focused && button.hidden) row.focus();
    }
    const bar = row.querySelector("progress");
    bar.value = file.size ? item.sent / file.size : 0;
    bar.hidden = !OPEN.includes(state);
    const told = [OPEN.includes(state) && item.begun ? fill(words.of, { sent: size(item.sent), whole: size(file.size) }) : size(file.size)];
    const spent = (Date.now() - item.since) / 1000;
    if (state === "sending" && item.sent > item.sentSince && spent > 2) {
      const left = ((file.size - item.sent) * spent) / (item.sent - item.sentSince);
      told.push(fill(words.left, { time: time(left) }));
    }
    row.querySelector("[data-figures]").textContent = told.join(" · ");
    showAll();
  };
  const showAll = () => {
    const counted = items.filter((item) => item.state !== "refused");
    const whole = counted.reduce((sum, item) => sum + item.file.size, 0);
    const sent = counted.reduce((sum, item) => sum + (OPEN.includes(item.state) ? item.sent : item.file.size), 0);
    const done = items.filter((item) => !OPEN.includes(item.state)).length;
    const said = root.querySelector("[data-said]");
    const text = fill(words.done, { done, number: items.length });
    if (said.textContent !== text) said.textContent = text;
    root.querySelector("[data-list] [data-figures]").textContent = fill(words.of, { sent: size(sent), whole: size(whole) });
    root.querySelector("[data-bar]").value = whole ? sent / whole : 0;
    root.querySelector("[data-list]").hidden = !items.length;
    const any = (...states) => items.some((item) => item.begun && states.includes(item.state));
    root.querySelector("[data-all=pause]").hidden = !any("waiting", "sending");
    root.querySelector("[data-all=go]").hidden = !any("paused", "line");
    root.querySelector("[data-all=cancel]").hidden = !items.some((item) => OPEN.includes(item.state));
  };
  const become = (item, state, message = "") => {
    item.state = state;
    const said = item.row.querySelector("[data-message]");
    said.textContent = message;
    said.hidden = !message;
    show(item);
  };

  const addRow = (item) => {
    const row = root.querySelector("template").content.firstElementChild.cloneNode(true);
    const name = row.querySelector("[data-name]");
    name.textContent = item.path || item.file.name;
    name.id = `sending-${Math.random().toString(36).slice(2)}`;
    row.tabIndex = -1;
    for (const part of row.querySelectorAll("button")) part.setAttribute("aria-describedby", name.id);
    row.querySelector("progress").setAttribute("aria-labelledby", name.id);
    item.row = row;
    items.push(item);
    root.querySelector("ul").append(row);
    show(item);
  };
  const removeRow = (item, otherwise) => {
    const next = item.row.nextElementSibling ?? item.row.previousElementSibling;
    const focused = item.row.contains(document.activeElement);
    items.splice(items.indexOf(item), 1);
    item.row.remove();
    if (focused) (next ?? otherwise).focus();
    showAll();
  };
  const link = (item, told) => {
    const shown = item.row.querySelector("[data-open]");
    shown.href = told.url;
    shown.textContent = fill(words.open, told);
    shown.hidden = false;
  };
  const isOpen = (item) => OPEN.includes(item.state);
  return { items, words, show, become, addRow, removeRow, link, isOpen };
};
