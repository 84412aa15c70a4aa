import { describe, expect, test } from "@odoo/hoot";
import {
    getDistance,
    getGaps,
    getPlannedEnd,
    getVisibleHours,
    HOUR,
    packLanes,
    sumLoad,
    TimeAxis,
    toMillis,
} from "@field_intervention/dispatch/board_time";

const { DateTime } = luxon;
const midnight = (day) => DateTime.fromISO(day, { zone: "Europe/Paris" });
const at = (text) => DateTime.fromISO(text, { zone: "Europe/Paris" }).toMillis();

describe.current.tags("headless");

test("a moment of the server is UTC", () => {
    expect(toMillis("2026-03-02 08:15:30")).toBe(Date.UTC(2026, 2, 2, 8, 15, 30));
});

test("positions of a day from 8 to 18", () => {
    const axis = new TimeAxis(midnight("2026-03-02"), 1, 8, 18);
    for (const [moment, position] of [
        ["2026-03-02T08:00", 0],
        ["2026-03-02T13:00", 0.5],
        ["2026-03-02T17:30", 0.95],
        ["2026-03-02T18:00", 1],
        ["2026-03-02T06:00", 0], // before: the left edge
        ["2026-03-02T22:00", 1], // after: the right edge
        ["2026-03-01T12:00", 0],
        ["2026-03-03T12:00", 1],
    ]) {
        expect(axis.position(at(moment))).toBeCloseTo(position, { margin: 1e-9 });
    }
});

test("positions of a week, nights left out", () => {
    const axis = new TimeAxis(midnight("2026-03-02"), 7, 8, 18);
    expect(axis.position(at("2026-03-03T08:00"))).toBeCloseTo(1 / 7, { margin: 1e-9 });
    expect(axis.position(at("2026-03-02T21:00"))).toBeCloseTo(1 / 7, { margin: 1e-9 });
    expect(axis.position(at("2026-03-08T13:00"))).toBeCloseTo(6.5 / 7, { margin: 1e-9 });
});

test("a drop snaps to a quarter of an hour", () => {
    const axis = new TimeAxis(midnight("2026-03-02"), 1, 8, 18);
    for (const [position, moment] of [
        [0, "2026-03-02T08:00"],
        [0.5, "2026-03-02T13:00"],
        [0.512, "2026-03-02T13:00"], // 13:07
        [0.513, "2026-03-02T13:15"], // 13:08
        [1.4, "2026-03-02T18:00"],
        [-0.2, "2026-03-02T08:00"],
    ]) {
        expect(axis.moment(position)).toBe(at(moment));
    }
});

test("when the clocks go forward, the hour that is missing has no width", () => {
    const axis = new TimeAxis(midnight("2026-03-29"), 1);
    expect(axis.position(at("2026-03-29T01:00"))).toBeCloseTo(1 / 24, { margin: 1e-9 });
    expect(axis.position(at("2026-03-29T03:00"))).toBeCloseTo(3 / 24, { margin: 1e-9 });
    // 0:30 UTC is half past one, an hour later it is half past three
    const [before, after] = [Date.UTC(2026, 2, 29, 0, 30), Date.UTC(2026, 2, 29, 1, 30)];
    expect(axis.position(before)).toBeCloseTo(1.5 / 24, { margin: 1e-9 });
    expect(axis.position(after)).toBeCloseTo(3.5 / 24, { margin: 1e-9 });
    expect(axis.moment(10 / 24)).toBe(Date.UTC(2026, 2, 29, 8));
    expect(axis.moment(1)).toBe(at("2026-03-30T00:00"));
});

test("when the clocks go back, one hour lasts two", () => {
    const axis = new TimeAxis(midnight("2026-10-25"), 1);
    expect(axis.position(Date.UTC(2026, 9, 25, 0))).toBeCloseTo(2 / 24, { margin: 1e-9 });
    expect(axis.position(Date.UTC(2026, 9, 25, 1))).toBeCloseTo(2.5 / 24, { margin: 1e-9 });
    expect(axis.position(Date.UTC(2026, 9, 25, 2))).toBeCloseTo(3 / 24, { margin: 1e-9 });
    expect(axis.moment(10 / 24)).toBe(Date.UTC(2026, 9, 25, 9));
});

test("every quarter of an hour of a week comes back, clocks changing or not", () => {
    for (const day of ["2026-03-02", "2026-03-23", "2026-10-19"]) {
        const axis = new TimeAxis(midnight(day), 7, 6, 20);
        for (let n = 0; n < 7; n++) {
            for (let minute = 6 * 60; minute < 20 * 60; minute += 15) {
                const moment = midnight(day)
                    .plus({ days: n })
                    .set({ hour: Math.floor(minute / 60), minute: minute % 60 })
                    .toMillis();
                expect(axis.moment(axis.position(moment))).toBe(moment);
            }
        }
    }
});

test("what is too short to see has a quarter of an hour's width", () => {
    const axis = new TimeAxis(midnight("2026-03-02"), 1, 8, 18);
    const { left, right } = axis.span(at("2026-03-02T09:00"), at("2026-03-02T09:01"));
    expect((right - left) * 10 * HOUR).toBeCloseTo(HOUR / 4, { margin: 1 });
});

test("a board shows 7 to 19 o'clock, and what lies outside of that", () => {
    const start = midnight("2026-03-02");
    const hours = (...stretches) =>
        getVisibleHours(
            start,
            2,
            stretches.map(([from, to]) => [at(from), at(to)])
        );
    expect(hours()).toEqual([7, 19]);
    expect(hours(["2026-03-02T08:00", "2026-03-02T12:00"])).toEqual([7, 19]);
    expect(hours(["2026-03-03T05:30", "2026-03-03T21:10"])).toEqual([5, 22]);
    expect(hours(["2026-03-02T22:00", "2026-03-03T02:00"])).toEqual([0, 24]);
    expect(hours(["2026-03-09T02:00", "2026-03-09T03:00"])).toEqual([7, 19]);
});

test("bars that overlap get lanes, those that touch share one", () => {
    const bars = [
        { left: 0, right: 0.5 },
        { left: 0.2, right: 0.4 },
        { left: 0.4, right: 0.6 },
        { left: 0.5, right: 0.7 },
    ];
    expect(packLanes(bars)).toBe(2);
    expect(bars.map((bar) => bar.lane)).toEqual([0, 1, 1, 0]);
    expect(packLanes([])).toBe(1);
});

test("load in percent; of work without any hours there is none", () => {
    expect(sumLoad([{ planned: 4, available: 8 }]).percent).toBe(50);
    expect(sumLoad([{ planned: 4, available: 8 }, { planned: 8, available: 8 }]).percent).toBe(75);
    const sunday = { planned: 2, available: 0 };
    expect(sumLoad([sunday])).toEqual({ ...sunday, percent: 0, hasNoHours: true });
    expect(sumLoad([sunday, { planned: 4, available: 8 }])).toEqual({
        planned: 6,
        available: 8,
        percent: 75,
        hasNoHours: false,
    });
    expect(sumLoad([])).toEqual({ planned: 0, available: 0, percent: 0, hasNoHours: false });
});

test("what is not open is closed", () => {
    expect(getGaps([[2, 4], [5, 7]], 0, 10)).toEqual([[0, 2], [4, 5], [7, 10]]);
    expect(getGaps([[0, 10]], 0, 10)).toEqual([]);
    expect(getGaps([], 0, 10)).toEqual([[0, 10]]);
});

test("long work rests at breaks and overnight", () => {
    const day = (number) => luxon.DateTime.local(2026, 3, number).startOf("day");
    const at = (number, hour) => day(number).plus({ hours: hour }).toMillis();
    const open = [2, 3].flatMap((n) => [
        [at(n, 8), at(n, 12)],
        [at(n, 13), at(n, 17)],
    ]);
    for (const [begin, hours, end] of [
        [at(2, 8), 2, at(2, 10)],
        [at(2, 11), 1, at(2, 12)],
        [at(2, 11), 2, at(2, 13)], // in one go
        [at(2, 9), 4, at(2, 14)],
        [at(2, 12.5), 4, at(2, 16.5)], // who is called out of the break
        [at(2, 8), 8, at(2, 17)],
        [at(2, 16), 2, at(2, 18)], // short: the server refuses
        [at(2, 15), 4, at(3, 10)],
        [at(1, 10), 2, at(1, 12)], // a Sunday
    ]) {
        expect(getPlannedEnd(begin, hours, { open, leaves: [] })).toBe(end);
    }
    const leaves = [{ start: at(2, 12), end: at(2, 13) }];
    expect(getPlannedEnd(at(2, 9), 4, { open, leaves })).toBe(at(2, 13));
});

test("a degree of latitude is 111 km", () => {
    expect(getDistance([45, 6], [46, 6])).toBeCloseTo(111.2, { margin: 0.1 });
    expect(getDistance([45, 6], [45, 6])).toBe(0);
});
