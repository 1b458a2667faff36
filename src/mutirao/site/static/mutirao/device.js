// SPDX-License-Identifier: AGPL-3.0-or-later
// The page of what is on this device: forms that wait, refused ones with both versions side by side, pages to read.
const box = self.MutiraoOutbox;
const who = document.body.dataset.who;
const parse = (text) => new DOMParser().parseFromString(text, "text/html");
const many = (host, name, n) => (host.getAttribute(`${name}-${n === 1 ? "one" : "many"}`) ?? "").replace("{n}", n);
const moment = (host, at) => new Date(at).toLocaleString(host.lang, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

function span(host, ms) {
  const minutes = Math.round(Math.abs(ms) / 60000);
  const [n, unit] = minutes >= 2880 ? [Math.round(minutes / 1440), "day"] : minutes >= 120 ? [Math.round(minutes / 60), "hour"] : [minutes, "minute"];
  return new Intl.NumberFormat(host.lang, { style: "unit", unit, unitDisplay: "long" }).format(n);
}

// The form of a page that a waiting entry was filled in on: the one with the same keys.
const formOf = (page, entry) => [...page.querySelectorAll("keep-form form")].find((form) => entry.sent.some(([name]) => form.elements[name]));

class WaitingForms extends HTMLElement {
  connectedCallback() {
    if (!box || !self.indexedDB) return;
    this.template = this.querySelector("template");
    this.list = this.querySelector("[data-list]");
    this.cards = new Map();
    this.deaf = box.listen((what) => this.draw(what));
    this.draw();
  }
  disconnectedCallback() { this.deaf?.(); }
  async draw(what) {
    const rows = await box.all().catch(() => []);
    const mine = who ? rows.filter((row) => row.who === who) : [], others = rows.length - mine.length;
    const kept = new Set(mine.map((row) => row.seq));
    for (const [seq, card] of this.cards) {
      if (kept.has(seq)) continue;
      this.cards.delete(seq);
      // What has just gone says so for a moment, where the person is looking.
      if (what?.kind === "sent") { card.replaceChildren(Object.assign(document.createElement("p"), { className: "strong", textContent: `${card.querySelector("h3").textContent}: ${this.getAttribute("sent")}` })); card.setAttribute("role", "status"); setTimeout(() => { card.remove(); this.draw(); }, 6000); }
      else card.remove();
    }
    for (const row of mine) {
      const card = this.cards.get(row.seq), stamp = `${row.state}${row.refused ?? ""}`;
      if (card?.dataset.stamp === stamp) continue;
      const fresh = this.card(row);
      fresh.dataset.stamp = stamp;
      if (card) card.replaceWith(fresh); else this.list.append(fresh);
      this.cards.set(row.seq, fresh);
    }
    this.querySelector("[data-none]").hidden = rows.length > 0;
    const line = this.querySelector("[data-others]");
    line.hidden = !others;
    line.textContent = others ? many(this, who ? "others" : "sign-in", others) : "";
  }
  card(row) {
    const card = this.template.content.firstElementChild.cloneNode(true), part = (name) => card.querySelector(`[data-${name}]`);
    const refused = row.state === "refused";
    part("title").textContent = row.title;
    const when = [this.getAttribute("kept-on").replace("{when}", moment(this, row.at))];
    // Told where it matters only; and only told: the server goes by its own clock.
    if (Math.abs(row.ahead) > 5 * 60000) when.push(this.getAttribute(row.ahead > 0 ? "clock-ahead" : "clock-behind").replace("{much}", span(this, row.ahead)).replace("{when}", moment(this, row.at - row.ahead)));
    if (row.files.length) when.push(many(this, "photos", row.files.length));
    part("when").textContent = when.join(" ");
    part("state").textContent = this.getAttribute(refused ? "state-refused" : "state-waiting");
    part("state").className = refused ? "strong" : "";
    card.querySelector('[data-do="edit"]').href = row.page;
    for (const name of refused ? ["send", "over"] : ["over", "again", "tell"]) card.querySelector(`[data-do="${name}"]`).hidden = true;
    this.table(card, row, null);
    // Every sending counts by itself: there is no form to go on from.
    if (!row.replaces) card.querySelector('[data-do="edit"]').hidden = true;
    if (refused) this.say(card, row);
    card.addEventListener("click", (event) => {
      const act = event.target.closest("button[data-do]")?.dataset.do;
      if (act) this[act](row, card);
    });
    return card;
  }
  // Mine, or what differs between mine and what the network holds now.
  table(card, row, theirs) {
    const table = card.querySelector("[data-table]"), body = table.tBodies[0];
    const now = theirs && new Map(theirs.map((field) => [field.name, field.text]));
    // What the server no longer asks for stands there too, when something was typed: it would not arrive.
    const shown = row.fields.filter((field) => (now?.has(field.name) ? now.get(field.name) !== field.text : field.text));
    table.querySelector("[data-theirs]").hidden = !now;
    body.replaceChildren(...shown.map((field) => {
      const line = document.createElement("tr"), head = Object.assign(document.createElement("th"), { scope: "row", textContent: field.label });
      line.append(head);
      const heads = table.tHead.rows[0].cells;
      for (const [at, text] of [[1, field.text], [2, now?.get(field.name)]]) {
        if (at === 2 && !now) continue;
        const words = this.getAttribute(at === 2 && !now.has(field.name) ? "gone-value" : "empty-value");
        const cell = Object.assign(document.createElement("td"), { textContent: text || words });
        cell.dataset.label = heads[at].textContent;
        line.append(cell);
      }
      return line;
    }));
    table.hidden = !shown.length;
    return shown.length;
  }
  // The server's words, and how things stand on the network now.
  async say(card, row) {
    const part = (name) => card.querySelector(`[data-${name}]`);
    const answer = parse(row.answer ?? "");
    // The summary says it all where there is one; else what stands at the fields, or the page of a refusal.
    const read = (where) => [...answer.querySelectorAll(where)].map((line) => line.textContent.trim().replace(/\s+/g, " "));
    const found = ["[data-error-summary] li", ".errorlist li", "main .error p:not(.actions)", "main .notice.danger p"].map(read).find((lines) => lines.length) ?? [];
    const words = row.status === 413 ? [this.getAttribute("too-large")] : [...new Set(found)].filter(Boolean);
    part("words").hidden = false;
    part("said").replaceChildren(...(words.length ? words : [this.getAttribute(row.status >= 500 ? "trouble" : "no-answer")]).map((textContent) => Object.assign(document.createElement("li"), { textContent })));
    const note = (name) => { part("now").hidden = false; part("now").textContent = this.getAttribute(name); };
    try {
      const { answer: got, text } = await box.ask(row.page, { headers: { "X-Keep-Ahead": "1" }, cache: "no-store" }, 15000);
      const form = got.ok && got.headers.get("X-Who") === who ? formOf(parse(text), row) : null;
      if (!form) { note("no-form"); return; }
      card.fresh = form;
      if (!this.table(card, row, box.described(form))) note("same");
      card.querySelector('[data-do="over"]').hidden = false;
      card.querySelector('[data-do="again"]').hidden = true;
      part("discard-theirs").hidden = false;
      part("discard-plain").hidden = true;
    } catch { note("no-network"); }
  }
  async go(row, card, with_) {
    const buttons = card.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    if (with_) await box.change(row.seq, { state: "waiting", answer: null, failures: 0, ...with_ });
    try { await box.flush(); } catch { /* said below */ }
    const left = await box.get(row.seq);
    for (const button of buttons) button.disabled = false;
    const now = this.cards.get(row.seq);
    if (left?.state === "waiting" && now) now.querySelector("[data-result]").textContent = this.getAttribute("still");
  }
  send(row, card) { return this.go(row, card); }
  again(row, card) { return this.go(row, card, {}); }
  // Mine over theirs: on top of the version that is there now, which the person has just seen beside it.
  over(row, card) {
    const hidden = [...card.fresh.elements].filter((c) => c.type === "hidden" && !["csrfmiddlewaretoken", "idempotency_key"].includes(c.name));
    const anew = new Map(hidden.map((c) => [c.name, c.value]));
    // Another sending than the refused one, so another key.
    anew.set("idempotency_key", box.uuid());
    return this.go(row, card, { sent: row.sent.map(([name, value]) => [name, anew.get(name) ?? value]) });
  }
  async tell(row, card) {
    const lines = [this.getAttribute("message"), row.title, ...row.fields.filter((field) => field.text).map((field) => `${field.label}: ${field.text}`), `(${card.querySelector("[data-when]").textContent})`];
    const text = lines.join("\n");
    if (navigator.share) { await navigator.share({ text }).catch(() => {}); return; }
    try {
      await navigator.clipboard.writeText(text);
      card.querySelector("[data-result]").textContent = this.getAttribute("copied");
    } catch { /* not where there is no TLS: everything stands on the page */ }
  }
  discard(row) { return box.drop([row]); }
}

class KeptPages extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("[data-list]");
    this.offer = () => {
      const only = this.querySelector("[data-only]");
      if (only && navigator.serviceWorker?.controller && who) only.hidden = false;
    };
    this.offer();
    navigator.serviceWorker?.addEventListener("controllerchange", this.offer);
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-do]");
      if (button) this[button.dataset.do](button);
    });
    this.hear = (event) => { if (["ahead", "kept"].includes(event.data?.kind)) this.draw(); };
    navigator.serviceWorker?.addEventListener("message", this.hear);
    this.draw();
  }
  disconnectedCallback() {
    navigator.serviceWorker?.removeEventListener("message", this.hear);
    navigator.serviceWorker?.removeEventListener("controllerchange", this.offer);
  }
  async draw() {
    const rows = [];
    // Kept pages belong to whoever is signed in on this device; for nobody there are none.
    if (self.caches && who && (await caches.has(box.PAGES).catch(() => false))) {
      const pages = await caches.open(box.PAGES);
      for (const request of await pages.keys()) {
        const found = await pages.match(request);
        if (!found) continue; // taking the place of an older copy just now
        if (!found.headers.get("X-To") && new URL(request.url).pathname !== "/aparelho/") rows.push({ url: request.url, title: decodeURIComponent(found.headers.get("X-Title") ?? ""), at: found.headers.get("X-At") });
      }
    }
    rows.sort((a, b) => a.title.localeCompare(b.title));
    const names = document.createElement("textarea"); // titles are stored as they stand in the page, entities and all
    this.list.replaceChildren(...rows.map(({ url, title, at }) => {
      const line = document.createElement("li"), link = Object.assign(document.createElement("a"), { href: url }), box_ = document.createElement("span");
      names.innerHTML = title;
      box_.append(Object.assign(document.createElement("span"), { className: "row-title", textContent: names.value || url }), Object.assign(document.createElement("span"), { className: "row-meta", textContent: this.getAttribute("kept-on").replace("{when}", moment(this, at)) }));
      link.append(box_);
      line.append(link);
      return line;
    }));
    this.querySelector("[data-none]").hidden = rows.length > 0;
  }
  fetch(button) {
    const label = button.querySelector("span"), before = label.textContent;
    label.textContent = this.getAttribute(navigator.onLine ? "fetching" : "failed");
    setTimeout(() => { label.textContent = before; }, 4000);
    navigator.serviceWorker.controller.postMessage({ kind: "ahead", now: true });
  }
  async wipe() {
    await box.wipe();
    await box.setNote("ahead_at", Date.now());
    this.draw();
  }
}

customElements.define("waiting-forms", WaitingForms);
customElements.define("kept-pages", KeptPages);
