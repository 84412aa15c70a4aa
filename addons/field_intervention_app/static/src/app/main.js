import { App, whenReady } from "@odoo/owl";
import { getTemplate } from "@web/core/templates";
import { FieldApp } from "./field_app";
import { device, loadDevice } from "./store";
import { _t, loadTerms } from "./terms";

async function start() {
    if (!isSecureContext) {
        await loadTerms();
        await whenReady();
        document.body.textContent = _t(
            "This address is not secure (https): the app cannot work without a network."
        );
        return;
    }
    await loadDevice();
    await Promise.all([whenReady(), loadTerms(device.user?.lang)]);
    const app = new App(FieldApp, {
        getTemplate,
        translateFn: (term) => _t(term),
        translatableAttributes: ["title", "placeholder", "aria-label", "alt"],
    });
    const root = await app.mount(document.body);
    performance.mark("field-ready");
    keepOnDevice(root);
}

/** The worker keeps the app; a new version waits until the technician agrees. */
async function keepOnDevice(root) {
    navigator.storage?.persist?.();
    const workers = navigator.serviceWorker;
    let controlled = !!workers.controller;
    workers.addEventListener("controllerchange", () => {
        if (controlled) {
            location.reload();
        }
        controlled = true; // the first worker takes over a page that is up to date
    });
    const worker = await workers.register("/field/service-worker.js", { scope: "/field/" });
    const offer = () => (root.state.update = !!(worker.waiting && workers.controller));
    offer();
    worker.addEventListener("updatefound", () =>
        worker.installing.addEventListener("statechange", offer)
    );
    addEventListener("online", () => worker.update().catch(() => {}));
}

start();
