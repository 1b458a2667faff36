// SPDX-License-Identifier: AGPL-3.0-or-later
// The needs list while it is filled in: the estimate, "repeat", and finding a good. The server does all of it too.

const PLACES = 6n, UNIT = 10n ** PLACES;

// "1.234,5" or "1234.5" as a whole number of millionths; null for what is no number.
function millionths(text) {
  let clean = text.replace(/\s/g, "");
  const comma = clean.lastIndexOf(","), dot = clean.lastIndexOf(".");
  if (comma >= 0 && dot >= 0) {
    const decimal = comma > dot ? "," : ".";
    clean = clean.split(decimal === "," ? "." : ",").join("").replace(decimal, ".");
  } else clean = clean.replace(",", ".");
  const match = /^(\d{1,12})(?:\.(\d{0,6}))?$/.exec(clean);
  return match ? BigInt(match[1]) * UNIT + BigInt((match[2] ?? "").padEnd(Number(PLACES), "0")) : null;
}

// <need-list currency="BRL" lang="pt-br"> around the goods; each <li data-price data-before …> is one good.
class NeedList extends HTMLElement {
  connectedCallback() {
    this.rows = [...this.querySelectorAll(".picks > li")];
    const money = new Intl.NumberFormat(this.getAttribute("lang") || "pt-BR", { style: "currency", currency: this.getAttribute("currency") });
    this.digits = money.resolvedOptions().maximumFractionDigits;
    this.words = (minor) => money.format(`${minor < 0n ? "-" : ""}${this.decimal(minor)}`);
    for (const part of this.querySelectorAll("[data-only-with-script]")) part.hidden = false;
    for (const part of this.querySelectorAll("[data-only-without-script]")) part.hidden = true;
    this.search = this.querySelector("[type=search]");
    this.mine = this.querySelector("[type=checkbox]");
    this.addEventListener("input", () => this.count());
    this.addEventListener("change", () => this.count());
    this.addEventListener("click", (event) => this.click(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.form = this.closest("form");
    this.restored = () => this.count();
    this.form?.addEventListener("kept:restored", this.restored);
    this.count();
  }
  disconnectedCallback() { this.form?.removeEventListener("kept:restored", this.restored); }
  decimal(minor) {
    const text = minor.toString().padStart(this.digits + 1, "0"), cut = text.length - this.digits;
    return this.digits ? `${text.slice(0, cut)}.${text.slice(cut)}` : text;
  }
  field(row, name) { return row.querySelector(`[name^="${name}-"]`); }
  asked(row) { return (millionths(this.field(row, "quantity").value.trim() || "0") ?? 0n) > 0n; }
  count() {
    let total = 0n, seen = 0;
    const part = (this.search?.value ?? "").trim().toLowerCase();
    for (const row of this.rows) {
      const quantity = millionths(this.field(row, "quantity").value.trim() || "0"), price = row.dataset.price ? millionths(row.dataset.price) : null;
      let words = "";
      if (quantity && price !== null) {
        // Millionths times millionths, rounded half up to the smallest coin.
        const scale = UNIT * UNIT / 10n ** BigInt(this.digits), minor = (quantity * price * 2n + scale) / (2n * scale);
        total += minor;
        words = this.words(minor);
      }
      row.querySelector(".estimate").textContent = words;
      const shown = (!part || row.dataset.name.includes(part)) && (!this.mine?.checked || this.asked(row) || row.contains(document.activeElement));
      row.hidden = !shown;
      seen += shown;
    }
    const none = this.querySelector("[data-none]");
    if (none) none.hidden = seen > 0;
    this.querySelector("[data-total]").textContent = this.words(total);
  }
  repeat(row) {
    if (!row.dataset.before) return;
    this.field(row, "quantity").value = row.dataset.before;
    this.field(row, "tolerance").value = row.dataset.beforeTolerance ?? "";
    if (row.dataset.beforeTolerance) row.querySelector("details").open = true;
  }
  click(event) {
    const button = event.target.closest("button[name=act]");
    if (!button?.value.startsWith("repeat")) return;
    event.preventDefault();
    if (button.value === "repeat") {
      for (const row of this.rows) if (!this.field(row, "quantity").value.trim()) this.repeat(row);
    } else this.repeat(button.closest("li"));
    // One event for the whole change: the form keeps it, the estimate follows.
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }
  key(event) {
    // Enter goes on to the next good, as on a paper list; it never sends the form.
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const fields = [...this.querySelectorAll(".picks input")].filter((field) => field.checkVisibility?.() ?? field.offsetParent);
    fields[fields.indexOf(event.target) + 1]?.focus();
  }
}

customElements.define("need-list", NeedList);
