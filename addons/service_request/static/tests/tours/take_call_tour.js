import { registry } from "@web/core/registry";

const MOST_INPUTS = 6;
let inputs = 0;

/** Something typed or a shortcut, each of them one input of the call taker. */
const type = (text) => (helpers) => {
    inputs++;
    return helpers.edit(text);
};
const shortcut = (keys) => (helpers) => {
    inputs++;
    return helpers.press(keys);
};

// A call taker on the phone, without a mouse: the serial number first, the rest comes by itself.
registry.category("web_tour.tours").add("service_request_take_call", {
    url: "/odoo/service-requests",
    steps: () => [
        {
            content: "Start a request",
            trigger: ".o_kanban_view, .o_list_view",
            run: shortcut("alt+c"),
        },
        {
            content: "The cursor waits for the serial number that the customer reads on the machine",
            trigger: ".o_field_widget[name=equipment_id] input:focus",
            run: type("B20-1"),
        },
        {
            content: "Tab takes the machine that was found",
            trigger: ".o-autocomplete--dropdown-item a:contains(B20-1)",
            run: "press Tab",
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
            content: "What is the problem?",
            trigger: ".o_field_widget[name=title] input",
            run: type("No hot water"),
        },
        {
            content: "Tab goes to the severity, the arrows choose it",
            trigger: ".o_field_widget[name=title] input:value(No hot water)",
            run: "press Tab",
        },
        {
            trigger: ".o_field_widget[name=severity_id] [role=radio]:focus:contains(Normal)",
            run: "press ArrowRight",
        },
        {
            trigger: ".o_field_widget[name=severity_id] .active:focus:contains(Urgent)",
        },
        {
            content: "The type knows the severity and the competence",
            trigger: ".o_field_widget[name=type_id] input",
            run: type("Breakdown"),
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Breakdown)",
            run: "press Tab",
        },
        {
            trigger: ".o_field_widget[name=severity_id] .active:contains(Blocking)",
        },
        {
            content: "The competent technician takes it",
            trigger: ".o_field_widget[name=user_id]:has(input:value(Technician))",
        },
        {
            content: "There is a deadline",
            trigger: ".o_field_widget[name=deadline]:not(.o_field_empty)",
        },
        {
            trigger: ".o_form_status_indicator_buttons:not(.invisible)",
            run: shortcut("alt+s"),
        },
        {
            content: "It has its number",
            trigger: ".o_field_widget[name=name]:contains(SR/)",
            run: () => {
                if (inputs > MOST_INPUTS) {
                    throw new Error(`${inputs} inputs to take a call, at most ${MOST_INPUTS}`);
                }
            },
        },
    ],
});
