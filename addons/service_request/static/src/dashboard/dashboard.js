import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatFloat } from "@web/core/utils/numbers";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

/** Figures in sections; each one opens the list that it counts. */
export class ServiceDashboard extends Component {
    static template = "service_request.Dashboard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ sections: [] });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.sections = await this.orm.call("service.request", "get_dashboard", []);
    }

    format(value) {
        return formatFloat(value, { digits: [0, Number.isInteger(value) ? 0 : 1] });
    }

    open(figure) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: figure.name,
            res_model: figure.model,
            domain: figure.domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }
}

registry.category("actions").add("service_request.dashboard", ServiceDashboard);
