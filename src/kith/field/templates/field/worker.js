// Keeps the page that works offline, and what it needs. Nothing that is about anybody passes into
// this cache: pages of families are never kept here.
const KEPT = {{ kept|safe }};
const CACHE = "kith-field-{{ mark }}";
const PAGE = KEPT[0];
const PATIENCE = 6000; // so long a page of Kith is waited for on a slow connection

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // Without who is signed in: the page is the same for everybody.
    await cache.addAll(KEPT.map((address) => new Request(address, { credentials: "omit", cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("kith-field-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  const asked = address.pathname + address.search;
  if (KEPT.includes(asked)) {
    event.respondWith(caches.match(asked).then((kept) => kept || fetch(event.request)));
  } else if (event.request.mode === "navigate" && address.pathname === new URL("./", location).pathname) {
    event.respondWith(todayOr(event.request));
  }
});

// The day's page from Kith; without a connection, what was taken along.
async function todayOr(request) {
  const until = new AbortController();
  const timer = setTimeout(() => until.abort(), PATIENCE);
  try {
    const answer = await fetch(request, { signal: until.signal });
    if (answer.status < 500) return answer;
  } catch {
    // No connection, or too slow a one.
  } finally {
    clearTimeout(timer);
  }
  return Response.redirect(PAGE, 302);
}
