import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Candidates } from "./candidates";

/** « Who Can Go? » of the form: closes and reads the form again. */
class CandidatesAction extends Component {
    static template = "field_intervention.CandidatesAction";
    static components = { Candidates };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
    }

    finish() {
        return this.action.doAction({ type: "ir.actions.act_window_close" });
    }
}

registry.category("actions").add("field_intervention.candidates", CandidatesAction);
