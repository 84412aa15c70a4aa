import { destroy, expect, test } from "@odoo/hoot";
import { Component, xml } from "@odoo/owl";
import { reloadUnlessTyping } from "@installed_base/core/reload";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";

defineMailModels();

class Screen extends Component {
    static template = xml`<div/>`;
    static props = {};
}

function record({ resId = 7, dirty = false, load = () => {} } = {}) {
    return {
        resId,
        isDirty: async () => dirty,
        load: async () => {
            expect.step("load");
            load();
        },
    };
}

const fails = () => {
    throw new Error("Component is destroyed");
};

test("a record is read again", async () => {
    const screen = await mountWithCleanup(Screen);
    await reloadUnlessTyping(screen, record());
    expect.verifySteps(["load"]);
});

test("what is typed stays, and so does what is new", async () => {
    const screen = await mountWithCleanup(Screen);
    await reloadUnlessTyping(screen, record({ dirty: true }));
    await reloadUnlessTyping(screen, record({ resId: false }));
    expect.verifySteps([]);
});

test("a failure is told, unless the screen was left", async () => {
    const screen = await mountWithCleanup(Screen);
    await expect(reloadUnlessTyping(screen, record({ load: fails }))).rejects.toThrow();
    destroy(screen);
    await reloadUnlessTyping(screen, record({ load: fails }));
    expect.verifySteps(["load", "load"]);
});
