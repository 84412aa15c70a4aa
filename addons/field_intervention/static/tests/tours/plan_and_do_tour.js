import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// The dispatcher plans, from the request.
registry.category("web_tour.tours").add("field_intervention_plan", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_plan_intervention]",
            run: "click",
        },
        {
            content: "The request filled in the customer",
            trigger: ".modal .o_field_widget[name=partner_id]:contains(Hôtel du Lac)",
        },
        {
            trigger: ".o_field_widget[name=technician_id] input",
            run: "edit Théo",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Théo Technician)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=planned_start] button, .o_field_widget[name=planned_start] input",
            run: "click",
        },
        {
            trigger: ".o_datetime_picker .o_today, .o_datetime_picker .o_date_item_cell:not(.o_out_of_range)",
            run: "click",
        },
        {
            content: "Close the date picker",
            trigger: ".modal .oe_title",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_plan]:enabled",
            run: "click",
        },
        {
            content: "The request shows what was planned",
            trigger: "body:not(:has(.modal)) button[name=action_view_interventions]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row td[name=partner_id]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_dispatch]:enabled",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button[aria-checked=true]:contains(Dispatched)",
        },
    ],
});

// The technician does it, on My Day.
registry.category("web_tour.tours").add("field_intervention_do", {
    url: "/odoo/my-day",
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Hôtel du Lac)",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_leave]:enabled",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_arrive]:enabled",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button[aria-checked=true]:contains(On Site)",
        },
        {
            content: "Write the report",
            trigger: ".o_field_widget[name=report] .odoo-editor-editable",
            run: "editor Burner replaced and cleaned",
        },
        {
            trigger: ".o_field_widget[name=report] .odoo-editor-editable:contains(Burner replaced)",
            run: "press Tab",
        },
        {
            trigger: ".o_field_widget[name=satisfied] input",
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            trigger: "a[name=consumption]",
            run: "click",
        },
        ...["Burner", "Labour", "Travel"].flatMap((product, index) => [
            {
                trigger: ".o_field_widget[name=consumption_ids] .o_field_x2many_list_row_add a",
                run: "click",
            },
            {
                trigger: `.o_data_row:eq(${index}).o_selected_row [name=product_id] input`,
                run: `edit ${product}`,
            },
            {
                trigger: `.o-autocomplete--dropdown-item a:contains(${product})`,
                run: "click",
            },
            {
                trigger: `.o_data_row:eq(${index}) [name=product_id] input:value(${product})`,
            },
        ]),
        {
            content: "No price is shown to a technician",
            trigger:
                ".o_field_widget[name=consumption_ids]:not(:has(th[data-name=amount_consumed]))",
        },
        ...stepUtils.saveForm(),
        {
            trigger: ".o_form_view button[name=action_finish]:enabled",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button[aria-checked=true]:contains(Done)",
        },
    ],
});
