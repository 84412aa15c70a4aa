// What the screens show: the rows of the server with what was done on the device laid over them.
// Pure functions, without database or network.

/** state that a step leads to (none: unchanged), and the time that it starts (none: that of the state) */
export const STEPS = {
    leave: ["on_the_way", "travel"],
    arrive: ["on_site", "work"],
    start: ["on_site", "work"],
    pause: [null, "pause"],
    resume: [null, null],
};
/** states in which a clock runs, and the time that it measures */
const UNDER_WAY = { on_the_way: "travel", on_site: "work" };
export const ENDED = ["done", "to_resume", "cancelled"];

function startTime(row, kind, at) {
    const last = row.times[row.times.length - 1];
    if (last && !last.stop) {
        last.stop = at;
    }
    if (kind) {
        row.times.push({ kind, start: at, stop: null });
    }
}

/** Whether a line is planned, and nobody said yet what became of it. */
export const isUndone = (line) => !["done", "cancelled"].includes(line.state);

/** How each kind of command changes the row of its intervention. */
const EFFECTS = {
    step(row, { step, at }) {
        const [state, kind] = STEPS[step];
        row.state = state || row.state;
        row.is_paused = kind === "pause";
        startTime(row, kind || UNDER_WAY[row.state], at);
    },
    finish(row, { outcome, at }) {
        row.state = outcome;
        startTime(row, null, at);
    },
    time: (row, { kind, start, stop }) => row.times.push({ kind, start, stop }),
    text: (row, { field, value }) => (row[field] = value),
    operation(row, { operation, value }) {
        const found = row.operations.find((o) => o.id === operation);
        if (found) {
            Object.assign(found, value);
        }
    },
    consume(row, payload, command) {
        const planned = row.consumptions.find((line) => line.id === payload.consumption);
        if (planned && payload.quantity <= 0) {
            const plan = { quantity: planned.quantity, to_order: planned.to_order };
            Object.assign(planned, { state: "cancelled", command: command.uuid, plan });
            return;
        }
        // of a part of what was planned, the rest stays planned
        const isPart = planned && payload.quantity < planned.quantity;
        if (isPart) {
            planned.quantity -= payload.quantity;
        }
        const line = isPart ? { id: command.uuid, rest: planned.id } : planned || { id: command.uuid };
        if (line === planned) {
            line.plan = { quantity: planned.quantity, to_order: planned.to_order };
        }
        Object.assign(line, {
            product: payload.product,
            name: command.label,
            kind: command.part_kind || "part",
            quantity: payload.quantity,
            unit: command.unit || "",
            equipment: payload.equipment || planned?.equipment,
            numbers: payload.numbers || [],
            to_order: !!payload.to_order,
            ordered: false,
            state: payload.to_order ? "todo" : "done",
            command: command.uuid,
        });
        if (line !== planned) {
            row.consumptions.push(line);
        }
    },
    unconsume(row, { command }) {
        const line = row.consumptions.find((one) => one.command === command);
        if (line?.plan) {
            Object.assign(line, line.plan, { state: "todo", numbers: [], command: "", plan: null });
        } else if (line) {
            row.consumptions = row.consumptions.filter((one) => one !== line);
            const rest = row.consumptions.find((one) => one.id === line.rest && isUndone(one));
            if (rest) {
                rest.quantity += line.quantity;
            }
        }
    },
    exchange(row, payload, command) {
        row.consumptions.push({
            id: command.uuid,
            product: payload.product,
            name: command.label,
            kind: "part",
            quantity: 1,
            unit: "",
            equipment: command.equipment,
            numbers: payload.number ? [payload.number] : [],
            state: "done",
        });
    },
    photo: (row, { blob, name, when }) => row.photos.push({ blob, name, when }),
    signature(row, { signed_by }) {
        row.is_signed = true;
        row.signed_by = signed_by;
    },
    reading: (row, { meter, value, at }) => row.readings.push({ meter, value, at }),
    ask: (row, { what, note }) => row.asks.push({ what, note }),
};

/**
 * An intervention that the device made itself, as the server would send it: of the visit that it
 * was made from it has the place and the customer only; its cover is what is known of its machine.
 */
function makeIntervention({ payload, source }) {
    const cover = source.cover?.[payload.equipment];
    return {
        ...structuredClone(source),
        id: payload.intervention,
        name: "",
        is_mine: true,
        title: payload.title,
        state: "planned",
        start: payload.at,
        end: null,
        is_paused: false,
        report: "",
        description: payload.note || "",
        coverage: "",
        cover: cover ? { [payload.equipment]: cover } : {},
        findings: [payload.title, payload.note].filter(Boolean).join("\n"),
        customer_comment: "",
        is_signed: false,
        signed_by: "",
        equipment: payload.equipment ? [payload.equipment] : [],
        times: [],
        operations: [],
        consumptions: [],
        documents: [],
        loans: [],
        tools: [],
    };
}

/** The ids of entries that were taken back again, and of what took them back: as if never made. */
function findTakenBack(commands) {
    const made = new Set(commands.filter((c) => c.kind === "consume").map((c) => c.uuid));
    return new Set(
        commands
            .filter((c) => c.kind === "unconsume" && made.has(c.payload.command))
            .flatMap((c) => [c.uuid, c.payload.command])
    );
}

/**
 * The interventions as the technician left them.
 *
 * @param {Object[]} rows of the server
 * @param {Object[]} commands that the rows do not show yet, in their order
 */
export function overlay(rows, commands) {
    const shown = rows.map((row) => structuredClone(row));
    for (const command of commands) {
        if (
            command.kind === "create" &&
            !shown.some((row) => row.id === command.payload.intervention)
        ) {
            shown.push(makeIntervention(command));
        }
    }
    const byId = new Map();
    for (const row of shown) {
        Object.assign(row, { photos: [], readings: [], asks: [], waiting: 0 });
        byId.set(row.id, row);
    }
    const undone = findTakenBack(commands);
    for (const command of commands) {
        const row = byId.get(command.payload.intervention);
        if (row && undone.has(command.uuid)) {
            row.waiting += command.verdict ? 0 : 1;
        } else if (row) {
            EFFECTS[command.kind]?.(row, command.payload, command);
            row.waiting += command.verdict ? 0 : 1;
        }
    }
    return shown.sort((a, b) => (a.start || "").localeCompare(b.start || ""));
}

/**
 * The van less what was used and plus what was taken back since the server counted it.
 *
 * What was taken back is defective: it lies apart and cannot be used.
 */
export function overlayVan(rows, commands) {
    const van = rows.map((row) => ({ ...row }));
    const add = (product, quantity, number, more) =>
        van.push({ id: `new-${van.length}`, product, number, quantity, place: "", ...more });
    const move = (product, quantity, number = "", location = null) => {
        const good = van.filter((row) => row.product === product && !row.defective);
        const found =
            good.find((row) => row.number === number && (!location || row.location === location)) ||
            good.find((row) => row.number === number) ||
            good[0];
        if (found) {
            found.quantity += quantity;
        } else {
            add(product, quantity, number);
        }
    };
    const takeBack = (product, quantity, number = "") =>
        add(product, quantity, number, { defective: true });
    const undone = findTakenBack(commands);
    for (const { uuid, kind, payload, part_kind, stocked, old_product, marks, used } of commands) {
        if (undone.has(uuid)) {
            continue;
        }
        const isGood = (part_kind || "part") === "part" && stocked !== false;
        if (kind === "consume" && isGood && !payload.to_order) {
            move(payload.product, -payload.quantity, payload.numbers?.[0], payload.location);
        } else if (kind === "unconsume" && used) {
            move(used.product, used.quantity, used.number);
        } else if (kind === "take_back") {
            takeBack(payload.product, payload.quantity, payload.numbers?.[0]);
        } else if (kind === "exchange") {
            move(payload.product, -1, payload.number, payload.location);
            if (payload.take_back) {
                takeBack(old_product, 1);
            }
        } else if (kind === "count") {
            for (const row of van) {
                row.counted = marks?.[row.id] ?? row.counted;
            }
        }
    }
    return van.filter((row) => row.quantity);
}

/** `Map(product: quantity)` of what can be used. */
export function sumVan(van) {
    const held = new Map();
    for (const { product, quantity, defective } of van) {
        if (!defective) {
            held.set(product, (held.get(product) || 0) + quantity);
        }
    }
    return held;
}

/** The places in the van that hold a product, the fullest one first. */
export function findPlaces(van, product) {
    const places = new Map();
    for (const row of van) {
        if (row.product === product && !row.defective && row.location && row.quantity > 0) {
            const place = places.get(row.location) || { id: row.location, name: row.place, quantity: 0 };
            place.quantity += row.quantity;
            places.set(row.location, place);
        }
    }
    return [...places.values()].sort((a, b) => b.quantity - a.quantity);
}

/** The lot and serial numbers of a product in the van that can be used. */
export function findNumbers(van, product) {
    const rows = van.filter((row) => row.product === product && !row.defective && row.quantity > 0);
    return [...new Set(rows.map((row) => row.number).filter(Boolean))].sort();
}

/** What the technician said about positions: the server's word, or a later one on the device. */
export function overlayMe(me, commands) {
    const said = commands.filter((command) => command.kind === "consent").pop();
    return said ? { ...me, position_allowed: said.payload.agrees } : me;
}

/** The machine of a code: the address on our label, its own code, or its serial number. */
export function findMachine(equipment, code) {
    const [, id] = code.match(/\/service\/equipment\/(\d+)$/) || [];
    return (
        equipment.get(Number(id)) ||
        [...equipment.values()].find((machine) => [machine.code, machine.serial].includes(code))
    );
}

/** Percent of a line that the customer does not pay, by the cover of its machine, if it is known. */
export function freeShare(row, line) {
    const machine = line.equipment || row.equipment[0];
    return row.cover[machine]?.[line.kind];
}

/** "free", "partial", "billed" or "unknown": what the customer will pay of a line. */
export function billing(row, line) {
    const share = freeShare(row, line);
    if (share === undefined) {
        return "unknown";
    }
    return share >= 100 ? "free" : share > 0 ? "partial" : "billed";
}

/**
 * What is strange about a reading, as a word: "below", "rollover" (it may have started again at
 * zero), "high", "low"; nothing when it is plausible.
 */
export function judgeReading(meter, value, now = Date.now()) {
    if (meter.counts_up && value < 0) {
        return "below";
    }
    if (!meter.date) {
        return "";
    }
    if (meter.counts_up && value < meter.value) {
        return meter.rollover ? "rollover" : "below";
    }
    if (!meter.counts_up || !meter.per_day || !meter.outlier) {
        return "";
    }
    const days = Math.max((now - new Date(`${meter.date}Z`)) / 86400000, 0);
    const expected = meter.per_day * days;
    const used = value - meter.value;
    if (used > meter.per_day * Math.max(days, 1) * (1 + meter.outlier / 100)) {
        return "high";
    }
    return used < expected * (1 - meter.outlier / 100) ? "low" : "";
}

/** Whether a measured value lies within its bounds; there is no upper one unless above the lower. */
export function isWithin(operation, value) {
    const { min, max } = operation;
    if (!min && !max) {
        return true;
    }
    return min <= value && (max <= min || value <= max);
}

/**
 * The technician's other visits whose clock runs while this one is to start.
 *
 * A helper's clock is that of the team: it goes on.
 */
export function findRunning(rows, row) {
    return rows.filter(
        (other) => other.id !== row.id && other.is_mine && other.state in UNDER_WAY && !other.is_paused
    );
}

/** What is missing before an intervention can be done: "report", "operations", "readings", "parts". */
export function getMissing(row, equipment) {
    const missing = [];
    if (row.needs_report && !row.report.trim()) {
        missing.push("report");
    }
    if (row.operations.some((operation) => operation.mandatory && !operation.done)) {
        missing.push("operations");
    }
    if (row.needs_reading) {
        const meters = row.equipment.flatMap((id) => equipment.get(id)?.meters || []);
        const read = new Set(row.readings.map((reading) => reading.meter));
        if (meters.some((meter) => !read.has(meter.id))) {
            missing.push("readings");
        }
    }
    const isOpen = (line) => line.kind === "part" && isUndone(line) && !line.to_order;
    if (row.consumptions.some(isOpen)) {
        missing.push("parts");
    }
    return missing;
}

/** Whether only the office has to look at it: a wish, or a reading that was confirmed as it is. */
const isForOffice = ({ kind, payload }) =>
    ["ask", "report_machine", "reading"].includes(kind) || !!payload.to_order;

/** Whether the technician has to look at what became of an entry. */
export const needsLook = (entry) =>
    entry.verdict !== "applied" || (!!entry.review && !isForOffice(entry));

/** The operations that are not in order: a value out of its bounds, or a finding. */
export const findNotOk = (row) => row.operations.filter((operation) => operation.result === "not_ok");

/** Hours of work and travel; running stretches count up to now. */
export function sumHours(times, kind, now = Date.now()) {
    const utc = (value) => new Date(/Z|\+/.test(value) ? value : `${value}Z`).getTime();
    return times
        .filter((time) => time.kind === kind)
        .reduce((sum, t) => sum + ((t.stop ? utc(t.stop) : now) - utc(t.start)) / 3600000, 0);
}

/** The number that somebody typed, with a comma or a point; NaN when it is none. */
export const parseNumber = (text) =>
    String(text ?? "").trim() === "" ? NaN : Number(String(text).replace(",", "."));

const fold = (text) =>
    (text || "")
        .normalize("NFD")
        .replace(/\p{M}/gu, "")
        .toLowerCase();

/** Rows of which some text contains all the words, without regard to case and accents. */
export function search(rows, words, texts, limit = 60) {
    const wanted = fold(words).split(/\s+/).filter(Boolean);
    const found = [];
    for (const row of rows) {
        const text = fold(texts(row));
        if (wanted.every((word) => text.includes(word))) {
            found.push(row);
            if (found.length === limit) {
                break;
            }
        }
    }
    return found;
}
