import { Component, xml } from "@odoo/owl";
import { reloadUnlessTyping } from "@installed_base/core/reload";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useLiveInterventions } from "./live_interventions";

/** Reads the form again when the intervention, or one of the request, takes a step. */
export class LiveRecord extends Component {
    static template = xml`<span class="d-none" />`;
    static props = { ...standardWidgetProps };

    setup() {
        useLiveInterventions((messages) => this.refresh(messages));
    }

    refresh(messages) {
        const { record } = this.props;
        const name = record.resModel === "service.request" ? "request_ids" : "ids";
        const isMine = messages.some(
            (message) => !message.ids.length || message[name].includes(record.resId)
        );
        if (isMine) {
            reloadUnlessTyping(this, record);
        }
    }
}

registry.category("view_widgets").add("service_live", { component: LiveRecord });
