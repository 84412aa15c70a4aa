import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** The icon that a name of Font Awesome stands for; what it means is said on hover. */
export class ServiceIcon extends Component {
    static template = "service_request.ServiceIcon";
    static props = { ...standardFieldProps, meaning: { type: String, optional: true } };

    get icon() {
        return this.props.record.data[this.props.name];
    }

    get title() {
        const meaning = this.props.meaning && this.props.record.data[this.props.meaning];
        return meaning ? meaning.display_name : "";
    }
}

registry.category("fields").add("service_icon", {
    component: ServiceIcon,
    supportedTypes: ["char"],
    listViewWidth: 30,
    extractProps: ({ options }) => ({ meaning: options.meaning }),
});
