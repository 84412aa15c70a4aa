import { Component, useState } from "@odoo/owl";
import { ENDED, findMachine, isUndone, search, sumVan } from "./model";
import { _t, dayKey, formatDay, formatTime } from "./terms";
import { mapLink, stateLabel } from "./words";

const DAY = 86400000;

/** The work of the coming days, in the order of the tour. */
export class Tour extends Component {
    static template = "field_intervention_app.Tour";
    static props = { app: Object };
    setup() {
        this.state = useState({ words: "", ended: false, span: null });
        Object.assign(this, { formatTime, mapLink, stateLabel });
    }
    /** How many days of work are shown, all of them unless one is chosen. */
    get spans() {
        return [
            { days: 1, label: _t("Today") },
            { days: 7, label: _t("Week") },
        ];
    }
    toggleSpan(days) {
        this.state.span = this.state.span === days ? null : days;
    }
    get days() {
        const app = this.props.app;
        const { ended, span } = this.state;
        const last = span && dayKey(new Date(Date.now() + (span - 1) * DAY).toISOString());
        const rows = app.state.interventions.filter(
            (row) =>
                (ended || !ENDED.includes(row.state)) && (!last || dayKey(row.start) <= last)
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
        const planned = row.consumptions.filter((l) => l.kind === "part" && isUndone(l));
        const held = sumVan(this.props.app.state.van);
        const there = planned.filter((line) => (held.get(line.product) || 0) >= line.quantity);
        return { planned: planned.length, there: there.length };
    }
    open(row) {
        this.props.app.store.markSeen(row.id).then(() => this.props.app.refresh());
        this.props.app.go("job", row.id);
    }
}
