import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** The next step is on the screen, large enough, whatever part of the form is read. */
function nextStep(name) {
    return [
        {
            content: `« ${name} » is under the thumb`,
            trigger: `.o_service_next_step button[name=${name}]:enabled`,
            run({ anchor }) {
                const box = anchor.getBoundingClientRect();
                if (box.bottom > innerHeight || box.top < innerHeight * 0.75 || box.height < 48) {
                    throw new Error(`out of reach: ${JSON.stringify(box)}`);
                }
            },
        },
        { trigger: `.o_service_next_step button[name=${name}]:enabled`, run: "click" },
    ];
}

/** Draw with a finger. */
function draw(canvas) {
    const { x, y, width, height } = canvas.getBoundingClientRect();
    const fire = (type, left, top) =>
        canvas.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true,
                isPrimary: true,
                pointerType: "touch",
                buttons: type === "pointerup" ? 0 : 1,
                clientX: x + width * left,
                clientY: y + height * top,
            })
        );
    fire("pointerdown", 0.2, 0.5);
    for (const step of [0.3, 0.4, 0.5, 0.6, 0.7, 0.8]) {
        fire("pointermove", step, step * 10 % 2 ? 0.3 : 0.7);
    }
    fire("pointerup", 0.8, 0.5);
}

// A technician's job on a phone of 390 x 844 pixels, with one hand.
registry.category("web_tour.tours").add("field_intervention_my_day_phone", {
    url: "/odoo/my-day",
    steps: () => [
        {
            content: "The card calls and navigates",
            trigger: ".o_kanban_record:contains(Hôtel du Lac) a[href^='tel:']",
        },
        {
            trigger: ".o_kanban_record:contains(Hôtel du Lac) a[href*='destination=']",
        },
        {
            trigger: ".o_kanban_record:contains(Hôtel du Lac)",
            run: "click",
        },
        ...nextStep("action_leave"),
        ...nextStep("action_arrive"),
        {
            content: "The step was taken: what is typed before would be lost with the reload",
            trigger: ".o_service_next_step button[name=action_finish]:enabled",
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
            content: "The sections fold, one below the other",
            trigger: ".o_service_fold[name=times][aria-expanded=false]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=time_ids] .o_kanban_record",
        },
        {
            trigger: ".o_service_fold[name=times][aria-expanded=true]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_field_widget[name=time_ids]))",
        },
        {
            trigger: ".o_field_widget[name=satisfied] input",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=signed_by] input",
            run: "edit Mme Lac",
        },
        {
            trigger: ".o_field_widget[name=signature] .o_signature",
            run: "click",
        },
        {
            content: "The customer draws: nothing has to be chosen",
            trigger: ".modal .o_web_sign_draw_button.active",
        },
        {
            content: "The customer signs with a finger",
            trigger: ".modal canvas.o_web_sign_signature",
            run: ({ anchor }) => draw(anchor),
        },
        {
            trigger: ".modal-footer .btn-primary:enabled",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_field_widget[name=signature] img",
        },
        ...stepUtils.saveForm(),
        ...nextStep("action_finish"),
        {
            trigger: "body:not(:has(.o_service_next_step button:not(.d-none)))",
        },
        {
            trigger: ".o_form_view:contains(Burner replaced)",
        },
    ],
});
