// Sending files in parts, so that a broken line costs nothing. The plain form does the same job
// without this file, and without the library, which is fetched when the first file is chosen.
// Reads upload-list.js, upload-kept.js and upload-plan.js.
const root = document.getElementById("sending");
if (root) {
  const AT_ONCE = 2;
  const PART = 4 * 1024 * 1024;
  const LOOK_AGAIN = 10_000;
  const SYSTEM = /^(\.DS_Store|Thumbs\.db|desktop\.ini|\._.*)$/i;

  const form = root.closest("form");
  const drop = form.querySelector(".drop");
  const input = drop.querySelector("input[type=file]");
  const { items, words, show, become, addRow, removeRow, link, isOpen } = sendingList(root);
  const token = form.elements.csrfmiddlewaretoken.value;
  const mayAllCome = sendingPlan(root, token);
  const FULL = 507;
  let loading = null;

  // One file ---------------------------------------------------------------------------------
  const metadataOf = (item) => {
    const chosen = new FormData(form);
    const all = {
      filename: item.file.name,
      relativePath: item.path,
      folder: root.dataset.folder,
      rung: chosen.get("rung"),
      recognisable: chosen.get("recognisable") || "unanswered",
      consent: chosen.get("consent"),
      language: chosen.get("language"),
      storeAgain: chosen.has("store_again") ? "1" : "",
      authorsOut: chosen.has("authors_out") ? "1" : "",
      type: chosen.get("type"),
      themes: chosen.getAll("themes").join(","),
      programme: chosen.get("programme"),
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
  };
  const tellError = (item, status, address, text) => {
    if (status === 403 || address.includes("/account/login/")) become(item, "refused", words.signedOut);
    else if (status === FULL && item.upload?.url) become(item, "refused", text || words.failed); // what came is kept
    else {
      keptUploads.forget(item.digest);
      item.upload = null;
      become(item, "refused", status === 404 ? words.gone : text || words.failed);
    }
    pump();
  };
  const passes = (status) => status === 0 || status === 409 || status === 423 || (status >= 500 && status !== FULL);
  const failed = (item, error) => {
    const response = error.originalResponse;
    const status = response?.getStatus() ?? 0;
    if (passes(status)) {
      become(item, "line");
      pump();
      return;
    }
    const plain = response.getHeader("Content-Type")?.startsWith("text/plain");
    const address = response.getUnderlyingObject()?.responseURL ?? "";
    tellError(item, status, address, plain ? response.getBody().trim() : "");
  };
  const ask = (url, method, headers = {}) =>
    fetch(url, { method, headers: { "X-CSRFToken": token, "Tus-Resumable": "1.0.0", ...headers } });
  const settle = async (item) => {
    become(item, "checking");
    item.settling = true;
    try {
      let told = await (await ask(item.upload.url, "GET")).json();
      if (told.state === "sending") {
        // It came whole, and the server was interrupted before it said what it makes of it.
        const answer = await ask(item.upload.url, "PATCH", {
          "Upload-Offset": String(item.file.size), "Content-Type": "application/offset+octet-stream",
        });
        if (answer.status === FULL) {
          item.settling = false;
          become(item, "refused", (await answer.text()).trim());
          return pump();
        }
        told = await (await ask(item.upload.url, "GET")).json();
      }
      if (told.state === "sending") throw new Error("not yet");
      item.settling = false;
      if (told.url) link(item, told);
      become(item, told.state, told.message);
    } catch {
      become(item, "line");
    }
    pump();
  };
  const begin = async (item) => {
    become(item, "sending");
    item.since = Date.now();
    item.sentSince = item.sent;
    if (item.settling) return settle(item);
    if (item.creating) return undefined; // it was paused and let go before the server answered
    if (item.upload) return item.upload.start();
    const { Upload } = await library();
    item.metadata ??= metadataOf(item);
    item.digest = await digestOf(root.dataset.endpoint, item);
    const upload = new Upload(item.file, {
      endpoint: root.dataset.endpoint,
      chunkSize: PART,
      retryDelays: [0, 1000, 3000],
      headers: { "X-CSRFToken": token },
      metadata: item.metadata,
      fingerprint: async () => item.digest,
      storeFingerprintForResuming: item.digest !== null,
      removeFingerprintOnSuccess: true,
      urlStorage: keptUploads,
      onShouldRetry: (error) => navigator.onLine && passes(error.originalResponse?.getStatus() ?? 0),
      onProgress: (sent) => {
        if (item.sentSince === 0 && item.sent === 0 && sent > PART) item.sentSince = sent;
        item.sent = sent;
        if (item.state === "sending" && sent === item.file.size) become(item, "checking");
        else show(item);
      },
      onUploadUrlAvailable: () => {
        item.creating = false;
        if (item.gone) upload.abort(true).catch(() => {});
        else if (item.state !== "sending") upload.abort();
      },
      onSuccess: () => settle(item),
      onError: (error) => {
        item.creating = false;
        if (!item.gone) failed(item, error);
      },
    });
    item.upload = upload;
    const before = item.digest ? await upload.findPreviousUploads() : [];
    if (before.length) upload.resumeFromPreviousUpload(before[0]);
    if (item.state !== "sending") return undefined;
    item.creating = !before.length;
    return upload.start();
  };
  const pump = () => {
    const busy = items.filter((item) => ["sending", "checking"].includes(item.state)).length;
    const next = items.filter((item) => item.begun && item.state === "waiting");
    for (const item of next.slice(0, Math.max(AT_ONCE - busy, 0))) begin(item);
  };

  const acts = {
    pause(item) {
      if (!["waiting", "sending"].includes(item.state)) return;
      if (!item.creating) item.upload?.abort();
      become(item, "paused");
      pump();
    },
    go(item) {
      if (!["paused", "line"].includes(item.state)) return;
      become(item, "waiting");
      pump();
    },
    again(item) {
      item.metadata = null;
      item.sent = 0;
      become(item, "waiting");
      pump();
    },
    cancel(item) {
      if (!isOpen(item) && item.state !== "refused") return;
      keptUploads.forget(item.digest);
      item.gone = true;
      if (!item.creating) item.upload?.abort(true)?.catch(() => {});
      removeRow(item, input);
      pump();
    },
  };

  // Choosing ---------------------------------------------------------------------------------
  const library = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = root.dataset.library;
      script.onload = () => resolve(window.tus);
      script.onerror = () => {
        loading = null;
        reject(new Error("no library"));
      };
      document.head.append(script);
    });
    return loading;
  };
  const add = (file, path) => {
    const same = (item) => isOpen(item) && item.path === path && item.file.name === file.name && item.file.size === file.size && item.file.lastModified === file.lastModified;
    if ((path && SYSTEM.test(file.name)) || items.some(same)) return;
    const item = { file, path, state: "waiting", begun: false, sent: 0, sentSince: 0, since: 0 };
    addRow(item);
    item.row.addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.(item));
  };
  const take = async (chosen) => {
    if (!chosen.length) return true;
    try {
      await library();
    } catch {
      return false;
    }
    for (const { file, path } of chosen) add(file, path);
    return true;
  };
  const inEntry = async (entry, above) => {
    if (!entry) return [];
    const path = above + entry.name;
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      return [{ file, path: above ? path : "" }];
    }
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return found;
      for (const inner of some) found.push(...(await inEntry(inner, `${path}/`)));
    }
  };
  const asChosen = (files) => [...files].map((file) => ({ file, path: file.webkitRelativePath ?? "" }));

  input.addEventListener("change", async () => {
    if (input.files.length && (await take(asChosen(input.files)))) input.value = "";
  });
  // Before the plain page's own listener, which would put the files into the field.
  document.addEventListener("drop", async (event) => {
    if (!drop.contains(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    drop.classList.remove("is-over");
    const { files } = event.dataTransfer;
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const found = [];
    for (const entry of entries) found.push(...(await inEntry(entry, "")));
    if (!(await take(entries.length ? found : asChosen(files)))) input.files = files;
  }, true);

  const folders = document.createElement("input");
  if ("webkitdirectory" in folders) {
    folders.type = "file";
    folders.webkitdirectory = true;
    folders.multiple = true;
    folders.addEventListener("change", async () => {
      await take(asChosen(folders.files));
      folders.value = "";
    });
    root.querySelector("[data-choose-folder]").addEventListener("click", () => folders.click());
    root.querySelector("[data-places]").hidden = false;
  }

  form.addEventListener("submit", async (event) => {
    const waiting = items.filter((item) => !item.begun);
    if (!waiting.length && !items.some((item) => isOpen(item))) return;
    event.preventDefault();
    if (waiting.length && !form.reportValidity()) return; // a question is not answered yet
    if (waiting.length && !(await mayAllCome(waiting))) return;
    for (const item of waiting) {
      item.metadata = metadataOf(item);
      item.begun = true;
    }
    pump();
    root.scrollIntoView({ block: "start" });
  });
  for (const button of root.querySelectorAll("[data-all]")) {
    button.addEventListener("click", () => {
      for (const item of [...items]) {
        if (isOpen(item)) acts[button.dataset.all](item);
      }
    });
  }

  // The line comes back ----------------------------------------------------------------------
  const goOn = () => {
    for (const item of items) if (item.state === "line") acts.go(item);
  };
  window.addEventListener("online", goOn);
  setInterval(() => navigator.onLine && goOn(), LOOK_AGAIN);

  for (const button of document.querySelectorAll("[data-give-up]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const answer = await ask(button.dataset.giveUp, "DELETE").catch(() => null);
      if (answer?.ok || answer?.status === 404) button.closest("li").remove();
      if (!document.querySelector("[data-give-up]")) document.getElementById("unfinished").remove();
    });
  }
  keptUploads.forgetOld(Number(root.dataset.days));
  root.hidden = false;
}
