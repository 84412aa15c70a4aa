import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { readMonths } from "@field_intervention/months/months_field";

class ServicePlan extends models.Model {
    _name = "service.plan";

    season = fields.Char();

    _records = [{ id: 1, season: "4,10" }];
}

defineMailModels();
defineModels([ServicePlan]);

test("months are read from lists and runs, over the end of the year too", () => {
    expect([...readMonths("4,10")]).toEqual([4, 10]);
    expect([...readMonths("11-2, 6")]).toEqual([11, 12, 1, 2, 6]);
    expect([...readMonths("5-5")]).toEqual([5]);
    expect([...readMonths(false)]).toEqual([]);
});

test("a click switches a month on or off, and they are kept in their order", async () => {
    onRpc("web_save", ({ args }) => expect.step(args[1].season));
    await mountView({
        type: "form",
        resModel: "service.plan",
        resId: 1,
        arch: `<form><field name="season" widget="months"/></form>`,
    });
    const pressed = ".o_field_months button[aria-pressed=true]";
    expect(queryAllTexts(pressed)).toEqual(["Apr", "Oct"]);
    await contains(".o_field_months button:contains(Mar)").click();
    await contains(".o_field_months button:contains(Oct)").click();
    expect(queryAllTexts(pressed)).toEqual(["Mar", "Apr"]);
    await contains(".o_form_button_save").click();
    await contains(".o_field_months button:contains(Mar)").click();
    await contains(".o_field_months button:contains(Apr)").click();
    await contains(".o_form_button_save").click();
    expect.verifySteps(["3,4", false]);
});
