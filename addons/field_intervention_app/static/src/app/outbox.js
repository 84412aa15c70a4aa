import { Component } from "@odoo/owl";
import { needsLook } from "./model";
import { formatDate } from "./terms";
import { describeEntry, kindLabel, verdictAdvice } from "./words";

/** What waits, what was accepted, and what needs the technician. */
export class Outbox extends Component {
    static template = "field_intervention_app.Outbox";
    static props = { app: Object };
    setup() {
        Object.assign(this, { formatDate, kindLabel, verdictAdvice });
    }
    get accepted() {
        return this.props.app.state.journal.filter((e) => !needsLook(e)).slice(0, 50);
    }
    where(entry) {
        const row = this.props.app.state.interventions.find((r) => r.id === entry.payload.intervention);
        return row ? `${row.name} ${row.customer}`.trim() : "";
    }
    describe(entry) {
        const { app } = this.props;
        const row = app.state.interventions.find((r) => r.id === entry.payload.intervention);
        return describeEntry(entry, row, (id) => app.getPart(id)?.name || "");
    }
    async dismiss(entry) {
        await this.props.app.store.dismiss(entry.uuid);
        await this.props.app.refresh();
    }
}
