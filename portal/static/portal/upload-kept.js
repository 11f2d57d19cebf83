// What the browser keeps of an upload, so that it goes on after a reload: its address under a
// digest of the file and of what was chosen for it. No name and no text is kept.
const KEPT = "portal-upload:";
const keptUploads = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  async findAllUploads() {
    return [];
  },
  async findUploadsByFingerprint(fingerprint) {
    const kept = this.read(KEPT + fingerprint);
    return kept ? [{ ...kept, urlStorageKey: KEPT + fingerprint }] : [];
  },
  async removeUpload(key) {
    localStorage.removeItem(key);
  },
  async addUpload(fingerprint, { size: whole, uploadUrl }) {
    const kept = { size: whole, uploadUrl, since: Date.now() };
    localStorage.setItem(KEPT + fingerprint, JSON.stringify(kept));
    return KEPT + fingerprint;
  },
  forget(digest) {
    if (digest) localStorage.removeItem(KEPT + digest);
  },
  forgetOld(days) {
    const oldest = Date.now() - days * 86_400_000;
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(KEPT) && !(this.read(key)?.since > oldest)) localStorage.removeItem(key);
    }
  },
};
const digestOf = async (endpoint, { file, metadata }) => {
  if (!window.crypto?.subtle) return null;
  const told = [endpoint, file.size, file.lastModified, metadata];
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(told)));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};
