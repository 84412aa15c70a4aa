import { Component, useState } from "@odoo/owl";
import { ENDED, findMachine, search, sumVan } from "./model";
import { dayKey, formatDay, formatTime } from "./terms";
import { mapLink, stateLabel } from "./words";

/** The work of the coming days, in the order of the tour. */
export class Tour extends Component {
    static template = "field_intervention_app.Tour";
    static props = { app: Object };
    setup() {
        this.state = useState({ words: "", ended: false });
        Object.assign(this, { formatTime, mapLink, stateLabel });
    }
    get days() {
        const app = this.props.app;
        const rows = app.state.interventions.filter(
            (row) => this.state.ended || !ENDED.includes(row.state)
        );
        const texts = (row) =>
            [
                row.name,
                row.title,
                row.customer,
                row.site.name,
                row.site.city,
                ...row.equipment.map((id) => {
                    const machine = app.equipment.get(id);
                    return machine ? `${machine.product_name} ${machine.serial}` : "";
                }),
            ].join(" ");
        const days = new Map();
        for (const row of search(rows, this.state.words, texts, 500)) {
            const key = dayKey(row.start);
            if (!days.has(key)) {
                days.set(key, { key, label: formatDay(row.start), rows: [] });
            }
            days.get(key).rows.push(row);
        }
        return [...days.values()];
    }
    machines(row) {
        const { equipment } = this.props.app;
        return row.equipment
            .map((id) => equipment.get(id))
            .filter(Boolean)
            .map((machine) => `${machine.product_name} ${machine.serial}`.trim())
            .join(", ");
    }
    /** Our label on a machine, or the maker's with its number, leads to the next visit of it. */
    async scan() {
        const code = await this.props.app.scan();
        if (!code) {
            return;
        }
        const machine = findMachine(this.props.app.equipment, code);
        const visit = this.props.app.state.interventions.find(
            (row) => !ENDED.includes(row.state) && row.equipment.includes(machine?.id)
        );
        if (visit) {
            this.open(visit);
        } else {
            this.state.words = machine?.serial || code;
        }
    }
    /** Parts to take along: how many of them are in the van. */
    parts(row) {
        const planned = row.consumptions.filter((l) => l.kind === "part" && l.state !== "done");
        const held = sumVan(this.props.app.state.van);
        const there = planned.filter((line) => (held.get(line.product) || 0) >= line.quantity);
        return { planned: planned.length, there: there.length };
    }
    open(row) {
        this.props.app.store.markSeen(row.id).then(() => this.props.app.refresh());
        this.props.app.go("job", row.id);
    }
}
