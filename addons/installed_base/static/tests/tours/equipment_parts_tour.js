import { registry } from "@web/core/registry";

const table = ".o_equipment_configuration";

// A technician in front of the machine: a part is replaced, another added and taken out again.
registry.category("web_tour.tours").add("installed_base_equipment_parts", {
    steps: () => [
        {
            content: "Nothing differs yet",
            trigger: `${table} .badge:contains(As Sold):has(.fa-check)`,
        },
        {
            trigger: `${table} tr:contains(Burner) .o_equipment_replace`,
            run: "click",
        },
        {
            content: "What supersedes the part is proposed",
            trigger: ".modal .o_field_widget[name=product_id] input:value(Burner C)",
        },
        {
            trigger: ".modal .o_field_widget[name=serial_number] input",
            run: "edit C-77",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Both stand side by side, and the difference is marked",
            trigger: `${table} tr:contains(C-77):has(td:contains(Burner)) .badge:contains(Replaced):has(.fa-refresh)`,
        },
        {
            trigger: `${table} .o_equipment_add`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=product_id] input",
            run: "edit Filter",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Filter)",
            run: "click",
        },
        {
            trigger: ".modal .o_form_button_save, .modal footer .btn-primary",
            run: "click",
        },
        {
            trigger: `${table} tr:contains(Filter) .badge:contains(Added):has(.fa-plus)`,
        },
        {
            trigger: `${table} tr:contains(Filter) .o_equipment_remove`,
            run: "click",
        },
        {
            trigger: ".modal .btn-primary:contains(Remove)",
            run: "click",
        },
        {
            trigger: `${table}:not(:contains(Filter))`,
        },
        {
            trigger: "a.nav-link[name=history]",
            run: "click",
        },
        {
            content: "All three changes are in the history",
            trigger: ".o_equipment_timeline button[data-kind=parts]:contains(3)",
            run: "click",
        },
        {
            trigger:
                ".o_equipment_timeline:has(.o_equipment_event:contains(Component Replaced)):not(:contains(Verified by hand))",
        },
        {
            trigger: ".o_equipment_timeline button:contains(All)",
            run: "click",
        },
        {
            trigger: ".o_equipment_timeline .o_equipment_event:contains(Verified by hand) .fa-check",
        },
    ],
});
