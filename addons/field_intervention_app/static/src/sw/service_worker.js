// @odoo-module ignore
// Keeps the app on the device. The server fills in the two constants: any change of what is kept
// changes this file, which makes the browser install the new worker beside the old one.
const VERSION = "__VERSION__";
const PRECACHE = ["__PRECACHE__"];
const CACHE = `field-app-${VERSION}`;
const DOCUMENTS = "field-docs";
const SHELL = "/field/";

self.addEventListener("install", (event) => {
    // all or nothing: a worker without all of its files never takes over
    const requests = PRECACHE.map((url) => new Request(url, { cache: "reload" }));
    event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

self.addEventListener("activate", (event) => {
    event.waitUntil(
        (async () => {
            for (const key of await caches.keys()) {
                if (key.startsWith("field-app-") && key !== CACHE) {
                    await caches.delete(key);
                }
            }
            await self.clients.claim();
        })()
    );
});

async function answer(request, pathname) {
    const cache = await caches.open(CACHE);
    if (request.mode === "navigate") {
        return (await cache.match(SHELL)) || fetch(request);
    }
    if (pathname.startsWith("/field/api/document/")) {
        const kept = await (await caches.open(DOCUMENTS)).match(request);
        return kept || fetch(request);
    }
    return (await cache.match(request)) || fetch(request);
}

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    // what is sent never passes through here: the outbox looks after its failures
    if (request.method === "GET" && url.origin === self.location.origin) {
        event.respondWith(answer(request, url.pathname));
    }
});

self.addEventListener("message", (event) => {
    // the page asks for it, so that the app never changes under a form that is being filled in
    if (event.data === "skip-waiting") {
        self.skipWaiting();
    }
});

// a hint that some browsers give once the network is back
self.addEventListener("sync", (event) => {
    if (event.tag === "field-push") {
        event.waitUntil(
            self.clients.matchAll().then((pages) => pages.forEach((page) => page.postMessage("push")))
        );
    }
});
