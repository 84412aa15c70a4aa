import { Component, useState } from "@odoo/owl";
import { parseNumber, search, sumVan } from "./model";
import { PartSheet } from "./sheets";
import { _t, formatDate, formatNumber } from "./terms";

/** The van, what the central stock holds, and the count. */
export class Stock extends Component {
    static template = "field_intervention_app.Stock";
    static components = { PartSheet };
    static props = { app: Object };
    setup() {
        this.state = useState({
            tab: "van",
            words: "",
            machine: "",
            counting: false,
            counted: {},
            found: [],
            adding: false,
        });
        Object.assign(this, { formatNumber, formatDate });
        this.scanPart = () => this.props.app.scan();
        this.closeParts = () => (this.state.adding = false);
        this.choosePart = (part) => this.chooseFound(part);
    }
    get tabs() {
        return [
            { name: "van", label: _t("My Van") },
            { name: "parts", label: _t("All Parts") },
        ];
    }
    get van() {
        const app = this.props.app;
        const names = new Map(app.parts.map((part) => [part.id, part]));
        const rows = [...app.state.van, ...this.state.found].map((row) => ({ ...row, part: names.get(row.product) || { name: row.product, code: "" } }));
        return search(rows, this.state.words, (row) => `${row.part.code} ${row.part.name} ${row.part.barcode} ${row.number} ${row.place}`, 500);
    }
    /** The kinds of machines of the coming visits, of which a service BOM tells the parts. */
    get machines() {
        const { equipment, models } = this.props.app;
        const kinds = new Map();
        for (const { product, product_name: name } of equipment.values()) {
            if (models.get(product)?.length) {
                kinds.set(product, { id: String(product), name });
            }
        }
        return [...kinds.values()].sort((a, b) => a.name.localeCompare(b.name));
    }
    get parts() {
        const { parts, models } = this.props.app;
        const { machine, words } = this.state;
        const listed = new Set(models.get(Number(machine)));
        const shown = machine ? parts.filter((part) => listed.has(part.id)) : parts;
        return search(shown, words, (p) => `${p.code} ${p.name} ${p.barcode}`);
    }
    get syncTime() {
        const { contact } = this.props.app.state;
        return contact ? formatDate(new Date(contact).toISOString()) : "";
    }
    get countable() {
        return this.props.app.parts.filter((part) => ["part", "machine"].includes(part.kind));
    }
    inVan(part) {
        return sumVan(this.props.app.state.van).get(part.id) || 0;
    }
    addFound() {
        this.state.adding = true;
    }
    /** A part lay in the van that the stock does not know there. */
    chooseFound(part) {
        const fresh = { id: `found-${this.state.found.length}`, product: part.id, number: "", quantity: 0, place: "", isFound: true };
        this.state.found.push(fresh);
        this.state.adding = false;
    }
    setNumber(row, ev) {
        this.state.found.find((found) => found.id === row.id).number = ev.target.value.trim();
    }
    async scan() {
        const code = await this.props.app.scan();
        if (code) {
            this.state.words = code;
        }
    }
    setCount(row, ev) {
        this.state.counted[row.id] = ev.target.value;
    }
    async sendCount() {
        const rows = [...this.props.app.state.van, ...this.state.found];
        const counted = rows.filter((row) => parseNumber(this.state.counted[row.id]) >= 0);
        if (counted.length) {
            const lines = counted.map((row) => ({
                product: row.product,
                quantity: parseNumber(this.state.counted[row.id]),
                ...(row.location ? { location: row.location } : {}),
                ...(row.number ? { number: row.number } : {}),
            }));
            const marks = Object.fromEntries(counted.map((row, n) => [row.id, lines[n].quantity]));
            await this.props.app.record({ kind: "count", payload: { lines }, marks });
        }
        this.stopCount();
    }
    stopCount() {
        Object.assign(this.state, { counting: false, counted: {}, found: [] });
    }
}
