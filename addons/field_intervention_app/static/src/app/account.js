import { Component, onWillStart, useState } from "@odoo/owl";
import { _t, formatDate, formatNumber } from "./terms";

/** Who works with the device, its storage, and signing out. */
export class Account extends Component {
    static template = "field_intervention_app.Account";
    static props = { app: Object };
    setup() {
        this.state = useState({ used: 0, quota: 0, persisted: false, refused: "" });
        this.formatNumber = formatNumber;
        this.version = odoo.field.version;
        onWillStart(async () => {
            const estimate = (await navigator.storage?.estimate?.()) || {};
            this.state.used = (estimate.usage || 0) / 1e6;
            this.state.quota = (estimate.quota || 0) / 1e9;
            this.state.persisted = !!(await navigator.storage?.persisted?.());
        });
    }
    get contact() {
        const { contact } = this.props.app.state;
        return contact ? formatDate(new Date(contact).toISOString()) : "–";
    }
    allowPosition(agrees) {
        this.props.app.record({ kind: "consent", payload: { agrees } });
    }
    signOut() {
        const waiting = this.props.app.state.outbox.length;
        if (waiting) {
            this.state.refused = _t(
                "%(waiting)s entries are not sent yet: connect to the network first, then sign out.",
                { waiting }
            );
        } else {
            this.props.app.signOut();
        }
    }
}
