// SPDX-License-Identifier: AGPL-3.0-or-later
// Loaded by the service worker with importScripts: shows what was pushed, and opens it when tapped.

const icon = self.ABOUT?.shell?.find((one) => one.includes("icon-192")) || "/static/mutirao/icon-192.png";

self.addEventListener("push", (event) => {
  let said = {};
  try { said = event.data ? event.data.json() : {}; } catch { /* not ours */ }
  event.waitUntil(self.registration.showNotification(said.title || "Mutirão", {
    body: said.body || "",
    tag: said.tag,
    icon,
    badge: icon,
    data: { url: said.url || "/" },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data?.url || "/", self.location.origin);
  if (address.origin !== self.location.origin) return;
  event.waitUntil((async () => {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const open = pages.find((page) => page.url === address.href);
    return open ? open.focus() : self.clients.openWindow(address.href);
  })());
});
