import { registry } from "@web/core/registry";

// The buttons on the lines of a dialogue answer it, also after what it shows was narrowed.
registry.category("web_tour.tours").add("service_request_dialogues", {
    steps: () => [
        {
            content: "Give the request to somebody else",
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu button:contains(Assign)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=scope] :contains(All Agencies):not(:has(*))",
            run: "click",
        },
        {
            trigger: ".modal tr:contains(Colleague) button:contains(Assign)",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=user_id]:has(input:value(Colleague))",
        },
        {
            content: "Look how it was solved before",
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu button:contains(Search Solutions)",
            run: "click",
        },
        {
            content: "The best one is shown, another one is wanted",
            trigger: ".modal tr:contains(Valve stuck) button[name=action_show]",
            run: "click",
        },
        {
            trigger: ".modal [name=shown]:contains(Grease it)",
        },
        {
            trigger: ".modal button[name=action_use]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});
