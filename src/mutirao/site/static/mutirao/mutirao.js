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

// <keep-form key="…" who="…"><form>…</form><p class="kept"></p></keep-form>
// Keeps what is typed on this device, sends it once, and sends it again by itself when the connection returns.
// The draft goes away only when the server answers with a redirect: that is how an operation says "done".
class KeepForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.line = this.querySelector(".kept");
    if (!this.form || this.slot_) return;
    if (this.line) this.form.querySelector(".total-bar, .form-foot")?.append(this.line);
    this.slot_ = `mutirao:keep:${this.getAttribute("who")}:${this.getAttribute("key")}`;
    this.key = this.form.elements.idempotency_key;
    this.base = this.values();
    this.restore();
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
    if (!draft || Date.now() - draft.at > 30 * 864e5) { store.drop(this.slot_); return; }
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
    if (event.defaultPrevented || (this.form.method || "get") !== "post" || !window.fetch) return;
    event.preventDefault();
    this.button = event.submitter;
    this.send();
  }
  async send() {
    if (this.sending) return;
    clearTimeout(this.timer);
    this.keep();
    this.attempted = JSON.stringify(this.values());
    this.keep();
    this.sending = true;
    this.waiting = false;
    clearTimeout(this.retry);
    this.form.setAttribute("aria-busy", "true");
    this.tell("sending", "text-sending");
    const data = new FormData(this.form);
    if (this.button?.name) data.append(this.button.name, this.button.value);
    const address = this.button?.getAttribute("formaction") || this.form.getAttribute("action") || location.href;
    try {
      const answer = await fetch(address, { method: "POST", body: data, headers: { "X-Keep-Form": "1" } });
      const page = await answer.text();
      // Sent away to sign in again is not "done": the draft waits for whoever comes back.
      const arrived = new DOMParser().parseFromString(page, "text/html");
      if (answer.redirected && answer.ok && arrived.body.dataset.who === document.body.dataset.who) {
        this.forget();
        this.tell("sent", "text-sent");
      } else KeepForm.answered = this.slot_;
      show(arrived, answer.redirected ? answer.url : null);
    } catch {
      this.waiting = true;
      this.tell("failed", navigator.onLine ? "text-failed" : "text-offline");
      this.retry = setTimeout(() => this.waiting && navigator.onLine && this.send(), 15000);
    } finally {
      this.sending = false;
      this.form.removeAttribute("aria-busy");
    }
  }
  tell(state, words, keys = []) {
    if (!this.line) return;
    this.line.dataset.state = state;
    this.line.replaceChildren(words ? (this.getAttribute(words) ?? "") : "");
    for (const [label, act] of keys) {
      const key = Object.assign(document.createElement("button"), {
        type: "button", className: "button quiet", textContent: this.getAttribute(label) ?? "",
      });
      key.addEventListener("click", act);
      this.line.append(key);
    }
  }
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
  if (form.closest("keep-form") || (form.method || "get") !== "post") return;
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
