// SPDX-License-Identifier: AGPL-3.0-or-later
// Forms that could not be sent wait here, on this device, and go out once: page and service worker share this file.
// The server decides every time and every conflict; nothing here is trusted by it.
"use strict";
(() => {
  const LOCK = "mutirao-outbox", PAGES = "mutirao-pages", PATIENCE = 30000, PATIENCE_WITH_FILES = 180000, SIDE = 1600;
  const MOST_FAILURES = 5;

  // --- the device's database: what waits ("forms", in the order of `seq`), and a few notes ("notes") ---

  let opened;
  const base = () => (opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("mutirao", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("forms", { keyPath: "seq", autoIncrement: true });
      asked.result.createObjectStore("notes");
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => { opened = null; reject(asked.error); };
  }));
  const run = async (name, mode, work) => {
    const all = (await base()).transaction(name, mode);
    const asked = work(all.objectStore(name));
    return new Promise((resolve, reject) => {
      all.oncomplete = () => resolve(asked?.result);
      all.onabort = all.onerror = () => reject(all.error);
    });
  };
  const note = (key) => run("notes", "readonly", (rows) => rows.get(key));
  const setNote = (key, value) => run("notes", "readwrite", (rows) => rows.put(value, key));
  const all = () => run("forms", "readonly", (rows) => rows.getAll());
  const get = (seq) => run("forms", "readonly", (rows) => rows.get(seq));

  // --- whose pages are kept here: every page says whose session it was made for; when that changes, they go ---

  const wipe = async () => { await self.caches?.delete(PAGES); };
  async function belongs(who) {
    const before = await note("who");
    if (before === who) return;
    if (before !== undefined) await wipe();
    for (const [key, value] of [["who", who], ["ahead_at", 0], ["list_at", 0], ["list_tag", ""], ["ahead_done", ""]]) await setNote(key, value);
    if (who === "-") await setNote("home", "");
    // Another person's phone now: it rings no more for the one before, whose push service finds the address gone.
    else if (before && before !== "-") await silence();
  }
  async function silence() {
    const worker = self.registration ?? (await navigator.serviceWorker?.getRegistration?.());
    await (await worker?.pushManager?.getSubscription())?.unsubscribe();
  }

  // --- everybody who looks at the list hears of a change, in this page and in others ---

  const channel = self.BroadcastChannel ? new BroadcastChannel(LOCK) : null;
  const listeners = new Set();
  const tell = (what) => { for (const hear of listeners) hear(what); };
  if (channel) channel.onmessage = (event) => tell(event.data);
  const changed = (what) => {
    channel?.postMessage(what);
    tell(what);
  };

  // --- putting in ---

  const uuid = () => self.crypto.randomUUID?.() ??
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
      (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

  // Photos are made as small as the server makes them anyway: a weak connection carries them ten times sooner.
  async function shrunk(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 400000 || !self.createImageBitmap || !self.document) return file;
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
      const canvas = Object.assign(document.createElement("canvas"), {
        width: Math.round(image.width * scale), height: Math.round(image.height * scale),
      });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return small && small.size < file.size ? new File([small], file.name.replace(/\.\w+$/, "") + ".jpg", { type: small.type }) : file;
    } catch { return file; }
  }
  async function slim(data) {
    const slimmer = new FormData();
    for (const [name, value] of data) slimmer.append(name, typeof value === "string" ? value : await shrunk(value));
    return slimmer;
  }
  // What is filled in again goes on from what waited: a file that waited goes along unless another takes its place.
  function carry(rows, data) {
    for (const row of rows) {
      for (const name of new Set(row.files.map((file) => file.name))) {
        if (data.getAll(name).some((value) => value.size)) continue;
        data.delete(name);
        for (const file of row.files.filter((one) => one.name === name)) data.append(name, new File([file.bytes], file.filename, { type: file.type }));
      }
    }
  }

  // `entry`: who, slot, replaces, page, action, title, values, base, fields [{name, value, label, text}], data (FormData).
  // With `replaces`, an entry of the same slot makes way: the last word counts. Returns the entry's number.
  async function put({ data, ...entry }) {
    const fields = [], files = [];
    for (const [name, value] of data) {
      if (name === "csrfmiddlewaretoken") continue;
      if (typeof value === "string") fields.push([name, value]);
      else if (value.size) {
        // Bytes, not handles: some phones lose the file behind a handle when the browser is closed.
        files.push({ name, filename: value.name || "foto.jpg", type: value.type, bytes: await value.arrayBuffer() });
      }
    }
    const row = {
      ...entry, sent: fields, files, state: "waiting", failures: 0,
      at: Date.now(), // the phone's own clock, only ever shown
      ahead: await note("ahead").catch(() => 0) ?? 0, // by how much it went ahead of the server's when they last spoke
    };
    const seq = await write(row).catch(async (error) => {
      // What was typed is worth more than copies of what the server holds.
      if (error?.name !== "QuotaExceededError") throw error;
      await wipe();
      return write(row);
    });
    changed({ kind: "kept", slot: entry.slot });
    navigator.storage?.persist?.().catch(() => {});
    self.navigator.serviceWorker?.ready.then((found) => found.sync?.register(LOCK)).catch(() => {});
    return seq;
  }
  // At once, or not at all: what makes way goes only when the other is there.
  const write = (row) => run("forms", "readwrite", (rows) => {
    const made = {}, asked = rows.getAll();
    asked.onsuccess = () => {
      for (const old of row.replaces ? asked.result : []) if (old.who === row.who && old.slot === row.slot) rows.delete(old.seq);
      rows.add(row).onsuccess = (event) => { made.result = event.target.result; };
    };
    return made;
  });
  const ofSlot = async (who, slot) => (await all()).filter((row) => row.who === who && row.slot === slot);
  async function drop(rows, said = true) {
    for (const row of rows) await run("forms", "readwrite", (store) => store.delete(row.seq));
    if (said && rows.length) changed({ kind: "dropped" });
  }
  async function change(seq, with_) {
    const row = await get(seq);
    if (!row) return;
    await run("forms", "readwrite", (rows) => rows.put({ ...row, ...with_ }));
    changed({ kind: "changed", slot: row.slot });
  }

  // --- sending ---

  // A time-out of our own: a connection that hangs is none. Older phones have no AbortSignal.timeout.
  async function ask(url, options = {}, patience = PATIENCE) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), patience);
    try {
      const answer = await fetch(url, { credentials: "same-origin", ...options, signal: stop.signal });
      return { answer, text: await answer.text() };
    } finally { clearTimeout(timer); }
  }

  // Who is signed in, and a fresh token. Also: how far the phone's clock is off.
  async function pass() {
    const { answer, text } = await ask("/aparelho/quem/", { headers: { Accept: "application/json" }, cache: "no-store" }, 15000);
    if (!answer.ok) throw new Error(`who: ${answer.status}`);
    const found = JSON.parse(text);
    await setNote("ahead", Date.now() - Date.parse(found.now)).catch(() => {});
    return found;
  }

  // Whoever signed out without a connection is signed out at the server before anything else is asked of it. Returns
  // whether that is done.
  async function leave() {
    if (!(await note("leaving"))) return true;
    const { who, token } = await pass();
    if (who !== "-") {
      const { answer } = await ask("/conta/sair/", { method: "POST", headers: { "X-CSRFToken": token } });
      if (!answer.ok) return false;
    }
    await setNote("leaving", 0);
    return true;
  }

  async function send(row, { who, token }) {
    const data = new FormData();
    for (const [name, value] of row.sent) data.append(name, value);
    for (const file of row.files) data.append(file.name, new Blob([file.bytes], { type: file.type }), file.filename);
    const { answer, text } = await ask(row.action, {
      method: "POST", body: data,
      headers: { "X-CSRFToken": token, "X-Outbox-Who": who, "X-Keep-Form": "1" },
    }, row.files.length ? PATIENCE_WITH_FILES : PATIENCE);
    const by = answer.headers.get("X-Who");
    if (answer.redirected && answer.status < 500 && by === who) return { kind: "sent", url: answer.url, text };
    // Too large for whatever stands before the server: sending it again would not make it smaller.
    if (answer.status === 413) return { kind: "refused", status: 413, text: "" };
    // Signed out meanwhile, somebody else signed in, a token that ran out: later, all of it.
    if (answer.headers.has("X-Token-Over") || answer.redirected || answer.status === 429) return { kind: "later" };
    // A server in trouble. When it is the program itself that fails over this one, a person hears of it in the end.
    if (answer.status >= 500 || [408, 425].includes(answer.status)) return { kind: "trouble", status: answer.status, text, own: by === who };
    if (by !== who) return { kind: "later" };
    return { kind: "refused", status: answer.status, text };
  }

  const locked = (work, wait) => (self.navigator.locks ? navigator.locks.request(LOCK, { ifAvailable: !wait }, (held) => (held ? work() : null)) : work());

  // Sends what waits, one after the other, the oldest first; only what the person who is signed in filled in.
  // Throws when something has to wait for a connection or for the server, so that the browser asks again.
  const flush = ({ wait = false } = {}) => locked(async () => {
    const waiting = (await all()).filter((row) => row.state === "waiting");
    if (!waiting.length) return;
    if (!(await leave())) throw new Error("not signed out yet");
    const now = await pass();
    await belongs(now.who).catch(() => {});
    let trouble = 0;
    for (const { seq, who } of waiting) {
      if (who !== now.who) continue;
      const row = await get(seq); // it may have been taken back meanwhile
      if (!row || row.state !== "waiting") continue;
      const result = await send(row, now);
      if (result.kind === "later") return;
      if (result.kind === "sent") {
        await run("forms", "readwrite", (rows) => rows.delete(seq));
        // With the page that answered, whoever sent it: the server says "received" only once.
        changed({ kind: "sent", slot: row.slot, url: result.url, page: row.page, title: row.title, html: result.text });
      } else if (result.kind === "trouble" && (!result.own || row.failures + 1 < MOST_FAILURES)) {
        // It does not keep the others: each list, each payment stands by itself.
        trouble = result.status;
        if (result.own) await change(seq, { failures: row.failures + 1 });
      } else await change(seq, { state: "refused", status: result.status, answer: result.text.slice(0, 400000), refused: Date.now() });
    }
    if (trouble) throw new Error(`answered ${trouble}`);
  }, wait);

  // What a form says, for reading: [{name, label, text}] of the fields that people fill in.
  function described(form) {
    const found = new Map();
    for (const c of form.elements) {
      if (!c.name || ["hidden", "password", "submit", "button"].includes(c.type) || c.tagName === "BUTTON" || c.tagName === "FIELDSET") continue;
      const choice = c.type === "radio" || c.type === "checkbox";
      const own = (c.getAttribute("aria-label") ?? c.labels?.[0]?.textContent ?? c.name).trim().replace(/\s+/g, " ");
      const group = c.closest("fieldset")?.querySelector("legend");
      const legend = group ? (group.firstChild?.textContent ?? "").trim().replace(/\s+/g, " ") : "";
      const label = c.type === "radio" ? legend || own : legend && !choice ? `${legend}: ${own}` : own;
      const row = found.get(c.name) ?? { name: c.name, label, text: "" };
      let text = c.value;
      if (choice) text = c.checked ? own : "";
      else if (c.type === "file") text = [...(c.files ?? [])].map((file) => file.name).join(", ");
      else if (c.tagName === "SELECT") text = [...c.selectedOptions].map((o) => o.textContent.trim()).join(", ");
      if (text) row.text = row.text ? `${row.text}, ${text}` : text;
      found.set(c.name, row);
    }
    return [...found.values()];
  }

  self.MutiraoOutbox = {
    SYNC: LOCK, PAGES, uuid, described, note, setNote, all, get, put, drop, change, ofSlot, carry, slim, flush, pass, ask,
    leave, belongs, wipe, silence,
    listen: (hear) => { listeners.add(hear); return () => listeners.delete(hear); },
  };
})();
