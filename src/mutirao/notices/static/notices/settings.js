// SPDX-License-Identifier: AGPL-3.0-or-later
// Lets this browser ring: asks for leave, subscribes, and tells the server. Words come from the page.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

class PushDevice extends HTMLElement {
  async connectedCallback() {
    this.line = this.querySelector("[role=status]");
    const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
    if (!able || !(await navigator.serviceWorker.getRegistration())) { this.say("text-no"); return; }
    this.querySelector(".actions").hidden = false;
    this.querySelector("button").addEventListener("click", () => this.add());
  }
  say(name) { this.line.textContent = this.getAttribute(name) || ""; }
  async add() {
    if ((await Notification.requestPermission()) !== "granted") { this.say("text-denied"); return; }
    try {
      const worker = await navigator.serviceWorker.ready;
      const made = await worker.pushManager.subscribe({
        userVisibleOnly: true, applicationServerKey: bytes(this.getAttribute("key")),
      });
      const sent = new FormData();
      sent.append("endpoint", made.endpoint);
      sent.append("key", text(made.getKey("p256dh")));
      sent.append("auth", text(made.getKey("auth")));
      sent.append("name", navigator.userAgentData?.platform || navigator.platform || "");
      sent.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
      const answer = await fetch(this.getAttribute("action"), { method: "POST", body: sent });
      if (answer.ok) location.reload();
      else this.line.textContent = (await answer.json()).error;
    } catch { this.say("text-failed"); }
  }
}
customElements.define("push-device", PushDevice);
