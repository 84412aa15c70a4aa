import { getGaps, getVisibleHours, packLanes, sumLoad, TimeAxis, toMillis } from "./board_time";

export const LANE = 26; // pixels
const NONE = 0;
const SEVERAL = -1;

/**
 * Turn what the server says into what is drawn.
 *
 * @param {Object} data answer of ``get_board``
 * @param {{start: luxon.DateTime, days: number, scale: string, levels: string[], filters: Object,
 *  collapsed: Set<string>}} options
 */
export function buildBoard(data, options) {
    const jobs = new Map();
    for (const job of [...data.interventions, ...data.pool]) {
        jobs.set(job.id, readJob(job));
    }
    const bars = data.interventions.map((job) => jobs.get(job.id));
    const technicians = data.technicians.filter((technician) => fits(technician, options.filters));
    const axis = buildAxis(options, technicians, bars);
    const mine = groupByCrew(bars);
    const rows = technicians.map((technician) =>
        buildRow(technician, mine.get(technician.id) || [], axis, options)
    );
    for (const vendor of data.vendors) {
        const own = bars.filter((bar) => bar.vendor_id === vendor.id && !bar.technician_id);
        rows.push(buildVendorRow(vendor, own, axis));
    }
    return {
        jobs,
        axis,
        scale: options.scale,
        days: options.days,
        head: buildHead(options, axis),
        lines: buildTree(rows, data, options),
        load: sumLoad(rows.flatMap((row) => row.days)),
        late: data.late_count,
        pool: buildPool(data, jobs, options.filters),
        poolCount: data.pool_count,
        speed: data.speed,
        map: data.map,
    };
}

function readJob(job) {
    const start = job.planned_start && toMillis(job.planned_start);
    const end = job.planned_end && toMillis(job.planned_end);
    const deadline = job.deadline && toMillis(job.deadline);
    const earliest = job.earliest && toMillis(job.earliest);
    const latest = job.latest && toMillis(job.latest);
    const isOver = ["done", "to_resume"].includes(job.state);
    const isLate = Boolean(deadline) && !isOver && Math.max(end || 0, Date.now()) > deadline;
    return { ...job, start, end, deadline, earliest, latest, isOver, isLate };
}

function fits(technician, { agency, competence }) {
    return (
        (!agency || technician.agency_ids.includes(agency)) &&
        (!competence || technician.competences.includes(competence))
    );
}

function buildAxis({ start, days, scale }, technicians, bars) {
    if (scale === "month") {
        return null;
    }
    const stretches = bars.filter((bar) => bar.end - bar.start < 864e5);
    const hours = getVisibleHours(start, days, [
        ...technicians.flatMap((technician) => technician.open.map((pair) => pair.map(toMillis))),
        ...stretches.map((bar) => [bar.start, bar.end]),
    ]);
    return new TimeAxis(start, days, ...hours);
}

function groupByCrew(bars) {
    const mine = new Map();
    for (const bar of bars) {
        for (const id of new Set([bar.technician_id, ...bar.helper_ids])) {
            if (!mine.has(id)) {
                mine.set(id, []);
            }
            mine.get(id).push(bar);
        }
    }
    return mine;
}

function buildRow(technician, own, axis, { start, days }) {
    const row = {
        ...technician,
        days: technician.days.map((day) => ({ ...day, load: sumLoad([day]) })),
        load: sumLoad(technician.days),
        seen: readPosition(technician),
    };
    if (!axis) {
        return row;
    }
    const from = start.toMillis();
    const to = start.plus({ days }).toMillis();
    row.open = technician.open.map((pair) => pair.map(toMillis));
    row.leaves = technician.leaves.map(([b, e, name]) => ({ start: toMillis(b), end: toMillis(e), name }));
    row.elsewhere = technician.elsewhere.map(([b, e]) => ({ start: toMillis(b), end: toMillis(e) }));
    row.shades = [
        ...getGaps(row.open, from, to).map(([b, e]) => shade(axis, "closed", b, e)),
        ...row.leaves.map((leave) => shade(axis, "leave", leave.start, leave.end, leave.name)),
        ...row.elsewhere.map((busy) => shade(axis, "elsewhere", busy.start, busy.end)),
    ].filter((each) => each.width > 0);
    placeBars(row, own, axis);
    return row;
}

/** Where and when a technician was seen last; only those who allow it have one. */
function readPosition({ position }) {
    if (!position) {
        return null;
    }
    const [latitude, longitude, moment] = position;
    const date = luxon.DateTime.fromMillis(toMillis(moment));
    const isToday = date.hasSame(luxon.DateTime.local(), "day");
    const format = isToday ? luxon.DateTime.TIME_SIMPLE : { day: "numeric", month: "short" };
    return {
        place: [latitude, longitude],
        label: date.toLocaleString(format),
        moment: date.toLocaleString(luxon.DateTime.DATETIME_SHORT),
    };
}

function buildVendorRow(vendor, own, axis) {
    const row = { ...vendor, id: -vendor.id, isVendor: true, days: [], load: null, shades: [] };
    row.open = row.leaves = row.elsewhere = [];
    if (axis) {
        placeBars(row, own, axis);
    }
    return row;
}

function shade(axis, kind, start, end, name = "") {
    const left = axis.position(start);
    const width = axis.position(end) - left;
    return { kind, name, width, style: `left:${left * 100}%;width:${width * 100}%` };
}

function placeBars(row, own, axis) {
    row.bars = own
        .map((job) => ({ job, ...axis.span(job.start, job.end) }))
        .sort((a, b) => a.left - b.left);
    row.lanes = packLanes(row.bars);
    for (const bar of row.bars) {
        bar.isHelp = !row.isVendor && bar.job.technician_id !== row.id;
        bar.style =
            `left:${bar.left * 100}%;width:${(bar.right - bar.left) * 100}%;` +
            `top:${bar.lane * LANE + 3}px`;
        bar.className = getBarClass(bar);
    }
    leaveRoom(row.bars);
}

/** The words of a bar may go on beside it, where nothing else is: until the next bar of its lane. */
function leaveRoom(bars) {
    const next = new Map();
    for (const bar of bars.toReversed()) {
        const width = bar.right - bar.left;
        if (next.has(bar.lane) && width > 0) {
            const room = (next.get(bar.lane) - bar.right) / width;
            bar.style += `;clip-path:inset(-3px ${-100 * room}% -3px -3px)`;
        }
        next.set(bar.lane, bar.left);
    }
}

function getBarClass({ job, isHelp }) {
    const marks = {
        o_dispatch_help: isHelp,
        o_dispatch_late: job.isLate,
        o_dispatch_urgent: job.priority === "1",
        o_dispatch_faded: !job.match,
        o_dispatch_fixed: job.is_fixed,
    };
    const names = Object.keys(marks).filter((name) => marks[name]);
    return [`o_dispatch_${job.state}`, ...names].join(" ");
}

function buildHead({ start, days, scale }, axis) {
    const head = [];
    for (let day = 0; day < days; day++) {
        const date = start.plus({ days: day });
        const hours = [];
        const step = scale === "day" ? 1 : 4;
        // none so near to the next day that it would be written over
        for (let hour = 0; axis && hour + step / 2 < axis.hours; hour += step) {
            hours.push({ left: (hour / axis.hours) * 100, label: `${axis.firstHour + hour}` });
        }
        head.push({
            key: date.toISODate(),
            date,
            label: date.toFormat(scale === "month" ? "d" : "ccc d LLL"),
            isToday: date.hasSame(luxon.DateTime.local(), "day"),
            isWeekend: date.isWeekend,
            hours,
        });
    }
    return head;
}

/** Agency › sector › technician, as lines from top to bottom; a closed group hides what is in it. */
function buildTree(rows, data, { levels, collapsed }) {
    const names = {
        agency_id: new Map(data.agencies.map((agency) => [agency.id, agency.name])),
        sector_id: new Map(data.sectors.map((sector) => [sector.id, sector.name])),
    };
    const lines = [];
    const add = (members, depth, path) => {
        const level = levels[depth];
        if (!level) {
            lines.push(...members.map((row) => ({ type: "row", key: `${path}/${row.id}`, row })));
            return;
        }
        for (const [id, own] of groupRows(members, level, names[level])) {
            const key = `${path}/${level}:${id}`;
            const label = names[level].get(id) || "";
            const load = sumLoad(own.flatMap((row) => row.days));
            const isOpen = !collapsed.has(key);
            lines.push({ type: "group", key, id, label, level, depth, load, isOpen, count: own.length });
            if (isOpen) {
                add(own, depth + 1, key);
            }
        }
    };
    add(
        rows.filter((row) => !row.isVendor),
        0,
        ""
    );
    const vendors = rows.filter((row) => row.isVendor);
    if (vendors.length) {
        lines.push({ type: "group", key: "/vendors", level: "vendor_id", depth: 0, isOpen: true });
        lines.push(...vendors.map((row) => ({ type: "row", key: `v/${row.id}`, row })));
    }
    return lines;
}

function groupRows(rows, level, names) {
    const groups = new Map();
    for (const row of rows) {
        const ids = row[level === "agency_id" ? "agency_ids" : "sector_ids"];
        const known = ids.filter((each) => names.has(each));
        // who belongs to several agencies stands in the first one
        const id = level === "sector_id" && known.length > 1 ? SEVERAL : known[0] || NONE;
        if (!groups.has(id)) {
            groups.set(id, []);
        }
        groups.get(id).push(row);
    }
    // the order of the server, what belongs nowhere last
    const order = [...names.keys(), SEVERAL, NONE];
    const rank = (id) => order.indexOf(id);
    return [...groups].sort((a, b) => rank(a[0]) - rank(b[0]));
}

function buildPool(data, jobs, { agency, text }) {
    const words = text.trim().toLowerCase();
    const sectors = new Map(data.sectors.map((sector) => [sector.id, sector.name]));
    const groups = new Map();
    for (const { id } of data.pool) {
        const job = jobs.get(id);
        const all = [job.name, job.partner, job.city, job.nature].join(" ").toLowerCase();
        if ((agency && job.agency_id !== agency) || !all.includes(words)) {
            continue;
        }
        const sector = job.sector_id || NONE;
        if (!groups.has(sector)) {
            groups.set(sector, { id: sector, label: sectors.get(sector) || "", jobs: [] });
        }
        groups.get(sector).jobs.push(job);
    }
    return [...groups.values()];
}
