import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Machine extends models.Model {
    name = fields.Char();
    component_ids = fields.One2many({
        relation: "service.equipment.component",
        relation_field: "machine_id",
    });

    _records = [{ id: 1, name: "Boiler", component_ids: [1, 2, 3, 4] }];
}

class Part extends models.Model {
    _name = "part";

    name = fields.Char();

    _records = [
        { id: 1, name: "Burner" },
        { id: 2, name: "Pump A" },
        { id: 3, name: "Pump B" },
        { id: 4, name: "Filter" },
    ];
}

class ServiceEquipmentComponent extends models.Model {
    _name = "service.equipment.component";

    machine_id = fields.Many2one({ relation: "machine" });
    product_id = fields.Many2one({ relation: "part" });
    serial_number = fields.Char();
    quantity = fields.Float();
    as_sold = fields.Boolean();
    state = fields.Char();
    tree_key = fields.Char();
    level = fields.Integer();
    position = fields.Char();
    current_id = fields.Many2one({ relation: "service.equipment.component" });
    install_date = fields.Date();
    removal_date = fields.Date();
    difference = fields.Selection({
        selection: [
            ["same", "As Sold"],
            ["replaced", "Replaced"],
            ["replacement", "Replacement"],
            ["added", "Added"],
        ],
    });

    _records = [
        { id: 1, product_id: 1, as_sold: true, current_id: 1, difference: "same", tree_key: "1" },
        { id: 2, product_id: 2, as_sold: true, current_id: 3, difference: "replaced", tree_key: "2" },
        { id: 3, product_id: 3, difference: "replacement", tree_key: "2", serial_number: "PB7" },
        { id: 4, product_id: 4, difference: "added", tree_key: "3", quantity: 2 },
    ].map((part) => ({
        machine_id: 1,
        quantity: 1,
        as_sold: false,
        state: part.id === 2 ? "removed" : "installed",
        removal_date: part.id === 2 && "2026-03-05",
        ...part,
    }));
}

defineMailModels();
defineModels([Machine, Part, ServiceEquipmentComponent]);

const mountConfiguration = (readonly = false) =>
    mountView({
        type: "form",
        resModel: "machine",
        resId: 1,
        arch: `
            <form edit="${!readonly}">
                <field name="name"/>
                <field name="component_ids" widget="equipment_configuration" readonly="${readonly}">
                    <list>
                        <field name="product_id"/>
                        <field name="serial_number"/>
                        <field name="quantity"/>
                        <field name="as_sold"/>
                        <field name="state"/>
                        <field name="tree_key"/>
                        <field name="level"/>
                        <field name="position"/>
                        <field name="current_id"/>
                        <field name="install_date"/>
                        <field name="removal_date"/>
                        <field name="difference"/>
                    </list>
                </field>
            </form>`,
    });

const cells = (column) => queryAllTexts(`.o_equipment_configuration td:nth-child(${column})`);

test("a place has one row: what was sold beside what is there now", async () => {
    await mountConfiguration();
    expect(cells(2)).toEqual(["Burner", "Pump A", ""]);
    expect(cells(3)).toEqual(["As Sold", "Replaced\n03/05/2026", "Added"]);
    expect(cells(4)).toEqual(["Burner", "Pump B\nS/N PB7", "2 × Filter"]);
});

test("who may not change the machine gets no buttons", async () => {
    await mountConfiguration(true);
    expect(".o_equipment_configuration tbody tr").toHaveCount(3);
    expect(".o_equipment_configuration button").toHaveCount(0);
});

test("replacing a part saves what was typed first and acts on the part that is there", async () => {
    onRpc("machine", "web_save", () => expect.step("save"));
    mockService("action", {
        doActionButton: ({ name, resId, context }) =>
            expect.step(`${name} ${resId} ${context.lang}`),
    });
    await mountConfiguration();
    await contains(".o_field_widget[name=name] input").edit("Boiler 2");
    await click("tr:nth-child(2) .o_equipment_replace");
    await animationFrame();
    expect.verifySteps(["save", "action_replace_component 3 en"]);
});

test("removing a part asks first", async () => {
    onRpc("service.equipment.component", "action_remove", ({ args }) => {
        expect.step(args[0]);
        return true;
    });
    await mountConfiguration();
    await contains("tr:nth-child(3) .o_equipment_remove").click();
    expect(".modal-body").toHaveText(/Filter/);
    await contains(".modal-footer .btn-primary").click();
    expect.verifySteps([[4]]);
});
