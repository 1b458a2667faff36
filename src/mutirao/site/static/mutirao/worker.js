// SPDX-License-Identifier: AGPL-3.0-or-later
// The service worker: brings the program's own files along, keeps the pages that the server lets it keep, shows them
// when there is no connection (saying so), and sends what waits when the browser wakes it. `ABOUT` comes before it.
"use strict";
(() => {
  const FILES = `mutirao-files-${ABOUT.version}`, PAGES = "mutirao-pages";
  const PATIENCE = 4000, MOST_PAGES = 120, AGAIN_AFTER = 3 * 3600e3;
  const box = self.MutiraoOutbox;
  // Names that carry the hash of what is in them never change.
  const hashed = (url) => /\.[0-9a-f]{12}\.\w+$/.test(url.pathname);

  self.addEventListener("install", (event) => {
    event.waitUntil((async () => {
      const files = await caches.open(FILES);
      const fetched = ABOUT.shell.map((url) => files.add(url));
      // Without anybody's session: these two belong to the device, not to a person.
      fetched.push(...[ABOUT.empty, ABOUT.device].map(async (url) => {
        const answer = await fetch(url, { credentials: "omit" });
        if (answer.ok) await files.put(url, answer);
      }));
      await Promise.allSettled(fetched);
      await self.skipWaiting();
    })());
  });

  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      for (const name of await caches.keys())
        if (name.startsWith("mutirao-files-") && name !== FILES) await caches.delete(name);
      await self.clients.claim();
    })());
  });

  // --- whose pages these are ---

  const wipe = () => caches.delete(PAGES);

  // Every page says whose session it was made for. When that changes, what was kept goes.
  async function belongs(who) {
    const before = await box.note("who");
    if (before === who) return;
    if (before !== undefined) await wipe();
    await box.setNote("who", who);
    await box.setNote("ahead_at", 0);
    await box.setNote("ahead_done", "");
    if (who === "-") await box.setNote("home", "");
  }

  // By how much the phone's clock goes ahead of the server's: only ever told to the person.
  async function compareClocks(date) {
    const ahead = Date.now() - Date.parse(date ?? "");
    if (Number.isFinite(ahead) && Math.abs(ahead - ((await box.note("ahead")) ?? 0)) > 60000) await box.setNote("ahead", ahead);
  }

  async function keep(address, answer) {
    const who = answer.headers.get("X-Who");
    if (who === null) return;
    await belongs(who);
    await compareClocks(answer.headers.get("Date"));
    if (answer.status === 404 || answer.status === 403) { await (await caches.open(PAGES)).delete(address); return; }
    if (answer.ok && answer.headers.get("X-Keep") === "again") { await fetchAhead([address]); return; }
    if (!answer.ok || answer.headers.get("X-Keep") !== "1") return;
    const pages = await caches.open(PAGES), text = await answer.text();
    // It may have taken a while: whoever signed out meanwhile leaves nothing behind.
    if ((await box.note("who")) !== who) return;
    if (answer.redirected && answer.url !== address) {
      await pages.put(address, new Response("", { headers: { "X-To": answer.url } }));
      address = answer.url;
    }
    const title = /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? "";
    const lang = /<html lang="([\w-]+)"/.exec(text)?.[1] ?? "pt-br";
    await pages.delete(address); // put at the end: the list is in the order of last reading
    await pages.put(address, new Response(text, {
      headers: {
        "Content-Type": "text/html; charset=utf-8", "X-Title": encodeURIComponent(title), "X-Lang": lang,
        // The server's clock: the phone's own may be wrong.
        "X-At": answer.headers.get("Date") ?? new Date().toUTCString(),
        "Content-Security-Policy": answer.headers.get("Content-Security-Policy") ?? "",
      },
    }));
    const kept = await pages.keys();
    for (const old of kept.slice(0, Math.max(0, kept.length - MOST_PAGES))) await pages.delete(old);
  }

  // --- showing what was kept ---

  async function kept(address) {
    const found = await caches.match(address, { cacheName: PAGES, ignoreVary: true });
    if (!found) return null;
    const to = found.headers.get("X-To");
    if (to) return Response.redirect(to);
    const at = new Date(found.headers.get("X-At"));
    const words = at.toLocaleString(found.headers.get("X-Lang"), { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    const text = (await found.text())
      .replace('<div class="kept-note" hidden>', '<div class="kept-note">')
      .replace("<time data-kept-at></time>", `<time data-kept-at datetime="${at.toISOString()}">${words}</time>`)
      .replace("<body ", "<body data-kept ")
      // A key belongs to one sending; the same kept page may be filled in twice.
      .replace(/(name="idempotency_key" value=")[^"]*"/g, (_, before) => `${before}${box.uuid()}"`);
    return new Response(text, { headers: found.headers });
  }

  async function nothing(url) {
    if (url.pathname === "/") {
      const home = await box.note("home");
      if (home && home !== "/") return Response.redirect(home);
    }
    return (await drawn(url.pathname === ABOUT.device ? ABOUT.device : ABOUT.empty, await box.note("who"))) ?? Response.error();
  }

  // The two pages that belong to the device, made without a session, for whoever uses it now.
  async function drawn(path, who) {
    const found = await (await caches.open(FILES)).match(path, { ignoreVary: true });
    if (!found) return null;
    const text = (await found.text()).replace('data-who=""', `data-who="${who && who !== "-" ? who : ""}"`);
    return new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": found.headers.get("Content-Security-Policy") ?? "" } });
  }

  async function page(event, url) {
    if (await box.note("leaving").catch(() => 0)) await leave();
    const fresh = fetch(event.request);
    const stored = fresh.then((answer) => {
      const copy = answer.type === "opaqueredirect" || !answer.headers.has("X-Who") ? null : answer.clone();
      if (copy) event.waitUntil(keep(event.request.url, copy).catch(() => {}));
      return answer;
    });
    // Kept alive also when the person already reads the kept copy, so that the next look is fresh.
    event.waitUntil(stored.catch(() => {}));
    const late = new Promise((done) => setTimeout(done, PATIENCE)).then(() => kept(event.request.url));
    try {
      const answer = (await Promise.race([stored, late])) ?? (await stored);
      // Something on the way answered in the server's place.
      const standIn = [502, 503, 504].includes(answer.status) && !answer.headers.has("X-Who");
      return (standIn && (await kept(event.request.url))) || answer;
    } catch {
      return (await kept(event.request.url).catch(() => null)) ?? nothing(url);
    }
  }

  // --- signing out without a connection: what is kept goes at once, the session as soon as the server is reached ---

  async function signOut(event) {
    await wipe();
    try {
      return await fetch(event.request);
    } catch {
      await box.setNote("leaving", 1);
      await box.setNote("who", "-");
      await box.setNote("home", "");
      const answer = await drawn(ABOUT.empty, "-");
      return answer ? new Response((await answer.text()).replace("<div data-left hidden>", "<div data-left>"), { headers: answer.headers }) : Response.error();
    }
  }

  async function leave() {
    try {
      const { who, token } = await box.pass();
      if (who !== "-") {
        const { answer } = await box.ask("/conta/sair/", { method: "POST", headers: { "X-CSRFToken": token } });
        if (!answer.ok) return;
      }
      await box.setNote("leaving", 0);
    } catch { /* still no connection */ }
  }

  // --- requests ---

  async function file(request, url) {
    const files = await caches.open(FILES);
    const found = await files.match(url.pathname, { ignoreVary: true });
    if (found && hashed(url)) return found;
    try {
      const answer = await fetch(request);
      if (answer.ok && answer.status === 200 && hashed(url) && /\.(js|css|svg)$/.test(url.pathname)) await files.put(url.pathname, answer.clone());
      return answer;
    } catch (error) {
      if (found) return found;
      throw error;
    }
  }

  self.addEventListener("fetch", (event) => {
    const { request } = event, url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.mode === "navigate") {
      if (request.method === "POST" && url.pathname === "/conta/sair/") event.respondWith(signOut(event));
      else if (request.method === "GET") event.respondWith(page(event, url));
      return;
    }
    if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(file(request, url));
  });

  // --- keeping ahead what the person will need on the way ---

  async function ahead(force) {
    const before = (await box.note("ahead_at")) ?? 0;
    // By the size of the difference, either way: the phone's clock may have been put back.
    if (!force && Math.abs(Date.now() - before) < AGAIN_AFTER) return;
    const list = await (await fetch("/aparelho/paginas/", { headers: { Accept: "application/json" } })).json();
    await belongs(list.who);
    if (list.who === "-") return;
    await box.setNote("ahead_at", Date.now());
    await box.setNote("home", list.home);
    await fetchAhead(list.pages);
    await box.setNote("ahead_done", list.who);
  }

  // One after the other: a weak connection is left free for whoever uses it.
  async function fetchAhead(pages) {
    for (const path of pages) {
      const address = new URL(path, self.location.origin).href;
      const answer = await fetch(address, { headers: { "X-Keep-Ahead": "1" } });
      await keep(address, answer);
    }
  }

  self.addEventListener("message", (event) => {
    const { kind, page: path } = event.data ?? {};
    if (kind === "ahead") event.waitUntil(ahead(event.data.now).then(() => event.source?.postMessage({ kind: "ahead" })).catch(() => {}));
    if (kind === "refresh" && path) event.waitUntil(fetchAhead([path]).catch(() => {}));
    if (kind === "wipe") event.waitUntil(wipe());
  });

  self.addEventListener("sync", (event) => { if (event.tag === box.SYNC) event.waitUntil(box.flush()); });
})();
