import { device } from "./store";

/** No answer, or none of the server's: the network is not there. */
export class Offline extends Error {}
/** The session is over: the technician signs in again; nothing is lost. */
export class SignedOut extends Error {}
/** The office locked the device out, or the technician has left. */
export class Revoked extends Error {}

const TIMEOUT = 20000;
const PUSH_TIMEOUT = 60000; // a whole batch is worked off, at worst behind those of colleagues
const BATCH = 100;
const UPLOADS = 3; // files on their way at the same time
const LONGEST_WAIT = 20000;
const POLL = 60000;

async function request(url, options, timeout = TIMEOUT) {
    try {
        return await fetch(url, { ...options, signal: AbortSignal.timeout(timeout) });
    } catch (error) {
        throw new Offline(error.message);
    }
}

/** Call a JSON route. An answer that is not JSON is a portal or proxy, not the server. */
export async function call(url, params, timeout) {
    const answer = await request(
        url,
        {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", id: 1, params }),
        },
        timeout
    );
    let data;
    try {
        data = await answer.json();
    } catch {
        throw new Offline(`not JSON (${answer.status})`);
    }
    if (data.error) {
        if (data.error.code === 100) {
            throw new SignedOut();
        }
        throw new Error(data.error.data?.message || data.error.message);
    }
    return data.result;
}

/** Brings what waits to the server and what changed to the device, one tab at a time. */
export class Sync {
    /** @param {Object} app `store`, `onSync(patch)`, `onRevoked()`, `refresh()` */
    constructor(app) {
        this.app = app;
        this.wait = 1000;
        addEventListener("online", () => this.run());
        document.addEventListener("visibilitychange", () => document.hidden || this.run());
        navigator.serviceWorker?.addEventListener(
            "message",
            (event) => event.data === "push" && this.run()
        );
    }

    /** Do something while nothing is sent or received. */
    pause(work) {
        return navigator.locks.request("field-sync", work);
    }

    /** Whether the network is there is said by the request alone, never by the browser. */
    run() {
        return navigator.locks.request("field-sync", async () => {
            clearTimeout(this.timer);
            const { store } = this.app;
            if (!store) {
                return;
            }
            let pause = POLL;
            try {
                await this.pushBlobs(store);
                await this.pushCommands(store);
                await this.pull(store);
                this.wait = 1000;
                this.app.onSync({ net: "online", signedOut: false, error: "" });
            } catch (error) {
                pause = await this.recover(error, store);
            }
            this.timer = setTimeout(() => this.run(), pause * (0.75 + Math.random() / 2));
            await this.app.refresh();
        });
    }

    /** Say what went wrong; return the milliseconds to wait before trying again. */
    async recover(error, store) {
        if (error instanceof SignedOut) {
            await this.askStatus(store);
            this.app.onSync({ net: "online", signedOut: true });
            return POLL;
        }
        if (error instanceof Revoked) {
            await this.app.onRevoked();
            return POLL;
        }
        const offline = error instanceof Offline;
        this.app.onSync({ net: offline ? "offline" : "error", error: offline ? "" : error.message });
        if (offline) {
            const worker = await navigator.serviceWorker?.getRegistration("/field/");
            worker?.sync?.register("field-push").catch(() => {});
        }
        this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
        return this.wait;
    }

    /** Without a session the device still learns that it must forget everything. */
    async askStatus(store) {
        const answer = await call("/field/api/status", { device: device.id, uid: store.uid }).catch(
            () => ({})
        );
        if (answer.revoked) {
            await this.app.onRevoked();
        }
    }

    async ask(store, route, params = {}, timeout) {
        const sender = { device: device.id, uid: store.uid };
        const answer = await call(`/field/api/${route}`, { ...sender, ...params }, timeout);
        if (answer.error === "revoked" || answer.error === "no_technician") {
            throw new Revoked();
        }
        if (answer.error === "wrong_user") {
            throw new SignedOut();
        }
        if (answer.error) {
            throw new Error(answer.error);
        }
        return answer;
    }

    async pushBlobs(store) {
        const waiting = await store.unsentBlobs();
        const work = async () => {
            while (waiting.length) {
                await this.pushBlob(store, waiting.shift());
            }
        };
        const done = await Promise.allSettled(Array.from({ length: UPLOADS }, work));
        const failed = done.find((one) => one.reason);
        if (failed) {
            throw failed.reason;
        }
    }

    async pushBlob(store, blob) {
        const answer = await request(`/field/api/blob/${blob.uuid}`, {
            method: "POST",
            headers: {
                "X-Field-Device": device.id,
                "X-Field-User": String(store.uid),
                "Content-Type": blob.blob.type,
            },
            body: blob.blob,
            redirect: "manual", // a session that is over is answered by a redirection
        });
        if (answer.type === "opaqueredirect" || answer.status === 403) {
            throw new SignedOut();
        }
        if (!answer.ok) {
            throw new Offline(`file ${answer.status}`);
        }
        await store.markSent(blob);
    }

    async pushCommands(store) {
        const stuck = new Set();
        for (;;) {
            const outbox = await store.all("outbox");
            const batch = outbox.filter((c) => !stuck.has(c.chain)).slice(0, BATCH);
            if (!batch.length) {
                return;
            }
            const answered = await this.push(store, batch);
            // tried again at the next run; until then it holds its own chain only
            answered
                .filter(([, answer]) => answer.verdict === "retry")
                .forEach(([command]) => stuck.add(command.chain));
            await store.settle(answered);
        }
    }

    /** Send some commands; return `[command, answer]` of each. */
    async push(store, batch) {
        const { api_version } = odoo.field;
        const commands = batch.map(({ uuid, seq, kind, chain, payload }) => ({
            uuid,
            seq,
            kind,
            chain,
            payload,
        }));
        this.app.onSync({ sent: new Set(batch.map((command) => command.uuid)) });
        const { results } = await this.ask(
            store,
            "push",
            { api_version, commands },
            PUSH_TIMEOUT
        ).finally(() => this.app.onSync({ sent: new Set() }));
        const answers = new Map(results.map((answer) => [answer.uuid, answer]));
        return batch.map((command) => [command, answers.get(command.uuid)]);
    }

    async pull(store) {
        const waiting = await store.db.count("outbox");
        const token = await store.get("token");
        const version = odoo.field.version;
        await store.applyPull(await this.ask(store, "pull", { token, waiting, version }));
        // names come in the technician's language: in another one all of them come again
        const { lang } = await store.get("me");
        const since = (await store.get("catalogueLang")) === lang ? await store.get("catalogue") : null;
        await store.applyCatalogue(await this.ask(store, "catalogue", { since }), lang);
    }
}
