// SPDX-License-Identifier: AGPL-3.0-or-later
// The quote's grid grows in place: more price breaks, another brand of a good. Without it the server does the same.

class QuoteGrid extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=more], button[name=another]");
      if (!button?.value) return;
      event.preventDefault();
      const row = button.closest("tr");
      if (button.name === "more") this.more(row);
      else this.another(row);
    });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      const fields = [...this.querySelectorAll("input:not([type=hidden])")];
      fields[fields.indexOf(event.target) + 1]?.focus();
    });
  }
  more(row) {
    const steps = row.querySelectorAll(".price-step"), menu = row.querySelector("[data-more] details");
    for (let number = steps.length; number < steps.length + 3; number++) {
      const made = steps[steps.length - 1].cloneNode(true);
      for (const field of made.querySelectorAll("input")) {
        field.name = field.name.replace(/-\d+$/, `-${number}`);
        field.value = "";
      }
      menu.before(made);
    }
    menu.open = false;
    row.querySelectorAll(".price-step")[steps.length].querySelector("input").focus();
  }
  another(row) {
    const good = row.dataset.key.split("-")[0];
    const same = [...this.querySelectorAll(`tr[data-key^="${good}-"]`)];
    const made = same[0].cloneNode(true), from = made.dataset.key, to = `${good}-${same.length}`;
    made.dataset.key = to;
    for (const extra of made.querySelectorAll("[data-more] .price-step, .errorlist")) extra.remove();
    for (const field of made.querySelectorAll("input, button")) {
      field.name = field.name.replace(`-${from}`, `-${to}`);
      if (field.name === "row" || field.tagName === "BUTTON") field.value = to;
      else field.value = "";
    }
    for (const menu of this.querySelectorAll("details[open]")) menu.open = false;
    made.querySelector("details").open = false;
    same[same.length - 1].after(made);
    made.querySelector("input:not([type=hidden])").focus();
  }
}

customElements.define("quote-grid", QuoteGrid);
