import { registry } from "@web/core/registry";

// The accountant invoices what waits, and posts it.
registry.category("web_tour.tours").add("service_billing_invoice", {
    url: "/odoo/service-to-invoice",
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell:contains(No heating)",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_invoice]:enabled",
            run: "click",
        },
        {
            content: "The draft names the request and the machine",
            trigger: ".o_field_widget[name=invoice_line_ids]:contains(OLD-1)",
        },
        {
            trigger: ".o_form_view button[name=action_post]:enabled",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button[aria-checked=true]:contains(Posted)",
        },
        {
            content: "Back to the request",
            trigger: ".o_form_view button[name=action_view_service_requests]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=invoice_state]:contains(Invoiced)",
        },
    ],
});
