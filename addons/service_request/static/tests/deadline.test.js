import { expect, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { formatSpan } from "@service_request/fields/deadline";

class Request extends models.Model {
    _name = "service.request";

    date = fields.Datetime();
    deadline = fields.Datetime();
    at_risk_date = fields.Datetime();
    paused_since = fields.Datetime();
    state = fields.Char();

    // called on 2 March at 8, to be solved within four days; three of them are gone on the 5th
    _records = [
        ["open", "2026-03-06 08:00:00", false],
        ["open", "2026-03-05 11:30:00", false],
        ["open", "2026-03-03 08:00:00", false],
        ["open", "2026-03-03 08:00:00", "2026-03-02 10:00:00"],
        ["closed", "2026-03-03 08:00:00", false],
    ].map(([state, deadline, paused_since], index) => ({
        id: index + 1,
        state,
        deadline,
        paused_since,
        date: "2026-03-02 08:00:00",
        at_risk_date: deadline < "2026-03-06" ? "2026-03-03 00:00:00" : "2026-03-05 20:00:00",
    }));
}

defineMailModels();
defineModels([Request]);

test("a span is told in the unit that people speak in", () => {
    const tell = (minutes, locale) => formatSpan(minutes, locale).replace(/\s/g, " ");
    expect(tell(40.4, "en")).toBe("40 min");
    expect(tell(60, "en")).toBe("1 hr");
    expect(tell(47 * 60 + 59, "fr")).toBe("47 h");
    expect(tell(48 * 60, "fr")).toBe("2 jours");
});

test("what is left, what is late, what waits and what is over", async () => {
    mockDate("2026-03-05 08:00:00", 0);
    await mountView({
        type: "list",
        resModel: "service.request",
        arch: `<list><field name="deadline" widget="service_deadline"/></list>`,
    });
    const texts = [...document.querySelectorAll(".o_data_row .o_service_deadline")].map((cell) =>
        cell.textContent.trim()
    );
    expect(texts.slice(0, 4)).toEqual(["in 24 hr", "in 3 hr", "2 days late", "in 22 hr"]);
    expect(texts[4]).toMatch(/03\/03\/2026/);
    const tones = ["success", "warning", "danger", "success", "muted"];
    tones.forEach((tone, index) => {
        expect(`.o_data_row:eq(${index}) .text-${tone}`).toHaveCount(1);
    });
    expect(".fa-pause").toHaveCount(1);
});

test("the bar shows the share of the time that is left", async () => {
    mockDate("2026-03-05 08:00:00", 0);
    await mountView({
        type: "form",
        resModel: "service.request",
        resId: 1,
        arch: `<form><field name="deadline" widget="service_deadline" options="{'bar': true}"/></form>`,
    });
    expect(".progress-bar").toHaveAttribute("aria-valuenow", "25");
});
