import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class ServiceIntervention extends models.Model {
    _name = "service.intervention";

    name = fields.Char();

    _records = [{ id: 7, name: "IN/7" }];
}

defineMailModels();
defineModels([ServiceIntervention]);

const mountForm = async () => {
    onRpc("service.intervention", "web_read", () => expect.step("read"));
    await mountView({
        type: "form",
        resModel: "service.intervention",
        resId: 7,
        arch: `<form><widget name="service_live"/><field name="name"/></form>`,
    });
    expect.verifySteps(["read"]);
};
const reconnect = async () => {
    getService("bus_service").trigger("BUS:RECONNECT");
    await advanceTime(300);
    await animationFrame();
};

test("a form is read again when something changed elsewhere", async () => {
    await mountForm();
    await reconnect();
    expect.verifySteps(["read"]);
});

test("what is being typed is not lost", async () => {
    await mountForm();
    await contains(".o_field_widget[name=name] input").edit("typed", { confirm: false });
    await reconnect();
    expect.verifySteps([]);
    expect(".o_field_widget[name=name] input").toHaveValue("typed");
});
