// SPDX-License-Identifier: AGPL-3.0-or-later
// The service worker: brings the program's own files along, keeps the pages that the server lets it keep, shows them
// when there is no connection (saying so), and sends what waits when the browser wakes it. `ABOUT` comes before it.
"use strict";
(() => {
  const box = self.MutiraoOutbox, { PAGES, belongs, wipe } = box;
  const FILES = `mutirao-files-${ABOUT.version}`;
  const PATIENCE = 4000, MOST_PAGES = 120, AGAIN_AFTER = 3 * 3600e3, ASK_AFTER = 60e3, HANGS_AFTER = 30e3, FEW = 8;
  // Names that carry the hash of what is in them never change.
  const hashed = (url) => /\.[0-9a-f]{12}\.\w+$/.test(url.pathname);

  // What belongs to the device, not to a person: the program's files, and two pages made without anybody's session.
  async function bring(missing) {
    const files = await caches.open(FILES);
    await Promise.allSettled([...ABOUT.shell, ABOUT.empty, ABOUT.device].map(async (url) => {
      if (missing && (await files.match(url, { ignoreVary: true }))) return;
      const answer = await fetch(url, { credentials: "omit" });
      if (answer.ok) await files.put(url, answer);
    }));
  }
  // Kept pages that were made with an earlier version: [address, version].
  async function earlier() {
    const pages = await caches.open(PAGES), found = [];
    for (const request of await pages.keys()) {
      const { headers } = (await pages.match(request)) ?? {}, version = headers?.get("X-Version");
      if (version && version !== ABOUT.version && !headers.has("X-To")) found.push([request.url, version]);
    }
    return found;
  }
  // The files of an earlier version stay as long as a kept page is drawn with them.
  async function tidy() {
    const needed = new Set([FILES, ...(await earlier()).map(([, version]) => `mutirao-files-${version}`)]);
    for (const name of await caches.keys())
      if (name.startsWith("mutirao-files-") && !needed.has(name)) await caches.delete(name);
  }

  self.addEventListener("install", (event) => { event.waitUntil(bring().then(() => self.skipWaiting())); });

  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      await tidy();
      await box.setNote("list_at", 0); // the pages are drawn anew by this version: ask at once
      await self.clients.claim();
    })());
  });

  // By how much the phone's clock goes ahead of the server's: only ever told to the person.
  async function compareClocks(date) {
    const ahead = Date.now() - Date.parse(date ?? "");
    if (Number.isFinite(ahead) && Math.abs(ahead - ((await box.note("ahead")) ?? 0)) > 60000) await box.setNote("ahead", ahead);
  }

  // Whatever there is no room for takes the place of what was read longest ago.
  async function put(pages, address, make) {
    for (;;) {
      try { return await pages.put(address, make()); } catch (error) {
        const [oldest] = await pages.keys();
        if (error.name !== "QuotaExceededError" || !oldest) throw error;
        await pages.delete(oldest);
      }
    }
  }

  async function keep(address, answer, mark) {
    const who = answer.headers.get("X-Who");
    if (who === null) return;
    await belongs(who);
    await compareClocks(answer.headers.get("Date"));
    if (answer.status === 404 || answer.status === 403) { await (await caches.open(PAGES)).delete(address); return; }
    if (answer.ok && answer.headers.get("X-Keep") === "again") { await fetchAhead([[address, ""]], true); return; }
    if (!answer.ok || answer.headers.get("X-Keep") !== "1") return;
    const pages = await caches.open(PAGES), text = await answer.text();
    // It may have taken a while: whoever signed out meanwhile leaves nothing behind.
    if ((await box.note("who")) !== who) return;
    const about = { "X-Version": ABOUT.version, "X-Mark": mark ?? "" };
    if (answer.redirected && answer.url !== address) {
      await put(pages, address, () => new Response("", { headers: { ...about, "X-To": answer.url } }));
      address = answer.url;
    }
    const title = /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? "";
    const lang = /<html lang="([\w-]+)"/.exec(text)?.[1] ?? "pt-br";
    await pages.delete(address); // put at the end: the list is in the order of last reading
    await put(pages, address, () => new Response(text, {
      headers: {
        ...about, "X-Tag": answer.headers.get("X-Keep-Tag") ?? "",
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
    // Signed out without a connection: no page of that session is shown any more.
    if (!(await box.leave().catch(() => false))) return nothing(url);
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
    // It rings for whoever is signed in: notices of the one who left are not for whoever takes the phone up next.
    await box.silence().catch(() => {});
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

  // --- requests ---

  async function file(request, url) {
    const files = await caches.open(FILES);
    // Its own first, then those of the version before, for pages that were drawn with it.
    const found = (await files.match(url.pathname, { ignoreVary: true })) ?? (await caches.match(url.pathname, { ignoreVary: true }));
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

  // A small list first: addresses, each with a mark that changes when the page does. `now`: the person asks for all of
  // it; `news`: the server has just said that something happened.
  async function fetchWhatIsNew({ now = false, news = false }) {
    const since = async (key) => Math.abs(Date.now() - ((await box.note(key)) ?? 0)); // either way: clocks are put back
    if (!now && !news && (await since("list_at")) < ASK_AFTER) return;
    const all = now || (await since("ahead_at")) >= AGAIN_AFTER;
    const { saveData, effectiveType } = self.navigator.connection ?? {};
    const few = !now && (saveData || /2g$/.test(effectiveType));
    const headers = { Accept: "application/json" };
    // The list that this version has worked through: one of an earlier version says nothing of pages that it drew.
    const [version, tag] = ((await box.note("list_tag")) || "").split(" ");
    if (tag && version === ABOUT.version && !all) headers["If-None-Match"] = tag;
    const answer = await patiently("/aparelho/paginas/", { headers });
    if (answer.status === 304) { await box.setNote("list_at", Date.now()); return; }
    if (!answer.ok) return;
    const list = await answer.json();
    await belongs(list.who);
    if (list.who === "-") return;
    await box.setNote("home", list.home);
    await forget(list.pages);
    await fetchAhead(few ? list.pages.slice(0, FEW) : list.pages, all);
    if (!few) await fetchAhead((await earlier()).map(([address]) => [address, ""])); // looked at once, not in the list
    // Noted at the end: what broke off in the middle goes on from there the next time.
    await box.setNote("list_at", Date.now());
    await box.setNote("list_tag", few ? "" : `${ABOUT.version} ${answer.headers.get("ETag") ?? ""}`);
    if (all && !few) await box.setNote("ahead_at", Date.now());
    await box.setNote("ahead_done", list.who);
    await bring(true);
    await tidy();
  }

  // A connection that hangs is none: it must not hold up all that is asked later.
  function patiently(url, options) {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), HANGS_AFTER);
    return fetch(url, { ...options, signal: stop.signal });
  }

  // One at a time, however many pages and notices ask for it.
  let running = null;
  async function ahead(why = {}) {
    if (running && !why.now && !why.news) return running;
    const before = running, mine = (async () => { await before?.catch(() => {}); await fetchWhatIsNew(why); })();
    running = mine;
    try { await mine; } finally { if (running === mine) running = null; }
  }

  // What was kept of a network that the person is no longer in.
  async function forget(list) {
    const network = (path) => /^\/rede\/[^/]+\//.exec(path)?.[0];
    const own = new Set(list.map(([path]) => network(path))), pages = await caches.open(PAGES);
    for (const request of await pages.keys()) {
      const of = network(new URL(request.url).pathname);
      if (of && !own.has(of)) await pages.delete(request);
    }
  }

  // One after the other: a weak connection is left free for whoever uses it. A page whose mark is the same is not asked
  // for at all, one that is kept with a tag comes only when it is another by now (else: 304).
  async function fetchAhead(list, all = false) {
    const pages = await caches.open(PAGES);
    for (const [path, mark] of list) {
      const address = new URL(path, self.location.origin).href;
      const found = await pages.match(address, { ignoreVary: true }), same = found?.headers.get("X-Version") === ABOUT.version;
      if (same && !all && mark && found.headers.get("X-Mark") === mark) continue;
      const to = found?.headers.get("X-To"), had = to ? await pages.match(to, { ignoreVary: true }) : found;
      const headers = { "X-Keep-Ahead": "1" };
      if (same && had?.headers.get("X-Version") === ABOUT.version && had.headers.get("X-Tag")) headers["If-None-Match"] = had.headers.get("X-Tag");
      const answer = await patiently(address, { headers });
      if (answer.status === 304) await unchanged(pages, [[address, found], [to, to && had]], mark, answer);
      else await keep(address, answer, mark);
    }
  }
  async function unchanged(pages, copies, mark, answer) {
    const who = answer.headers.get("X-Who");
    for (const [address, copy] of copies) {
      if (!copy || (await box.note("who")) !== who) continue;
      const headers = new Headers(copy.headers), body = await copy.text();
      if (address === copies[0][0]) headers.set("X-Mark", mark);
      if (headers.has("X-At")) headers.set("X-At", answer.headers.get("Date") ?? headers.get("X-At"));
      await put(pages, address, () => new Response(body, { headers }));
    }
  }

  self.addEventListener("message", (event) => {
    const { kind, page: path, now } = event.data ?? {};
    if (kind === "ahead") event.waitUntil(ahead({ now }).then(() => false, () => true).then((failed) => event.source?.postMessage({ kind: "ahead", failed })));
    if (kind === "refresh" && path) event.waitUntil(fetchAhead([[path, ""]], true).catch(() => {}));
  });

  // Whatever a notice tells of may be a page to have on the way.
  self.addEventListener("push", (event) => { event.waitUntil(ahead({ news: true }).catch(() => {})); });

  self.addEventListener("sync", (event) => { if (event.tag === box.SYNC) event.waitUntil(box.flush({ wait: true })); });
})();
