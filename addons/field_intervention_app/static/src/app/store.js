/* global idb */
// One database for each user: whoever signs in on the device, the work of another is neither shown
// nor sent.
const PULLED = ["interventions", "equipment", "models", "van"];
const STRICT = { durability: "strict" };
const DAY = 86400000;

export const newUuid = () => crypto.randomUUID();

export class Store {
    static async open(uid) {
        const store = new Store();
        store.uid = uid;
        await store.connect();
        return store;
    }

    async connect() {
        this.db = await idb.openDB(`field-${this.uid}`, 1, {
            upgrade(db) {
                db.createObjectStore("meta");
                for (const name of PULLED) {
                    db.createObjectStore(name, { keyPath: "id" });
                }
                db.createObjectStore("parts", { keyPath: "id" });
                db.createObjectStore("stock", { keyPath: "id" });
                const outbox = db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
                outbox.createIndex("uuid", "uuid", { unique: true });
                db.createObjectStore("blobs", { keyPath: "uuid" });
                db.createObjectStore("journal", { keyPath: "uuid" });
            },
            blocking: () => this.db.close(),
            // iOS ends connections in the background
            terminated: () => this.connect(),
        });
    }

    all(name) {
        return this.db.getAll(name);
    }

    get(key) {
        return this.db.get("meta", key);
    }

    /** Everything that the server said, or nothing of it. */
    async applyPull(answer) {
        const tx = this.db.transaction([...PULLED, "meta", "journal"], "readwrite");
        const entries = await tx.objectStore("journal").getAll();
        // what changed by our own work is no news
        const own = new Set(entries.filter((e) => e.fresh).map((e) => e.payload.intervention));
        for (const name of PULLED) {
            const rows = tx.objectStore(name);
            for (const row of answer.changed[name]) {
                const before = await rows.get(row.id);
                const news = before && before.news !== "new" ? "changed" : "new";
                rows.put({ ...row, news: own.has(row.id) ? "" : news });
            }
            for (const key of answer.deleted[name]) {
                rows.delete(name === "interventions" ? key : Number(key));
            }
        }
        // what was applied is in these rows now
        const journal = tx.objectStore("journal");
        for (const entry of entries) {
            if (entry.fresh) {
                journal.put({ ...entry, fresh: false });
            } else if (entry.verdict === "applied" && Date.now() - entry.settled > 30 * DAY) {
                journal.delete(entry.uuid);
            }
        }
        const meta = tx.objectStore("meta");
        meta.put(answer.token, "token");
        meta.put(answer.me, "me");
        meta.put(Date.now(), "contact");
        await tx.done;
    }

    async applyCatalogue(answer, lang) {
        const tx = this.db.transaction(["parts", "stock", "meta"], "readwrite");
        const parts = tx.objectStore("parts");
        const stock = tx.objectStore("stock");
        if (answer.full) {
            parts.clear();
            stock.clear();
        }
        for (const [id, code, name, barcode, unit, tracking, kind, stocked] of answer.parts) {
            parts.put({ id, code, name, barcode, unit, tracking, kind, stocked });
        }
        answer.gone.forEach((id) => parts.delete(id));
        answer.stock.forEach(([id, quantity]) => stock.put({ id, quantity }));
        tx.objectStore("meta").put(answer.time, "catalogue");
        if (answer.full || answer.parts.length || answer.gone.length || answer.stock.length) {
            tx.objectStore("meta").put(answer.time, "catalogueChange");
        }
        tx.objectStore("meta").put(lang, "catalogueLang");
        await tx.done;
    }

    /** Keep a command and its file: both or none. */
    async enqueue(command, blob) {
        const tx = this.db.transaction(["outbox", "blobs"], "readwrite", STRICT);
        if (blob) {
            tx.objectStore("blobs").put({ uuid: command.payload.blob, blob, sent: false });
        }
        tx.objectStore("outbox").add({ uuid: newUuid(), at: new Date().toISOString(), ...command });
        await tx.done;
    }

    /**
     * A command leaves the outbox only with a final verdict; all that one answer says is kept, or
     * nothing of it.
     *
     * @param {Array} answered `[command, answer]`
     */
    async settle(answered) {
        const tx = this.db.transaction(["outbox", "journal", "blobs"], "readwrite", STRICT);
        const [outbox, journal, blobs] = ["outbox", "journal", "blobs"].map((n) => tx.objectStore(n));
        for (const [command, { verdict, message, review }] of answered) {
            if (verdict === "retry") {
                outbox.put({ ...command, message });
                continue;
            }
            outbox.delete(command.seq);
            const fresh = verdict === "applied";
            journal.put({ ...command, verdict, message, review, fresh, settled: Date.now() });
            if (command.payload.blob) {
                blobs.delete(command.payload.blob);
            }
        }
        await tx.done;
    }

    async dismiss(uuid) {
        await this.db.delete("journal", uuid);
    }

    async markSeen(id) {
        const row = await this.db.get("interventions", id);
        if (row?.news) {
            await this.db.put("interventions", { ...row, news: "" });
        }
    }

    async unsentBlobs() {
        return (await this.all("blobs")).filter((blob) => !blob.sent);
    }

    async markSent(blob) {
        await this.db.put("blobs", { ...blob, sent: true });
    }

    /** Forget everything of this user on this device. */
    async wipe() {
        this.db.close();
        await idb.deleteDB(`field-${this.uid}`);
        await caches.delete("field-docs");
    }
}

/**
 * What must be known before the database of a user is open: the name of the device, and who works
 * with it. Not in localStorage, which loses what was written just before the battery was empty.
 */
export const device = { id: null, user: null };

async function openDevice() {
    return idb.openDB("field-device", 1, { upgrade: (db) => db.createObjectStore("meta") });
}

export async function loadDevice() {
    const db = await openDevice();
    const known = await db.get("meta", "device");
    db.close();
    Object.assign(device, known);
    if (!device.id) {
        await saveDevice({ id: newUuid() });
    }
}

export async function saveDevice(values) {
    Object.assign(device, values);
    const db = await openDevice();
    const tx = db.transaction("meta", "readwrite", STRICT);
    tx.store.put({ id: device.id, user: device.user }, "device");
    await tx.done;
    db.close();
}
