import { registry } from "@web/core/registry";

// A technician in front of the machine: one tap on the meter, the value, done.
registry.category("web_tour.tours").add("installed_base_read_meter", {
    steps: () => [
        {
            trigger: "a[name=meters]",
            run: "click",
        },
        {
            content: "The meters are cards; the one that was read shows its line",
            trigger: ".o_kanban_record:contains(Burner Hours) canvas",
        },
        {
            trigger: ".o_kanban_record:contains(Burner Hours) button[name=action_new_reading]",
            run: "click",
        },
        {
            content: "A digit too many is told while it is typed",
            trigger: ".modal .o_field_widget[name=value] input",
            run: "edit 3000 && press Tab",
        },
        {
            trigger: ".modal .alert:contains(Unusual)",
        },
        {
            trigger: ".modal .o_field_widget[name=value] input",
            run: "edit 310 && press Tab",
        },
        {
            trigger: ".modal:not(:has(.alert:contains(Unusual))) .o_form_button_save",
            run: "click",
        },
        {
            content: "The card shows it at once",
            trigger: "body:not(:has(.modal)) .o_kanban_record:contains(Burner Hours):contains(310)",
        },
        {
            trigger: ".o_kanban_record:contains(Burner Hours) button:contains(Replace)",
            run: "click",
        },
        {
            content: "The last value of the old counter is offered",
            trigger: ".modal .o_field_widget[name=old_value] input:value(310)",
        },
        {
            trigger: ".modal .o_field_widget[name=new_value] input",
            run: "edit 2",
        },
        {
            trigger: ".modal button[name=action_replace]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_kanban_record:contains(Burner Hours) .fs-3:contains(2)",
        },
    ],
});
