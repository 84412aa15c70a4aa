import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// A call taker on the phone: the serial number first, the rest comes by itself.
registry.category("web_tour.tours").add("service_request_take_call", {
    url: "/odoo/service-requests",
    steps: () => [
        {
            content: "Start a request",
            trigger: ".o-kanban-button-new, .o_list_button_add",
            run: "click",
        },
        {
            content: "Type the serial number that the customer reads on the machine",
            trigger: ".o_field_widget[name=equipment_id] input",
            run: "edit B20-1",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(B20-1)",
            run: "click",
        },
        {
            content: "The machine brought its customer and its site",
            trigger: ".o_field_widget[name=partner_id] input:value(Hôtel du Lac)",
        },
        {
            content: "Coverage is known before anything is saved",
            trigger: "[name=banner_covered]:contains(warranty)",
        },
        {
            trigger: ".o_field_widget[name=title] textarea, .o_field_widget[name=title] input",
            run: "edit No hot water",
        },
        {
            trigger: ".o_field_widget[name=severity_id] span:contains(Blocking)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=competence_id] input",
            run: "edit Heating",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Heating)",
            run: "click",
        },
        {
            content: "The competent technician takes it",
            trigger: ".o_field_widget[name=user_id]:has(input:value(Technician))",
        },
        ...stepUtils.saveForm(),
        {
            content: "It has its number",
            trigger: ".o_field_widget[name=name]:contains(SR/)",
        },
    ],
});
