import { Component, useState } from "@odoo/owl";
import { useAutofocus } from "@web/core/utils/hooks";
import { Dialog } from "@web/core/dialog/dialog";

/** The plan was refused: leave it, or say why it is right all the same. */
export class ConflictDialog extends Component {
    static template = "field_intervention.ConflictDialog";
    static components = { Dialog };
    static props = { message: String, reason: String, force: Function, close: Function };

    setup() {
        useAutofocus();
        this.state = useState({ reason: this.props.reason });
    }

    async force() {
        const reason = this.state.reason.trim();
        if (reason) {
            this.props.close();
            await this.props.force(reason);
        }
    }
}
