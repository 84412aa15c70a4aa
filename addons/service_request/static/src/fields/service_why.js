import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** A question mark that answers « why? » on hover, or when it is touched. */
export class ServiceWhy extends Component {
    static template = "service_request.ServiceWhy";
    static props = { ...standardFieldProps };

    get reason() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("service_why", { component: ServiceWhy, supportedTypes: ["char"] });
