import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { Candidates } from "./candidates";

export class CandidatesDialog extends Component {
    static template = "field_intervention.CandidatesDialog";
    static components = { Dialog, Candidates };
    static props = {
        interventionId: Number,
        start: { type: Object, optional: true },
        onPlanned: Function,
        close: Function,
    };

    async finish() {
        this.props.close();
        await this.props.onPlanned();
    }
}
