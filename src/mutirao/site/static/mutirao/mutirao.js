// SPDX-License-Identifier: AGPL-3.0-or-later
// What makes the pages smoother. Every page works without it; words come from the page, never from here.

const store = {
  get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* storage switched off */ } },
};

const uuid = () => crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

// --- numbers as people type them: "1.234,5" where the comma is the decimal sign, "1,234.5" elsewhere ---

const decimalSign = new Intl.NumberFormat(document.documentElement.lang || "pt-BR").format(1.5)[1];

export function readNumber(text) {
  let clean = text.replace(/\s/g, "");
  const comma = clean.lastIndexOf(","), dot = clean.lastIndexOf(".");
  if (comma >= 0 && dot >= 0) {
    const decimal = comma > dot ? "," : ".";
    clean = clean.split(decimal === "," ? "." : ",").join("").replace(decimal, ".");
  } else clean = clean.replace(",", ".");
  return /^-?\d+(\.\d*)?$/.test(clean) ? clean : null;
}

const places = (text) => (text.split(".")[1] ?? "").length;

// Adds in whole units of the finest decimal place given, so that 0,1 + 0,2 stays 0,3.
export function addDecimals(a, b) {
  const scale = Math.max(places(a), places(b));
  const whole = (text) => {
    const [units, rest = ""] = text.split(".");
    return BigInt(units + rest.padEnd(scale, "0"));
  };
  const sum = whole(a) + whole(b);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, "0");
  const cut = digits.length - scale;
  const rest = digits.slice(cut).replace(/0+$/, "");
  return (sum < 0n ? "-" : "") + digits.slice(0, cut) + (rest ? "." + rest : "");
}

// <step-field step="1" min="0" less="Menos" more="Mais"><input></step-field>
class StepField extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.querySelector("button")) return;
    this.prepend(this.key("−", this.getAttribute("less"), -1));
    this.append(this.key("+", this.getAttribute("more"), 1));
  }
  key(sign, label, direction) {
    const key = Object.assign(document.createElement("button"), { type: "button", textContent: sign });
    const name = this.input.labels?.[0]?.textContent.trim().replace(/\s+/g, " ") ?? "";
    key.setAttribute("aria-label", `${label}: ${name}`);
    key.addEventListener("click", () => this.move(direction));
    return key;
  }
  move(direction) {
    if (this.input.disabled || this.input.readOnly) return;
    const step = this.getAttribute("step") || "1", least = this.getAttribute("min") ?? "0";
    const now = readNumber(this.input.value.trim() || "0");
    if (now === null) { this.input.focus(); return; }
    let next = addDecimals(now, direction < 0 ? "-" + step : step);
    if (Number(next) < Number(least)) next = least;
    this.input.value = this.input.type === "number" ? next : next.replace(".", decimalSign);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// <copy-text>: the button appears only where it can work; the text can be selected by hand everywhere.
class CopyText extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector(":scope > .actions"), source = this.querySelector("[data-copy]");
    const key = box?.querySelector("button");
    if (!key || !source) return;
    box.hidden = false;
    key.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.textContent);
      } catch {
        getSelection().selectAllChildren(source);
        if (!document.execCommand("copy")) return;
      }
      this.dataset.copied = "";
      say(key, this.getAttribute("copied"));
    });
  }
}

// <share-text text="…" title="…">: the phone's own sharing sheet, where there is one.
class ShareText extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector(":scope > .actions");
    if (!box || !navigator.share) return;
    box.hidden = false;
    box.querySelector("button").addEventListener("click", () =>
      navigator.share({ text: this.getAttribute("text") }).catch(() => {}));
  }
}

function say(key, words) {
  if (!words) return;
  const label = key.querySelector("span") ?? key, before = label.textContent;
  label.textContent = words;
  label.setAttribute("role", "status");
  setTimeout(() => { label.textContent = before; }, 2500);
}

// <file-drop><input type="file"></file-drop>: files can be dropped on it; pictures are shown before they are sent.
class FileDrop extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input[type=file]");
    if (!input || this.list) return;
    this.list = Object.assign(document.createElement("div"), { className: "previews" });
    this.append(this.list);
    const over = (on) => (event) => { event.preventDefault(); this.classList.toggle("over", on); };
    this.addEventListener("dragover", over(true));
    this.addEventListener("dragleave", over(false));
    this.addEventListener("drop", (event) => {
      over(false)(event);
      if (event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    input.addEventListener("change", () => this.show(input.files));
  }
  show(files) {
    this.list.replaceChildren();
    for (const file of files) {
      if (!file.type.startsWith("image/")) continue;
      const image = new Image();
      image.alt = file.name;
      image.onload = () => URL.revokeObjectURL(image.src);
      image.src = URL.createObjectURL(file);
      this.list.append(image);
    }
  }
}

// <keep-form key="…" who="…" outbox="last|each"><form>…</form><p class="kept"></p></keep-form>
// Keeps what is typed on this device, sends it once, and sends it again by itself when the connection returns.
// The draft goes away only when the server answers with a redirect: that is how an operation says "done".
// With `outbox`, what cannot be sent waits in the device's outbox (outbox.js) and goes out though this page is closed:
// "last" where the last word counts (a list), "each" where every sending counts (a payment).
const outbox = self.MutiraoOutbox && self.indexedDB ? self.MutiraoOutbox : null;

class KeepForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.line = this.querySelector(".kept");
    if (!this.form || this.slot_) return;
    if (this.line) this.form.querySelector(".total-bar, .form-foot")?.append(this.line);
    this.who = this.getAttribute("who");
    this.slot_ = `mutirao:keep:${this.who}:${this.getAttribute("key")}`;
    this.mode = outbox && this.who !== "-" ? this.getAttribute("outbox") : null;
    this.place = `${location.pathname.split("/").slice(1, 3).join("/")}:${this.getAttribute("outbox-slot") || this.getAttribute("key")}`;
    this.key = this.form.elements.idempotency_key;
    this.base = this.values();
    this.restore();
    if (this.mode) {
      this.deaf = outbox.listen((what) => this.hear(what));
      if (this.mode === "last") this.recall();
    }
    this.form.addEventListener("input", () => this.later());
    this.form.addEventListener("change", () => this.later());
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.online = () => this.waiting && this.send();
    addEventListener("online", this.online);
    this.leaving = () => this.dirty && this.keep();
    addEventListener("pagehide", this.leaving);
  }
  disconnectedCallback() {
    removeEventListener("online", this.online);
    removeEventListener("pagehide", this.leaving);
    this.deaf?.();
    clearTimeout(this.timer);
    clearTimeout(this.retry);
  }
  controls() {
    return [...this.form.elements].filter((c) =>
      c.name && !["hidden", "password", "file", "submit", "button"].includes(c.type));
  }
  values() {
    const seen = {};
    for (const c of this.controls()) {
      const list = (seen[c.name] ??= []);
      if (c.type === "checkbox" || c.type === "radio") { if (c.checked) list.push(c.value); }
      else if (c.multiple) list.push(...[...c.selectedOptions].map((o) => o.value));
      else list.push(c.value);
    }
    return seen;
  }
  fill(kept) {
    const at = {};
    for (const c of this.controls()) {
      const list = kept[c.name];
      if (!list) continue;
      if (c.type === "checkbox" || c.type === "radio") c.checked = list.includes(c.value);
      else if (c.multiple) for (const o of c.options) o.selected = list.includes(o.value);
      else c.value = list[(at[c.name] = (at[c.name] ?? -1) + 1)] ?? c.value;
    }
    this.form.dispatchEvent(new Event("kept:restored", { bubbles: true }));
  }
  restore() {
    const draft = store.get(this.slot_);
    if (!draft) return; // never judged by its age: the phone's clock may have been wrong then, or now
    // Answered without being done (errors, a sum worked out): the page shows the draft, not what the server holds.
    if (KeepForm.answered === this.slot_ || this.querySelector("[data-error-summary]")) {
      KeepForm.answered = null;
      this.base = draft.base;
      this.keep();
      return;
    }
    if (JSON.stringify(draft.values) === JSON.stringify(this.base)) { store.drop(this.slot_); return; }
    const use = () => {
      this.fill(draft.values);
      if (draft.key && this.key) this.key.value = draft.key;
      this.attempted = draft.attempted;
      this.tell("kept", "text-restored", [["text-discard", () => this.discard()]]);
    };
    if (JSON.stringify(draft.base) === JSON.stringify(this.base)) use();
    else this.tell("kept", "text-changed", [["text-use", use], ["text-discard", () => this.discard()]]);
  }
  discard() {
    this.fill(this.base);
    this.forget();
    this.tell("", "");
  }
  forget() {
    this.dirty = this.waiting = false;
    clearTimeout(this.timer);
    store.drop(this.slot_);
  }
  later() {
    this.dirty = true;
    // Whoever types on is not done: nothing goes out by itself until it is sent again.
    this.waiting = false;
    clearTimeout(this.retry);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep() && this.tell("kept", "text-kept"), 500);
  }
  keep() {
    const values = this.values();
    // Another content is another message: only the very same one may be sent twice under one key.
    if (this.attempted && this.key && JSON.stringify(values) !== this.attempted) {
      this.key.value = uuid();
      this.attempted = null;
    }
    this.dirty = false;
    return store.set(this.slot_, { at: Date.now(), base: this.base, values, key: this.key?.value, attempted: this.attempted });
  }
  submit(event) {
    // A named button, another method or a file upload goes the plain way; the draft stays until it is replaced.
    if (event.defaultPrevented || !isPost(this.form) || !window.fetch) return;
    event.preventDefault();
    this.button = event.submitter;
    this.send();
  }
  async send() {
    if (this.sending) return;
    clearTimeout(this.timer);
    this.keep();
    this.attempted = JSON.stringify(this.values());
    const held = this.keep();
    this.sending = true;
    this.waiting = false;
    clearTimeout(this.retry);
    this.form.setAttribute("aria-busy", "true");
    this.tell("sending", "text-sending");
    let data = new FormData(this.form);
    if (this.button?.name) data.append(this.button.name, this.button.value);
    const address = this.button?.getAttribute("formaction") || this.form.getAttribute("action") || location.href;
    const mayWait = this.mode && (this.button?.name !== "act" || this.button.value === "send");
    try {
      if (mayWait) {
        const rows = this.mode === "last" ? await this.before().catch(() => []) : [];
        outbox.carry(rows, data);
        data = await outbox.slim(data);
        // No draft holds a file: where one waits, the outbox changes old for new at once and sends it.
        if (rows.some((row) => row.files.length) && await this.putAway(data, address)) { outbox.flush().catch(() => {}); return; }
        // What this replaces must not go out after it; the draft holds it meanwhile.
        if (held) await outbox.drop(rows).catch(() => {});
      }
      const { answer, page } = await post(address, data, mayWait);
      // The server is being restarted, or something on the way answers for it: as good as no connection.
      if (mayWait && [502, 503, 504].includes(answer.status)) throw new Error(`answered ${answer.status}`);
      // Sent away to sign in again is not "done": the draft waits for whoever comes back.
      const arrived = new DOMParser().parseFromString(page, "text/html");
      if (answer.redirected && answer.ok && arrived.body.dataset.who === document.body.dataset.who) {
        this.forget();
        this.tell("sent", "text-sent");
        refreshKept(location.href, answer.url);
      } else if (mayWait && answer.redirected && arrived.body.dataset.who !== this.who && await this.putAway(data, address)) {
        this.tell("kept", "text-stored"); // the session had ended: it goes out once the person is back
      } else KeepForm.answered = this.slot_;
      show(arrived, answer.redirected ? answer.url : null);
    } catch (error) {
      const missing = mayWait && this.missing();
      if (missing) { // out of reach nobody else says so, and the server would say it when the bus has left
        this.tell("failed", "text-missing");
        missing.reportValidity();
        return;
      }
      if (mayWait && await this.putAway(data, address)) return;
      this.waiting = true;
      this.tell("failed", navigator.onLine ? "text-failed" : "text-offline");
      this.retry = setTimeout(() => this.waiting && navigator.onLine && this.send(), 15000);
    } finally {
      this.sending = false;
      this.form.removeAttribute("aria-busy");
    }
  }
  // The first thing that the page itself asks for and that is not there; a file may already wait in the outbox.
  missing() { return [...this.form.elements].find((c) => c.willValidate && c.type !== "file" && !c.validity.valid); }
  before() { return outbox.ofSlot(this.who, this.place); }
  // Into the outbox, as it was sent: from here on it goes out by itself, once.
  async putAway(data, action) {
    try {
      await outbox.put({
        who: this.who, slot: this.place, replaces: this.mode === "last", data, action: new URL(action, location.href).href,
        page: location.pathname + location.search, title: titled(), values: this.values(), base: this.base, fields: outbox.described(this.form),
      });
    } catch { return false; } // storage switched off: the draft of this page is what there is
    this.forget();
    this.attempted = null;
    if (this.key) this.key.value = uuid();
    if (this.mode === "each") this.form.reset();
    this.tell("kept", "text-stored", [["text-list", "/aparelho/"]]);
    return true;
  }
  // Opened again while it still waits, or after it was refused: what is typed here goes on from what waits there.
  async recall() {
    const [entry] = await this.before().catch(() => []);
    if (!entry || this.dirty || this.line?.dataset.state || store.get(this.slot_)) return;
    if (!this.here(entry.page)) { this.tell("kept", "text-stored", [["text-list", "/aparelho/"]]); return; }
    const words = [entry.state === "refused" ? "text-refused" : "text-stored", entry.files.length ? "text-files" : ""], list = ["text-list", "/aparelho/"];
    const use = () => { this.fill(entry.values); this.tell("kept", words, [list]); };
    if (JSON.stringify(entry.base) === JSON.stringify(this.base)) use();
    else this.tell("kept", "text-changed", [["text-use", use], list]);
  }
  here(page) { return new URL(page, location.href).pathname === location.pathname; }
  hear(what) {
    if (what.slot !== this.place) return;
    if (what.kind === "sent") {
      const typing = this.dirty || store.get(this.slot_);
      this.tell("sent", "text-sent");
      if (typing || this.mode === "each" || !this.here(what.page)) return;
      if (what.html) show(new DOMParser().parseFromString(what.html, "text/html"), what.url);
      else location.assign(what.url);
    } else if (what.kind === "changed" && !this.dirty) {
      this.before().then(([entry]) => entry?.state === "refused" && this.tell("failed", "text-refused", [["text-list", "/aparelho/"]])).catch(() => {});
    }
  }
  tell(state, words, keys = []) {
    if (!this.line) return;
    this.line.dataset.state = state;
    this.line.replaceChildren([words].flat().map((one) => one && this.getAttribute(one)).filter(Boolean).join(" "));
    for (const [label, act] of keys) {
      const link = typeof act === "string", textContent = this.getAttribute(label) ?? "";
      const key = Object.assign(document.createElement(link ? "a" : "button"), { className: "button quiet", textContent }, link ? { href: act } : { type: "button" });
      if (!link) key.addEventListener("click", act);
      this.line.append(key);
    }
  }
}

// "Pedido de Mãos da Serra · Farinhas de março · Rede": the heading says more than the title begins with.
function titled() {
  const head = document.querySelector("main h1")?.textContent.trim().replace(/\s+/g, " ");
  return head ? [head, ...document.title.split(" · ").slice(1)].join(" · ") : document.title;
}

// By its attribute: a field called "method" hides the form's own property.
function isPost(form) { return form.getAttribute("method")?.toLowerCase() === "post"; }

// A form's answer; one that may wait does not hang on a connection that gives no sign.
async function post(address, data, mayWait) {
  const stop = new AbortController();
  const files = [...data.values()].some((value) => typeof value !== "string" && value.size);
  const timer = mayWait ? setTimeout(() => stop.abort(), files ? 120000 : 25000) : 0;
  try {
    const answer = await fetch(address, { method: "POST", body: data, headers: { "X-Keep-Form": "1" }, signal: stop.signal });
    return { answer, page: await answer.text() };
  } finally { clearTimeout(timer); }
}

function refreshKept(...pages) {
  for (const page of pages) navigator.serviceWorker?.controller?.postMessage({ kind: "refresh", page });
}

// Puts a page that came by fetch in the place of this one, as the browser would have.
function show(page, address) {
  const from = page.querySelector("main"), here = document.querySelector("main");
  if (!from || !here) {
    if (address) location.assign(address);
    else { document.documentElement.replaceWith(document.adoptNode(page.documentElement)); }
    return;
  }
  if (address && address !== location.href) history.pushState(null, "", address);
  document.title = page.title;
  delete document.body.dataset.kept; // what comes now is fresh, whatever stood here
  const frame = page.querySelector(".frame"), old = document.querySelector(".frame");
  const fresh = document.adoptNode(frame && old ? frame : from);
  (frame && old ? old : here).replaceWith(fresh);
  window.htmx?.process(fresh);
  arrive(fresh);
}

function arrive(root) {
  const wrong = root.querySelector?.("[data-error-summary]");
  if (wrong) { wrong.focus(); wrong.scrollIntoView({ block: "center" }); }
  else if (root !== document) { scrollTo(0, 0); root.querySelector("main")?.focus({ preventScroll: true }); }
}

customElements.define("step-field", StepField);
customElements.define("copy-text", CopyText);
customElements.define("share-text", ShareText);
customElements.define("file-drop", FileDrop);
customElements.define("keep-form", KeepForm);

// --- theme without a round trip; the cookie is what the server reads next time ---

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-theme-form]") && event.submitter) {
    event.preventDefault();
    const theme = event.submitter.value;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    document.cookie = `theme=${theme};path=/;max-age=${theme ? 31536000 : 0};samesite=lax` + (location.protocol === "https:" ? ";secure" : "");
    document.querySelector("meta[name=color-scheme]")?.setAttribute("content", theme || "light dark");
    for (const key of form.querySelectorAll("button")) key.setAttribute("aria-pressed", String(key === event.submitter));
    return;
  }
  // A second tap on a form that is on its way does nothing.
  if (form.closest("keep-form") || !isPost(form)) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  setTimeout(() => {
    if (event.defaultPrevented) return;
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  });
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) { delete form.dataset.sent; form.removeAttribute("aria-busy"); }
});

// --- menus close when one looks elsewhere ---

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open], details.more-menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open], details.more-menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

// --- a line at the top while htmx asks the server ---

let asking = 0;
const count = (n) => { asking = Math.max(0, asking + n); document.documentElement.classList.toggle("is-loading", asking > 0); };
document.addEventListener("htmx:before:request", () => count(1));
document.addEventListener("htmx:finally:request", () => count(-1));

arrive(document);

// --- the device: its worker, what waits on it, its home screen ---

const signedIn = document.body.dataset.who;

// <outbox-bar>: how much waits on this device, on every page; words come from its attributes.
class OutboxBar extends HTMLElement {
  connectedCallback() {
    if (!outbox) return;
    this.deaf = outbox.listen(() => this.count());
    this.count().then(() => this.send());
    this.again = () => document.visibilityState === "visible" && this.send();
    for (const [target, name] of [[window, "online"], [document, "visibilitychange"], [window, "pageshow"]]) target.addEventListener(name, this.again);
    this.timer = setInterval(() => this.waiting && navigator.onLine && this.again(), 20000);
  }
  disconnectedCallback() {
    this.deaf?.();
    clearInterval(this.timer);
    for (const [target, name] of [[window, "online"], [document, "visibilitychange"], [window, "pageshow"]]) target.removeEventListener(name, this.again);
  }
  async count() {
    const rows = await outbox.all().catch(() => []);
    const who = document.body.dataset.who;
    const mine = rows.filter((row) => row.who === who), refused = mine.filter((row) => row.state === "refused").length;
    this.waiting = mine.length - refused;
    // Where a form on this page says it already, the bar would say it twice.
    const told = new Set([...document.querySelectorAll('keep-form[outbox="last"]')].map((form) => form.place));
    if (mine.length && mine.every((row) => told.has(row.slot) && row.state === "waiting")) this.say("waiting", 0);
    else if (who) {
      if (refused) this.say("refused", refused, "refused");
      else this.say("waiting", this.waiting, "waiting");
    } else this.say("sign-in", rows.length, "waiting");
  }
  say(words, n, tone) {
    // Its own page says all of it; there the bar would only be in the way.
    this.hidden = !n || location.pathname === this.getAttribute("url");
    document.body.classList.toggle("has-outbox", !this.hidden);
    if (this.hidden) return;
    const link = this.querySelector("a");
    link.href = this.getAttribute(words === "sign-in" ? "sign-in-url" : "url");
    link.querySelector("span").textContent = (this.getAttribute(n === 1 ? `${words}-one` : `${words}-many`) ?? "").replace("{n}", n);
    this.dataset.tone = tone;
  }
  // Signed out, or no connection: what waits goes on waiting.
  send() { if (this.waiting && document.body.dataset.who) outbox.flush().catch(() => {}); }
}
customElements.define("outbox-bar", OutboxBar);

// What was sent changed the page that it was filled in on: the kept copy of it is fetched anew.
outbox?.listen((what) => { if (what.kind === "sent") refreshKept(what.page, what.url); });

// A page that the browser took out of its drawer may be somebody else's by now: this phone may be shared.
addEventListener("pageshow", async (event) => {
  if (!event.persisted || !outbox || !signedIn) return;
  const who = await outbox.note("who").catch(() => undefined);
  if (who !== undefined && who !== signedIn) location.reload();
});

if (signedIn && "serviceWorker" in navigator) {
  const worker = navigator.serviceWorker;
  // Opened, come back to, connected again, a new version: is there something new to keep? The worker asks the server
  // once a minute at most, and fetches only what changed. A phone says that it is connected before anything comes
  // through: what fails is asked again, ever later.
  let failed = 0, again;
  const ahead = () => { clearTimeout(again); return worker.ready.then(({ active }) => active.postMessage({ kind: "ahead" })); };
  worker.addEventListener("message", (event) => {
    if (event.data?.kind !== "ahead") return;
    failed = event.data.failed ? failed + 1 : 0;
    clearTimeout(again);
    if (failed && failed < 7) again = setTimeout(() => document.visibilityState === "visible" && navigator.onLine && ahead(), 2500 * 2 ** failed);
  });
  worker.startMessages(); // not only once the page is whole
  const begin = async () => {
    try {
      const first = !worker.controller;
      await worker.register("/sw.js", { scope: "/", updateViaCache: "none" });
      const { active } = await worker.ready;
      if (first) active.postMessage({ kind: "refresh", page: location.href });
      ahead();
      document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ahead());
      worker.addEventListener("controllerchange", ahead);
    } catch { /* switched off, or an address without TLS: everything works as before */ }
  };
  addEventListener("online", () => { failed = 0; ahead(); });
  const soon = () => (self.requestIdleCallback ?? setTimeout)(begin);
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
}

// <install-hint hidden>: shown where the browser offers it, until the person has answered once.
class InstallHint extends HTMLElement {
  connectedCallback() {
    this.hear = (event) => {
      event.preventDefault();
      if (store.get("mutirao:install")) return;
      this.hidden = false;
      const [yes, no] = this.querySelectorAll("button");
      yes.onclick = () => { this.done(); event.prompt(); };
      no.onclick = () => this.done();
    };
    addEventListener("beforeinstallprompt", this.hear);
  }
  disconnectedCallback() { removeEventListener("beforeinstallprompt", this.hear); }
  done() { store.set("mutirao:install", { answered: true }); this.hidden = true; }
}
customElements.define("install-hint", InstallHint);
