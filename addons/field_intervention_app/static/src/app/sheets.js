/* global SignaturePad */
import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { makeDetector } from "./media";
import { parseNumber, search, sumVan } from "./model";
import { _t } from "./terms";

/** A panel that slides up from below, in reach of the thumb. */
export class Sheet extends Component {
    static template = "field_intervention_app.Sheet";
    static props = { title: String, close: Function, slots: Object };
}

/** Asks for some values: text, number, choice, or a number that may be scanned. */
export class FormSheet extends Component {
    static template = "field_intervention_app.FormSheet";
    static components = { Sheet };
    static props = {
        title: String,
        fields: Array,
        confirm: Function,
        close: Function,
        hint: { type: String, optional: true },
        judge: { type: Function, optional: true },
        scan: { type: Function, optional: true },
    };
    setup() {
        const values = Object.fromEntries(this.props.fields.map((f) => [f.name, f.value ?? ""]));
        this.state = useState({ values, warning: "" });
    }
    get complete() {
        return this.props.fields.every((field) => {
            const text = String(this.state.values[field.name]).trim();
            const isNumber = field.type !== "number" || !Number.isNaN(parseNumber(text));
            return text ? isNumber : !field.required;
        });
    }
    async scan(field) {
        const code = await this.props.scan();
        if (code) {
            this.state.values[field.name] = code;
        }
    }
    /** What is strange is said once; confirming again keeps it. */
    confirm() {
        const warning = this.props.judge?.(this.state.values) || "";
        if (warning && warning !== this.state.warning) {
            this.state.warning = warning;
            return;
        }
        this.props.confirm(this.state.values);
        this.props.close();
    }
}

/** Chooses a product by code, name, number or scan. */
export class PartSheet extends Component {
    static template = "field_intervention_app.PartSheet";
    static components = { Sheet };
    static props = {
        title: String,
        parts: Array,
        van: Array,
        preferred: { type: Array, optional: true },
        choose: Function,
        close: Function,
        scan: { type: Function, optional: true },
    };
    setup() {
        this.state = useState({ words: "" });
        this.held = sumVan(this.props.van);
        this.numbers = new Map();
        for (const { product, number } of this.props.van) {
            this.numbers.set(product, `${this.numbers.get(product) || ""} ${number}`);
        }
        // the parts of the machine first, then those in the van, then the rest
        const preferred = new Set(this.props.preferred || []);
        const rank = (part) => (preferred.has(part.id) ? 0 : this.held.has(part.id) ? 1 : 2);
        this.parts = [...this.props.parts].sort((a, b) => rank(a) - rank(b));
        this.preferred = preferred;
    }
    get found() {
        return search(this.parts, this.state.words, (p) => `${p.code} ${p.name} ${p.barcode} ${this.numbers.get(p.id) || ""}`, 40);
    }
    choose(part) {
        this.props.close();
        this.props.choose(part);
    }
    async scan() {
        const code = await this.props.scan();
        if (code) {
            const part = this.parts.find((p) => p.barcode === code || p.code === code);
            part ? this.choose(part) : (this.state.words = code);
        }
    }
}

export class SignatureSheet extends Component {
    static template = "field_intervention_app.SignatureSheet";
    static components = { Sheet };
    static props = { name: String, lines: Array, confirm: Function, close: Function };
    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ name: this.props.name, empty: true });
        onMounted(() => {
            const element = this.canvas.el;
            element.width = element.clientWidth;
            element.height = element.clientHeight;
            this.pad = new SignaturePad(element, { backgroundColor: "#ffffff" });
            this.pad.addEventListener("endStroke", () => (this.state.empty = this.pad.isEmpty()));
        });
        onWillUnmount(() => this.pad.off());
    }
    clear() {
        this.pad.clear();
        this.state.empty = true;
    }
    async confirm() {
        const blob = await new Promise((resolve) => this.canvas.el.toBlob(resolve, "image/png"));
        this.props.confirm(blob, this.state.name);
        this.props.close();
    }
}

export class ScanSheet extends Component {
    static template = "field_intervention_app.ScanSheet";
    static components = { Sheet };
    static props = { found: Function, close: Function };
    setup() {
        this.video = useRef("video");
        this.state = useState({ error: "", typed: "" });
        this.stopped = false;
        onMounted(() => this.start());
        onWillUnmount(() => this.stop());
    }
    async start() {
        try {
            const [detector, stream] = await Promise.all([
                makeDetector(),
                navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }),
            ]);
            this.stream = stream;
            this.video.el.srcObject = stream;
            await this.video.el.play();
            this.look(detector);
        } catch {
            this.state.error = _t("The camera cannot be used: type the number instead.");
        }
    }
    async look(detector) {
        while (!this.stopped) {
            const codes = await detector.detect(this.video.el).catch(() => []);
            if (codes.length) {
                this.finish(codes[0].rawValue);
                return;
            }
            await new Promise((resolve) => setTimeout(resolve, 150));
        }
    }
    finish(code) {
        this.stop();
        this.props.found(code);
        this.props.close();
    }
    stop() {
        this.stopped = true;
        this.stream?.getTracks().forEach((track) => track.stop());
    }
}
