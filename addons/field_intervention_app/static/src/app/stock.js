import { Component, useState } from "@odoo/owl";
import { search } from "./model";
import { _t, formatDate, formatNumber } from "./terms";

/** The van, what the central stock holds, and the count. */
export class Stock extends Component {
    static template = "field_intervention_app.Stock";
    static props = { app: Object };
    setup() {
        this.state = useState({ tab: "van", words: "", counting: false, counted: {} });
        Object.assign(this, { formatNumber, formatDate });
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
        const rows = app.state.van.map((row) => ({ ...row, part: names.get(row.product) || { name: row.product, code: "" } }));
        return search(rows, this.state.words, (row) => `${row.part.code} ${row.part.name} ${row.number} ${row.place}`, 500);
    }
    get parts() {
        return search(this.props.app.parts, this.state.words, (p) => `${p.code} ${p.name} ${p.barcode}`);
    }
    get syncTime() {
        const { contact } = this.props.app.state;
        return contact ? formatDate(new Date(contact).toISOString()) : "";
    }
    inVan(part) {
        return this.props.app.state.van
            .filter((row) => row.product === part.id)
            .reduce((sum, row) => sum + row.quantity, 0);
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
        const lines = this.props.app.state.van
            .filter((row) => String(this.state.counted[row.id] ?? "").trim() !== "")
            .map((row) => ({
                product: row.product,
                quantity: Number(String(this.state.counted[row.id]).replace(",", ".")),
                ...(row.location ? { location: row.location } : {}),
                ...(row.number ? { number: row.number } : {}),
            }))
            .filter((line) => line.quantity >= 0);
        if (lines.length) {
            await this.props.app.record({ kind: "count", payload: { lines } });
        }
        Object.assign(this.state, { counting: false, counted: {} });
    }
}
