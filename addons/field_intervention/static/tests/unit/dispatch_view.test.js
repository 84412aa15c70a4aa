import { beforeEach, expect, test } from "@odoo/hoot";
import { click, drag, keyDown, press, queryAll, queryAllTexts, queryOne, waitFor } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    getService,
    makeServerError,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class ServiceIntervention extends models.Model {
    _name = "service.intervention";
}

class ServiceSector extends models.Model {
    _name = "service.sector";
}

defineMailModels();
defineModels([ServiceIntervention, ServiceSector]);

const DAY = "2026-03-02";
const JOB = {
    version: 1,
    state: "planned",
    priority: "0",
    helper_ids: [],
    vendor_id: false,
    partner: "Hotel",
    city: "Annecy",
    nature: "Repair",
    planned_hours: 2,
    match: true,
    position: null,
    deadline: false,
};
const TECHNICIAN = {
    agency_ids: [1],
    sector_ids: [1],
    competences: ["Heating"],
    home: null,
    leaves: [],
    elsewhere: [],
    open: [[`${DAY} 07:00:00`, `${DAY} 19:00:00`]],
    days: [{ date: DAY, available: 12, planned: 2 }],
};

let board;
beforeEach(() => {
    mockDate(`${DAY}T10:00:00`, 0);
    board = {
        technicians: [
            { ...TECHNICIAN, id: 1, name: "Hugo" },
            { ...TECHNICIAN, id: 2, name: "Karim", competences: [], agency_ids: [2] },
        ],
        interventions: [
            {
                ...JOB,
                id: 10,
                name: "IN/10",
                technician_id: 1,
                planned_start: `${DAY} 07:00:00`,
                planned_end: `${DAY} 10:00:00`,
            },
        ],
        pool: [{ ...JOB, id: 20, name: "IN/20", state: "draft", planned_start: false, planned_end: false }],
        pool_count: 1,
        late_count: 0,
        agencies: [
            { id: 1, name: "Lyon" },
            { id: 2, name: "Annecy" },
        ],
        sectors: [{ id: 1, name: "Rhône", parent_id: false }],
        vendors: [],
        speed: 50,
        map: { tile_url: false, attribution: false },
    };
    onRpc("service.intervention", "get_board", ({ args }) => {
        expect.step(`read ${args[0].slice(0, 10)}`);
        return board;
    });
    onRpc("service.intervention", "get_candidates", () => ({
        name: "IN/20",
        version: 1,
        technician_id: false,
        start: false,
        hours: 2,
        candidates: [
            { technician_id: 2, name: "Karim", score: 40, reasons: ["Competent"], conflicts: [] },
            {
                technician_id: 1,
                name: "Hugo",
                score: -9,
                reasons: ["Busy"],
                conflicts: ["Busy"],
                next_start: `${DAY} 11:15:00`,
            },
        ],
    }));
    onRpc("service.intervention", "get_lacking_technicians", () => ({
        competence: "Gas",
        technician_ids: [2],
    }));
    onRpc("service.intervention", "web_read", () => [{ id: 20, equipment_ids: [], state: "draft" }]);
});

const mountBoard = async () => {
    await mountView({ type: "dispatch", resModel: "service.intervention", arch: "<dispatch/>" });
    expect.verifySteps([`read ${DAY}`]);
};
const lane = (id) => `.o_dispatch_lane[data-row="${id}"]`;
const refuse = (values) => {
    throw makeServerError({ type: "ValidationError", message: "Hugo is on IN/10", ...values });
};

test("who has nothing to do has a row, under agency and sector", async () => {
    await mountBoard();
    expect(".o_dispatch_row").toHaveCount(2);
    expect(queryAllTexts(".o_dispatch_group_label")).toEqual([
        "Lyon(1)17 %",
        "Rhône(1)17 %",
        "Annecy(1)17 %",
        "Rhône(1)17 %",
    ]);
    expect(`${lane(1)} .o_dispatch_bar`).toHaveCount(1);
    expect(`${lane(2)} .o_dispatch_bar`).toHaveCount(0);
    // from 7 to 10 of 7 to 19 o'clock
    expect(queryOne(".o_dispatch_bar").style.left).toBe("0%");
    expect(queryOne(".o_dispatch_bar").style.width).toBe("25%");
    expect(".o_dispatch_card").toHaveCount(1);
});

test("missing parts and late jobs are seen at a glance, also in the pool", async () => {
    board.interventions[0].is_short = true;
    board.interventions[0].conflict_reason = "Both are urgent";
    board.pool[0].deadline = `${DAY} 06:00:00`;
    board.late_count = 7;
    await mountBoard();
    expect(".o_dispatch_bar .fa-cube").toHaveCount(1);
    expect(".o_dispatch_card.o_dispatch_late").toHaveCount(1);
    expect(".o_dispatch_foot .text-danger").toHaveText("Late, all days: 7");
    expect(".o_dispatch_bar .fa-exclamation-triangle").toHaveAttribute("title", "Both are urgent");
});

test("a job that should be over since its deadline is late, however early it was planned", async () => {
    mockDate(`${DAY}T12:00:00`, 0);
    board.interventions[0].deadline = `${DAY} 11:00:00`;
    await mountBoard();
    expect(".o_dispatch_bar.o_dispatch_late").toHaveCount(1);
});

test("the words of a bar may go on until the next one", async () => {
    const [first] = board.interventions;
    board.interventions.push({ ...first, id: 11, planned_start: `${DAY} 13:00:00`, planned_end: `${DAY} 14:00:00` });
    await mountBoard();
    const [before, last] = queryAll(".o_dispatch_bar");
    // three hours of work, then three more until the next job
    expect(before.style.clipPath).toBe("inset(-3px -100% -3px -3px)");
    expect(last.style.clipPath).toBe("");
});

test("a group closes and hides its rows", async () => {
    await mountBoard();
    await click(".o_dispatch_group_label:first");
    await animationFrame();
    expect(".o_dispatch_row").toHaveCount(1);
});

test("filters of the board keep who fits", async () => {
    await mountBoard();
    await contains("select[aria-label=Competence]").select("Heating");
    expect(".o_dispatch_row").toHaveCount(1);
    await contains("select[aria-label=Competence]").select("");
    await contains("select[aria-label=Agency]").select("2");
    expect(queryAllTexts(".o_dispatch_row .text-truncate")).toEqual(["Karim"]);
});

test("work on a day without hours is no percentage but a warning", async () => {
    board.technicians[1].days = [{ date: DAY, available: 0, planned: 2 }];
    await mountBoard();
    expect(queryAllTexts(".o_dispatch_percent")).toEqual(["17 %", "no hours"]);
    expect(".o_dispatch_percent.text-danger").toHaveCount(1);
});

test("a card that is dragged from the pool is planned where it falls", async () => {
    onRpc("service.intervention", "action_plan", ({ args, kwargs }) => {
        expect.step(["plan", ...args, kwargs.version].join());
        return 2;
    });
    await mountBoard();
    const { drop, moveTo } = await drag(".o_dispatch_card");
    const box = queryOne(lane(2)).getBoundingClientRect();
    await moveTo(lane(2), { position: { x: box.width / 2, y: 5 }, relative: true });
    expect(".o_dispatch_ghost").toHaveCount(1);
    await animationFrame();
    expect(queryOne(".o_dispatch_hint").textContent).toBe("Karim · 13:00 – 15:00 · lacks: Gas");
    await drop();
    await animationFrame();
    expect(".o_dispatch_ghost").toHaveCount(0);
    expect.verifySteps([`plan,20,2,${DAY} 13:00:00,false,1`, `read ${DAY}`]);
});

test("a finger that rests on a card drags it, one that moves at once scrolls", async () => {
    onRpc("service.intervention", "action_plan", ({ args }) => {
        expect.step(["plan", ...args].join());
        return 2;
    });
    await mountBoard();
    const card = queryOne(".o_dispatch_card");
    const { x, y } = card.getBoundingClientRect();
    const box = queryOne(lane(2)).getBoundingClientRect();
    const touch = (target, type, clientX, clientY) =>
        target.dispatchEvent(
            new PointerEvent(type, { bubbles: true, pointerType: "touch", clientX, clientY })
        );
    touch(card, "pointerdown", x + 5, y + 5);
    touch(card, "pointermove", x + 5, y + 80);
    await advanceTime(400);
    expect(".o_dispatch_ghost").toHaveCount(0);
    touch(card, "pointerup", x + 5, y + 80);
    touch(card, "pointerdown", x + 5, y + 5);
    await advanceTime(400);
    expect(".o_dispatch_ghost").toHaveCount(1);
    touch(card, "pointermove", box.x + box.width / 2, box.y + 5);
    touch(card, "pointerup", box.x + box.width / 2, box.y + 5);
    await animationFrame();
    expect.verifySteps([`plan,20,2,${DAY} 13:00:00,false`, `read ${DAY}`]);
});

test("Escape plans nothing", async () => {
    await mountBoard();
    const { drop, moveTo } = await drag(".o_dispatch_card");
    await moveTo(lane(2));
    expect(".o_dispatch_ghost").toHaveCount(1);
    await keyDown("Escape");
    expect(".o_dispatch_ghost").toHaveCount(0);
    await drop();
    await animationFrame();
    expect.verifySteps([]);
});

test("a refused drop snaps back, says why, and may be forced with a reason", async () => {
    onRpc("service.intervention", "action_plan", ({ kwargs }) => {
        expect.step(`plan ${kwargs.conflict_reason || ""}`);
        if (!kwargs.conflict_reason) {
            refuse({ context: { plan_conflict: true } });
        }
        return 2;
    });
    await mountBoard();
    const { drop, moveTo } = await drag(".o_dispatch_card");
    await moveTo(lane(1), { position: { x: 10, y: 5 }, relative: true });
    expect(queryOne(".o_dispatch_hint").textContent).toInclude("busy: IN/10");
    await drop();
    await animationFrame();
    expect.verifySteps(["plan ", `read ${DAY}`]);
    expect(".o_dispatch_card").toHaveCount(1);
    expect(".modal p").toHaveText("Hugo is on IN/10");
    expect(".o_dispatch_force").not.toBeEnabled();
    await contains("#o_dispatch_reason").edit("Both can wait", { confirm: false });
    await contains(".o_dispatch_force").click();
    expect.verifySteps(["plan Both can wait", `read ${DAY}`]);
});

test("a bar that somebody else moved meanwhile is read again", async () => {
    onRpc("service.intervention", "action_plan", () =>
        refuse({ type: "UserError", message: "IN/10 has meanwhile been changed by Ann" })
    );
    await mountBoard();
    const { drop, moveTo } = await drag(".o_dispatch_bar");
    await moveTo(lane(2));
    await drop();
    await animationFrame();
    expect.verifySteps([`read ${DAY}`]);
    expect(`${lane(1)} .o_dispatch_bar`).toHaveCount(1);
    expect(".o_notification_content").toHaveText("IN/10 has meanwhile been changed by Ann");
});

test("a bar that is dragged to the pool waits again", async () => {
    onRpc("service.intervention", "action_unplan", ({ args, kwargs }) => {
        expect.step(`unplan ${args[0]} ${kwargs.version}`);
        return 2;
    });
    await mountBoard();
    const { drop, moveTo } = await drag(".o_dispatch_bar");
    await moveTo(".o_dispatch_pool");
    await drop();
    await animationFrame();
    expect.verifySteps(["unplan 10 1", `read ${DAY}`]);
});

test("the right edge changes the end", async () => {
    onRpc("service.intervention", "action_plan", ({ args }) => {
        expect.step(["plan", ...args].join());
        return 2;
    });
    await mountBoard();
    const bar = queryOne(".o_dispatch_bar").getBoundingClientRect();
    const { drop, moveTo } = await drag(".o_dispatch_bar", {
        position: { x: bar.width - 3, y: 10 },
        relative: true,
    });
    const box = queryOne(lane(1)).getBoundingClientRect();
    await moveTo(lane(1), { position: { x: box.width / 2, y: 10 }, relative: true });
    await drop();
    await animationFrame();
    expect.verifySteps([`plan,10,false,${DAY} 07:00:00,${DAY} 13:00:00`, `read ${DAY}`]);
});

test("work that has begun stays where it is", async () => {
    board.interventions[0].state = "on_site";
    await mountBoard();
    const { drop, moveTo } = await drag(".o_dispatch_bar");
    await moveTo(lane(2));
    expect(".o_dispatch_ghost").toHaveCount(0);
    await drop();
    await animationFrame();
    expect.verifySteps([]);
});

test("without a mouse: go to a job, press A, choose", async () => {
    onRpc("service.intervention", "action_plan", ({ args }) => {
        expect.step(["plan", ...args].join());
        return 2;
    });
    await mountBoard();
    queryOne(".o_dispatch_card").focus();
    await press("ArrowDown");
    expect(".o_dispatch_bar").toBeFocused();
    await press("ArrowUp");
    await press("a");
    await animationFrame();
    expect(queryAllTexts(".modal .o_candidate .fw-bold")).toEqual(["Karim", "Hugo", "Busy"]);
    await click(".modal .o_candidate_plan:first");
    await animationFrame();
    expect.verifySteps([`plan,20,2,${DAY} 08:00:00`, `read ${DAY}`]);
    expect(".modal").toHaveCount(0);
});

test("without a mouse: Shift and the arrows make a job longer or shorter", async () => {
    board.interventions[0].conflict_reason = "Both are urgent";
    onRpc("service.intervention", "action_plan", ({ args }) => {
        expect.step(["plan", ...args].join());
        return refuse({ context: { plan_conflict: true } });
    });
    await mountBoard();
    queryOne(".o_dispatch_bar").focus();
    await press(["Shift", "ArrowRight"]);
    await animationFrame();
    const plan = `plan,10,false,${DAY} 07:00:00,${DAY}`;
    expect.verifySteps([`${plan} 10:15:00`, `read ${DAY}`]);
    expect("#o_dispatch_reason").toHaveValue("Both are urgent");
    await contains(".modal .btn-secondary").click();
    queryOne(".o_dispatch_bar").focus();
    await press(["Shift", "ArrowLeft"]);
    await animationFrame();
    expect.verifySteps([`${plan} 09:45:00`, `read ${DAY}`]);
});

test("who is not free is planned for the next free hour by one click", async () => {
    onRpc("service.intervention", "action_plan", ({ args }) => {
        expect.step(["plan", ...args].join());
        return 2;
    });
    await mountBoard();
    queryOne(".o_dispatch_card").focus();
    await press("a");
    await animationFrame();
    expect(".modal .o_candidate_next").toHaveCount(1);
    await click(".modal .o_candidate_next");
    await animationFrame();
    expect.verifySteps([`plan,20,1,${DAY} 11:15:00`, `read ${DAY}`]);
    expect(".modal").toHaveCount(0);
});

test("selected jobs show their card, and who can go", async () => {
    await mountBoard();
    await contains(".o_dispatch_card").click();
    expect(".o_dispatch_job .o_candidate").toHaveCount(2);
    expect(".o_dispatch_assign").toBeEnabled();
    await contains(".o_dispatch_job .btn-close").click();
    expect(".o_dispatch_job").toHaveCount(0);
});

test("day, week and month", async () => {
    await mountBoard();
    await contains(".o_dispatch_next").click();
    expect.verifySteps(["read 2026-03-03"]);
    await contains("[data-scale=week]").click();
    // a week begins on the day of the language: here on Sunday
    expect.verifySteps(["read 2026-03-01"]);
    expect(".o_dispatch_day").toHaveCount(7);
    board.interventions = [];
    await contains("[data-scale=month]").click();
    expect.verifySteps(["read 2026-03-01"]);
    expect(".o_dispatch_heat").toHaveCount(2);
    await contains(".o_dispatch_heat:first").click();
    expect.verifySteps(["read 2026-03-02"]);
    expect(".o_dispatch_day").toHaveCount(1);
});

test("what changes in another session is read, but not while something is dragged", async () => {
    await mountBoard();
    const tell = async () => {
        getService("bus_service").trigger("BUS:RECONNECT");
        await advanceTime(300);
        await animationFrame();
    };
    await tell();
    expect.verifySteps([`read ${DAY}`]);
    const { cancel, moveTo } = await drag(".o_dispatch_card");
    await moveTo(".o_dispatch_foot");
    await tell();
    expect.verifySteps([]);
    await keyDown("Escape");
    await cancel();
    await animationFrame();
    expect.verifySteps([`read ${DAY}`]);
});

test("names on the map are words, whatever is typed into them", async () => {
    const attack = "<img src='x' class='o_attack'/>";
    Object.assign(board.interventions[0], { partner: attack, position: [45.9, 6.1] });
    board.technicians[0].name = attack;
    board.technicians[0].position = [45.8, 6.2, `${DAY} 09:00:00`];
    onRpc("service.sector", "search_read", () => [
        {
            id: 1,
            name: attack,
            boundary: '{"type":"Polygon","coordinates":[[[6,45],[7,45],[7,46],[6,45]]]}',
        },
    ]);
    await mountBoard();
    await contains(".o_dispatch_map_toggle").click();
    await waitFor(".leaflet-interactive", { timeout: 5000 });
    const shapes = [...document.querySelectorAll(".leaflet-interactive")];
    expect(shapes.length).toBe(3);
    for (const shape of shapes) {
        shape.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
        expect(".leaflet-tooltip").toHaveText(/<img/);
        shape.dispatchEvent(new MouseEvent("mouseout", { bubbles: true }));
    }
    expect(".leaflet-tooltip .o_attack").toHaveCount(0);
});

test("who may not write moves nothing", async () => {
    await mountView({ type: "dispatch", resModel: "service.intervention", arch: '<dispatch edit="0"/>' });
    expect.verifySteps([`read ${DAY}`]);
    await contains(".o_dispatch_bar").click();
    expect(".o_dispatch_job").toHaveCount(1);
    expect(".o_dispatch_job .btn-secondary").toHaveCount(0);
    expect(".o_dispatch_job .o_candidate").toHaveCount(0);
});
