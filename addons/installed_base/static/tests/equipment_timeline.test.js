import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    serverState,
} from "@web/../tests/web_test_helpers";

class Machine extends models.Model {
    name = fields.Char();
    event_ids = fields.One2many({ relation: "machine.event", relation_field: "machine_id" });

    _records = [
        { id: 1, name: "Boiler", event_ids: [3, 2, 1] },
        { id: 2, name: "New boiler", event_ids: [] },
    ];
}

class MachineEvent extends models.Model {
    _name = "machine.event";

    machine_id = fields.Many2one({ relation: "machine" });
    user_id = fields.Many2one({ relation: "res.users" });
    date = fields.Datetime();
    event_type = fields.Selection({
        selection: [
            ["delivered", "Delivered"],
            ["moved", "Moved"],
            ["component_replaced", "Part Replaced"],
        ],
    });
    old_value = fields.Char();
    new_value = fields.Char();
    res_model = fields.Char();
    res_id = fields.Many2oneReference({ model_field: "res_model", relation: "machine" });

    _records = [
        { id: 1, event_type: "delivered" },
        { id: 2, event_type: "moved" },
        {
            id: 3,
            event_type: "component_replaced",
            old_value: "Pump A",
            new_value: "Pump B",
            res_model: "machine",
            res_id: 2,
        },
    ].map((fact) => ({
        machine_id: 1,
        user_id: serverState.userId,
        date: `2026-0${fact.id}-05 08:00:00`,
        ...fact,
    }));
}

defineMailModels();
defineModels([Machine, MachineEvent]);

const mountTimeline = (resId) =>
    mountView({
        type: "form",
        resModel: "machine",
        resId,
        arch: `
            <form>
                <field name="event_ids" widget="equipment_timeline">
                    <list>
                        <field name="user_id"/>
                        <field name="date"/>
                        <field name="event_type"/>
                        <field name="old_value"/>
                        <field name="new_value"/>
                        <field name="res_model"/>
                        <field name="res_id"/>
                    </list>
                </field>
            </form>`,
    });

const labels = () => queryAllTexts(".o_equipment_event b");

test("facts are shown in their order, a kind at a time when asked", async () => {
    await mountTimeline(1);
    expect(labels()).toEqual(["Part Replaced", "Moved", "Delivered"]);
    expect("button[data-kind]").toHaveCount(2);

    await click("button[data-kind=place]");
    await animationFrame();
    expect(labels()).toEqual(["Moved", "Delivered"]);
    expect("button[data-kind=place]").toHaveAttribute("aria-pressed");

    await click("button[data-kind=place]");
    await animationFrame();
    expect(labels()).toHaveLength(3);
});

test("what changed stands beside its fact, with a way to the document", async () => {
    mockService("action", {
        doAction: (action) => expect.step([action.res_model, action.res_id]),
    });
    await mountTimeline(1);
    expect(".o_equipment_event:first del").toHaveText("Pump A");
    await click(".o_equipment_event:first button");
    expect.verifySteps([["machine", 2]]);
});

test("a machine without a history says what will appear", async () => {
    await mountTimeline(2);
    expect(".o_equipment_event").toHaveCount(0);
    expect(".o_equipment_timeline p").toHaveText(/^Nothing happened yet/);
});
