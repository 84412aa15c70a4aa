import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class ServiceRequest extends models.Model {
    _name = "service.request";

    name = fields.Char();

    _records = [{ id: 42, name: "SR/00042" }];
}

defineMailModels();
defineModels([ServiceRequest]);

test("the form is read again when the clock is stopped in the top bar", async () => {
    let tell;
    mockService("bus_service", {
        subscribe: (type, callback) => {
            if (type === "service_request.clock") {
                tell = callback;
            }
        },
    });
    onRpc("service.request", "web_read", () => expect.step("read"));
    await mountView({
        type: "form",
        resModel: "service.request",
        resId: 42,
        arch: `<form><widget name="service_live_clock"/><field name="name"/></form>`,
    });
    expect.verifySteps(["read"]);
    await tell();
    await animationFrame();
    expect.verifySteps(["read"]);
});
