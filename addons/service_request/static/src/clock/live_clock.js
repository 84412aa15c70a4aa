import { Component, onWillDestroy, xml } from "@odoo/owl";
import { reloadUnlessTyping } from "@installed_base/core/reload";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Reads the form again when the user's clock was started or stopped elsewhere. */
export class LiveClock extends Component {
    static template = xml`<span class="d-none" />`;
    static props = { ...standardWidgetProps };

    setup() {
        const bus = useService("bus_service");
        const refresh = () => reloadUnlessTyping(this, this.props.record);
        bus.subscribe("service_request.clock", refresh);
        onWillDestroy(() => bus.unsubscribe("service_request.clock", refresh));
    }
}

registry.category("view_widgets").add("service_live_clock", { component: LiveClock });
