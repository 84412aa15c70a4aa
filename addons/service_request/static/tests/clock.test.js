import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { Clock, formatElapsed } from "@service_request/clock/clock";

const RUNNING = {
    id: 7,
    request_id: 42,
    request: "SR/00042",
    title: "No hot water",
    start: "2026-03-02 08:00:00",
};

defineMailModels();

async function mountClock(running) {
    mockDate("2026-03-02 08:01:05", 0);
    mockService("lazy_session", { getValue: (key, callback) => callback({ running }) });
    await mountWithCleanup(Clock);
    await animationFrame();
}

test("elapsed time is shown with hours only when there are any", () => {
    expect(formatElapsed(0)).toBe("00:00");
    expect(formatElapsed(65)).toBe("01:05");
    expect(formatElapsed(3725)).toBe("1:02:05");
});

test("nothing is shown while no clock runs", async () => {
    await mountClock(false);
    expect(".o_service_clock").toHaveCount(0);
});

test("the running clock ticks", async () => {
    await mountClock(RUNNING);
    expect(queryAllTexts(".o_service_clock_elapsed")).toEqual(["01:05"]);
    expect(".o_service_clock_open").toHaveAttribute("title", "SR/00042 No hot water");
    await advanceTime(2000);
    await animationFrame();
    expect(queryAllTexts(".o_service_clock_elapsed")).toEqual(["01:07"]);
});

test("its button stops it, and it goes away", async () => {
    onRpc("service.time.log", "action_stop", ({ args }) => {
        expect.step(["stop", args[0]]);
        return true;
    });
    onRpc("service.time.log", "get_running", () => false);
    await mountClock(RUNNING);
    await click(".o_service_clock_stop");
    await animationFrame();
    await animationFrame();
    expect.verifySteps([["stop", [7]]]);
    expect(".o_service_clock").toHaveCount(0);
});

test("it leads to its request", async () => {
    mockService("action", { doAction: (action) => expect.step([action.res_model, action.res_id]) });
    await mountClock(RUNNING);
    await click(".o_service_clock_open");
    expect.verifySteps([["service.request", 42]]);
});

test("a clock started elsewhere appears at once", async () => {
    let tell;
    mockService("bus_service", {
        subscribe: (type, callback) => {
            if (type === "service_request.clock") {
                tell = callback;
            }
        },
    });
    onRpc("service.time.log", "get_running", () => RUNNING);
    await mountClock(false);
    tell();
    await animationFrame();
    await animationFrame();
    expect(".o_service_clock").toHaveCount(1);
});
