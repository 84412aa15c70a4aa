import { Component, onWillStart, useState } from "@odoo/owl";
import { Account } from "./account";
import { Guard } from "./guard";
import { Job } from "./job";
import { needsLook, overlay, overlayMe, overlayVan } from "./model";
import { Outbox } from "./outbox";
import { ScanSheet, Sheet } from "./sheets";
import { Stock } from "./stock";
import { Store, device, saveDevice } from "./store";
import { Offline, Sync, call } from "./sync";
import { _t, isOtherLanguage } from "./terms";
import { Tour } from "./tour";

const DAY = 86400000;
const SCREENS = ["tour", "stock", "outbox", "account"];

/** The whole app: who works with it, what it knows, which screen is shown. */
export class FieldApp extends Component {
    static template = "field_intervention_app.FieldApp";
    static components = { Account, Guard, Job, Outbox, ScanSheet, Sheet, Stock, Tour };
    static props = {};

    setup() {
        this.state = useState({
            user: device.user,
            me: {},
            net: "", // not known before the first attempt
            error: "",
            signedOut: false,
            wiped: false,
            locked: false,
            update: false,
            contact: 0,
            screen: "tour",
            id: null,
            interventions: [],
            van: [],
            outbox: [],
            sent: new Set(),
            journal: [],
            scanning: null,
            login: { name: "", password: "", error: "", busy: false },
        });
        // large and never changed by a screen: not worth watching
        this.equipment = new Map();
        this.models = new Map();
        this.parts = [];
        this.partsVersion = null;
        this.device = device;
        this.sync = new Sync(this);
        addEventListener("popstate", () => this.readAddress());
        // what was held back while somebody typed
        addEventListener("focusout", () => setTimeout(() => this.stale && this.refresh()));
        onWillStart(async () => {
            this.readAddress();
            if (this.state.user) {
                await this.openStore();
            }
            this.state.user ? this.sync.run() : this.adoptSession();
        });
        this.goHome = () => this.go("tour");
        window.fieldApp = this;
    }

    // ------------------------------------------------------------ where
    readAddress() {
        const [screen, id] = location.pathname.split("/").slice(2);
        const known = screen === "job" || SCREENS.includes(screen);
        Object.assign(this.state, { screen: known ? screen : "tour", id: id || null });
    }
    go(screen, id = null) {
        history.pushState({}, "", ["/field", screen, id].filter(Boolean).join("/"));
        this.readAddress();
        scrollTo(0, 0);
    }
    get title() {
        return this.state.user ? this.state.user.name : _t("After-Sales");
    }
    get tabs() {
        return [
            { name: "tour", label: _t("My Tour"), icon: "fa-map-o" },
            { name: "stock", label: _t("Stock"), icon: "fa-cubes" },
            { name: "outbox", label: _t("Outbox"), icon: "fa-paper-plane-o" },
            { name: "account", label: _t("Device"), icon: "fa-mobile" },
        ];
    }
    get job() {
        return this.state.interventions.find((row) => row.id === this.state.id);
    }
    get attention() {
        return this.state.journal.filter(needsLook);
    }

    // ------------------------------------------------------------ who
    async openStore() {
        this.store = await Store.open(this.state.user.uid);
        await this.refresh();
    }
    /** A session that the server's own pages opened, e.g. with a second factor. */
    async adoptSession() {
        try {
            const session = await call("/web/session/get_session_info", {});
            if (session.uid) {
                await this.enter(session.uid, session.name);
            }
        } catch {
            // nobody is signed in, or there is no network: the form is shown
        }
    }
    async signIn() {
        const { login } = this.state;
        Object.assign(login, { error: "", busy: true });
        try {
            const answer = await call("/web/session/authenticate", {
                db: odoo.field.db,
                login: login.name,
                password: login.password,
            });
            login.password = "";
            if (!answer.uid) {
                location.href = "/web/login?redirect=/field/"; // a second factor is asked there
                return;
            }
            await this.enter(answer.uid, answer.name);
        } catch (error) {
            login.error =
                error instanceof Offline ? _t("There is no network.") : _t("Wrong login or password.");
        } finally {
            login.busy = false;
        }
    }
    async enter(uid, name) {
        if (this.state.user?.uid !== uid) {
            await this.sync.pause(async () => {
                this.store?.db.close();
                this.clear();
                this.state.user = { uid, name };
                await saveDevice({ user: { uid, name } });
                await this.openStore();
            });
        }
        Object.assign(this.state, { signedOut: false, wiped: false });
        await this.sync.run();
    }
    async signOut() {
        if (this.state.outbox.length) {
            return; // nothing that was done is ever thrown away
        }
        await call("/web/session/destroy", {}).catch(() => {});
        await this.sync.pause(() => this.forget());
    }
    /** The office revoked the device, or the technician has left. */
    async onRevoked() {
        await this.forget();
        this.state.wiped = true;
    }
    async forget() {
        await this.store?.wipe();
        await saveDevice({ user: null });
        this.clear();
        Object.assign(this.state, { user: null, signedOut: false });
        this.go("tour");
    }
    /** Nothing of one user is shown to the next one. */
    clear() {
        this.store = null;
        Object.assign(this.state, { me: {}, interventions: [], van: [], outbox: [], journal: [] });
        this.equipment = new Map();
        this.models = new Map();
        this.parts = [];
        this.partsVersion = null;
    }

    // ------------------------------------------------------------ what
    onSync(patch) {
        Object.assign(this.state, patch);
    }
    async refresh() {
        const { store } = this;
        // drawing a text anew would lose what is being typed into it
        this.stale = document.activeElement?.matches(".job textarea, input.measure, input.count");
        if (!store || this.stale) {
            return;
        }
        const [rows, equipment, models, van, outbox, journal, me, contact] = await Promise.all([
            store.all("interventions"),
            store.all("equipment"),
            store.all("models"),
            store.all("van"),
            store.all("outbox"),
            store.all("journal"),
            store.get("me"),
            store.get("contact"),
        ]);
        this.equipment = new Map(equipment.map((machine) => [machine.id, machine]));
        this.models = new Map(models.map((model) => [model.id, model.parts]));
        await this.loadParts(store);
        const fresh = journal.filter((entry) => entry.fresh).sort((a, b) => a.seq - b.seq);
        const pending = [...fresh, ...outbox];
        const limit = (me?.lock_days || 0) * DAY;
        Object.assign(this.state, {
            interventions: overlay(rows, pending),
            van: overlayVan(van, pending),
            outbox,
            journal: journal.sort((a, b) => b.settled - a.settled || b.seq - a.seq),
            me: overlayMe(me || {}, pending),
            contact: contact || 0,
            locked: !!limit && !!contact && Date.now() - contact > limit,
        });
        this.render(true); // the screens read what they show from here
        if (me?.lang && device.user && device.user.lang !== me.lang) {
            await saveDevice({ user: { ...device.user, lang: me.lang } });
            if (isOtherLanguage(me.lang)) {
                location.reload(); // the screens were made in the other one
            }
        }
    }
    /** The catalogue is large: it is read again only when it changed. */
    async loadParts(store) {
        const version = await store.get("catalogueChange");
        if (version === this.partsVersion) {
            return;
        }
        const [parts, stock] = await Promise.all([store.all("parts"), store.all("stock")]);
        const held = new Map(stock.map((row) => [row.id, row.quantity]));
        this.parts = parts.map((part) => ({ ...part, central: held.get(part.id) || 0 }));
        this.partsVersion = version;
    }
    getPart(id) {
        return this.parts.find((part) => part.id === id);
    }
    /**
     * Keep something that the technician did, show it, and send it when the network is there.
     *
     * @param {Object} command `kind`, `payload`, and what only the device needs
     * @param {Blob} [blob] its file
     */
    async record(command, blob) {
        const chain = command.payload.intervention || (command.kind === "count" ? "van" : "me");
        await this.store.enqueue({ chain, ...command }, blob);
        await this.refresh();
        this.sync.run();
    }
    /** A code read by the camera, or typed; null when it was given up. */
    scan() {
        return new Promise((resolve) => {
            this.state.scanning = {
                found: (code) => resolve(code),
                close: () => {
                    this.state.scanning = null;
                    resolve(null);
                },
            };
        });
    }
    async applyUpdate() {
        const worker = await navigator.serviceWorker.getRegistration("/field/");
        worker?.waiting?.postMessage("skip-waiting");
    }
    get netLabel() {
        if (this.state.net === "online") {
            return _t("Online");
        }
        return this.state.net === "error" ? _t("Server error") : _t("No network");
    }
}
