import { Component, onError, useState } from "@odoo/owl";

/** Keeps an error of one screen from taking the whole app away: what was entered is on the device. */
export class Guard extends Component {
    static template = "field_intervention_app.Guard";
    static props = { home: Function, slots: Object };
    setup() {
        this.state = useState({ error: "" });
        onError((error) => {
            this.state.error = (error.cause || error).message;
        });
    }
    reload() {
        location.reload();
    }
}
