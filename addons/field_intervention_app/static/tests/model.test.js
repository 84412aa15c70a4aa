import { describe, expect, test } from "@odoo/hoot";
import {
    billing,
    findPlaces,
    findRunning,
    getMissing,
    isWithin,
    judgeReading,
    overlay,
    overlayMe,
    overlayVan,
    search,
    sumHours,
    sumVan,
} from "@field_intervention_app/app/model";

describe.current.tags("headless");

const row = (values = {}) => ({
    id: "a",
    state: "planned",
    start: "2026-03-02T08:00:00",
    report: "",
    equipment: [7],
    cover: { 7: { part: 100, labor: 50, travel: 0 } },
    times: [],
    operations: [],
    consumptions: [],
    ...values,
});
const command = (kind, payload, more = {}) => ({
    uuid: `${kind}-1`,
    kind,
    payload: { intervention: "a", ...payload },
    ...more,
});

test("steps done offline are shown as done, and end the time before", () => {
    const [shown] = overlay(
        [row()],
        [
            command("step", { step: "leave", at: "2026-03-02T08:00:00Z" }),
            command("step", { step: "arrive", at: "2026-03-02T09:00:00Z" }),
            command("step", { step: "pause", at: "2026-03-02T11:00:00Z" }),
        ]
    );
    expect([shown.state, shown.is_paused, shown.waiting]).toEqual(["on_site", true, 3]);
    expect(shown.times.map((time) => [time.kind, time.stop])).toEqual([
        ["travel", "2026-03-02T09:00:00Z"],
        ["work", "2026-03-02T11:00:00Z"],
        ["pause", null],
    ]);
    expect(sumHours(shown.times, "work")).toBe(2);
});

test("a trip that was interrupted goes on as a trip", () => {
    const steps = ["leave", "pause", "resume"].map((step, hour) =>
        command("step", { step, at: `2026-03-02T0${hour}:00:00Z` })
    );
    const [shown] = overlay([row()], steps);
    expect([shown.state, shown.is_paused]).toEqual(["on_the_way", false]);
    expect(shown.times.map((time) => time.kind)).toEqual(["travel", "pause", "travel"]);
});

test("the clocks that run elsewhere: own ones, of work and of trips, unless paused", () => {
    const here = row({ is_mine: true });
    const rows = [
        here,
        row({ id: "work", state: "on_site", is_mine: true }),
        row({ id: "trip", state: "on_the_way", is_mine: true }),
        row({ id: "paused", state: "on_site", is_mine: true, is_paused: true }),
        row({ id: "the team's", state: "on_site", is_mine: false }),
        row({ id: "over", state: "done", is_mine: true }),
    ];
    expect(findRunning(rows, here).map((other) => other.id)).toEqual(["work", "trip"]);
    expect(findRunning(rows, rows[1]).map((other) => other.id)).toEqual(["trip"]);
});

test("the rows of the server are not touched", () => {
    const rows = [row()];
    overlay(rows, [command("text", { field: "report", value: "Cleaned" })]);
    expect(rows[0].report).toBe("");
});

test("a planned part is used, another one is not, a third one is new and undone", () => {
    const planned = (id) => ({ id, product: 3, quantity: 1, kind: "part", state: "planned" });
    const [shown] = overlay(
        [row({ consumptions: [planned(1), planned(2)] })],
        [
            command("consume", { product: 3, quantity: 4, consumption: 1 }),
            command("consume", { product: 3, quantity: 0, consumption: 2 }),
            command("consume", { product: 5, quantity: 1 }, { uuid: "new" }),
            command("unconsume", { command: "new" }),
        ]
    );
    expect(shown.consumptions.map((line) => [line.id, line.quantity, line.state])).toEqual([
        [1, 4, "done"],
        [2, 1, "cancelled"],
    ]);
});

test("what was said of a planned part is taken back: the plan is as before", () => {
    const lines = [{ id: 1, product: 3, quantity: 3, kind: "part", state: "planned" }];
    const plan = { quantity: 3, to_order: false };
    const undo = command("unconsume", { command: "x" });
    const use = (quantity) => command("consume", { product: 3, quantity, consumption: 1 }, { uuid: "x" });
    for (const [consumptions, commands, expected] of [
        [lines, [use(1)], [[1, 2], ["x", 1]]],
        [lines, [use(1), undo], [[1, 3]]],
        [lines, [use(4), undo], [[1, 3]]],
        [lines, [use(0), undo], [[1, 3]]],
        // sent and accepted before
        [[{ ...lines[0], state: "done", command: "x", quantity: 4, plan }], [undo], [[1, 3]]],
        [
            [{ ...lines[0], quantity: 2 }, { ...lines[0], id: 9, quantity: 1, state: "done", command: "x", rest: 1 }],
            [undo],
            [[1, 3]],
        ],
    ]) {
        const [shown] = overlay([row({ consumptions })], commands);
        expect(shown.consumptions.map((line) => [line.id, line.quantity])).toEqual(expected);
    }
});

test("an intervention made on the device is there at once, without the work of its source", () => {
    const source = row({
        report: "of the source",
        description: "of the source",
        coverage: "of the source",
        consumptions: [{ id: 1 }],
    });
    const shown = overlay(
        [source],
        [
            command(
                "create",
                { intervention: "b", from: "a", title: "Leak", at: "2026-03-02T10:00:00Z" },
                { source }
            ),
            command("text", { intervention: "b", field: "report", value: "Tightened" }),
        ]
    );
    expect(shown.map((r) => [r.id, r.report, r.consumptions.length])).toEqual([
        ["a", "of the source", 1],
        ["b", "Tightened", 0],
    ]);
    const [, found] = shown;
    expect([found.description, found.coverage, found.cover]).toEqual(["", "", {}]);
    expect(billing(found, { kind: "part" })).toBe("unknown");
});

test("the van follows what was used, undone, exchanged and taken back", () => {
    const van = [
        { id: 1, product: 3, number: "", quantity: 5 },
        { id: 2, product: 4, number: "S1", quantity: 1 },
    ];
    const shown = overlayVan(van, [
        command("consume", { product: 3, quantity: 2 }, { uuid: "x" }),
        command("consume", { product: 3, quantity: 1 }, { uuid: "y" }),
        command("unconsume", { command: "y" }),
        command("consume", { product: 3, quantity: 9, to_order: true }),
        command("exchange", { product: 4, number: "S1", take_back: true }, { old_product: 6 }),
        command("take_back", { product: 3, quantity: 1 }),
        command("consume", { product: 8, quantity: 1 }, { part_kind: "travel" }),
        command("consume", { product: 8, quantity: 1 }, { part_kind: "part", stocked: false }),
    ]);
    expect(shown.map((held) => [held.product, held.quantity, !!held.defective])).toEqual([
        [3, 3, false],
        [6, 1, true],
        [3, 1, true],
    ]);
    expect(van[0].quantity).toBe(5);
    expect(sumVan(shown).get(3)).toBe(3);
});

test("a part is taken from the place that was chosen, and its count is shown", () => {
    const place = (id, location, quantity, more = {}) => ({
        id, location, quantity, place: `P${location}`, product: 3, number: "", ...more,
    });
    const van = [place(1, 10, 2), place(2, 11, 5), place(3, 12, 9, { defective: true })];
    expect(findPlaces(van, 3).map((found) => found.name)).toEqual(["P11", "P10"]);
    const shown = overlayVan(van, [
        command("consume", { product: 3, quantity: 4, location: 11 }),
        command("count", { lines: [] }, { marks: { 1: 7 } }),
    ]);
    expect(shown.map((held) => [held.quantity, held.counted])).toEqual([
        [2, 7],
        [1, undefined],
        [9, undefined],
    ]);
});

test("what the technician says about positions holds at once", () => {
    const me = { position_allowed: false };
    expect(overlayMe(me, [command("consent", { agrees: true })]).position_allowed).toBe(true);
    expect(overlayMe(me, [command("time", {})]).position_allowed).toBe(false);
});

test("what the customer pays follows the cover of the machine", () => {
    const kinds = (r) => ["part", "labor", "travel"].map((kind) => billing(r, { kind }));
    expect(kinds(row())).toEqual(["free", "partial", "billed"]);
    expect(kinds(row({ cover: {} }))).toEqual(["unknown", "unknown", "unknown"]);
});

test("readings that cannot be, or that are strange", () => {
    const now = Date.UTC(2026, 2, 11);
    const meter = {
        counts_up: true,
        value: 1000,
        date: "2026-03-01T00:00:00",
        per_day: 10,
        outlier: 200,
        rollover: 0,
    };
    for (const [value, judgement, more] of [
        [1100, ""],
        [1300, ""],
        [1301, "high"],
        [1000, ""],
        [999, "below"],
        [999, "rollover", { rollover: 100000 }],
        [-1, "below", { date: null }],
        [5, "", { date: null }],
        [-5, "", { counts_up: false }],
        [5000, "", { outlier: 0 }],
        [1000, "low", { outlier: 50 }],
    ]) {
        expect(judgeReading({ ...meter, ...more }, value, now)).toBe(judgement);
    }
});

test("bounds of a measure", () => {
    for (const [min, max, value, within] of [
        [18, 22, 18, true],
        [18, 22, 22.1, false],
        [18, 22, 17.9, false],
        [0, 0, -5, true],
        [5, 0, 4, false],
        [5, 0, 50, true],
    ]) {
        expect(isWithin({ min, max }, value)).toBe(within);
    }
});

test("what is missing before the end", () => {
    const equipment = new Map([[7, { meters: [{ id: 9 }] }]]);
    const part = { kind: "part", state: "todo" };
    const open = row({
        consumptions: [part],
        operations: [{ mandatory: true, done: false }],
        readings: [],
        needs_report: true,
        needs_reading: true,
    });
    expect(getMissing(open, equipment)).toEqual(["report", "operations", "readings", "parts"]);
    const needs = { needs_report: true, needs_reading: true };
    const answered = [{ ...part, state: "done" }, { ...part, to_order: true }];
    const complete = row({ consumptions: answered, report: "x", readings: [{ meter: 9 }], ...needs });
    expect(getMissing(complete, equipment)).toEqual([]);
    expect(getMissing(row({ report: "" }), equipment)).toEqual([]);
});

test("a search needs all words, and no accents", () => {
    const parts = [{ name: "Électrode d'allumage" }, { name: "Sonde" }];
    const names = (words) => search(parts, words, (part) => part.name).length;
    expect([names("electrode ALLUM"), names("electrode sonde"), names("")]).toEqual([1, 0, 2]);
});
