// The arithmetic of the board: no component, no server.

export const MINUTE = 60000;
export const HOUR = 60 * MINUTE;
export const LONG = 3; // hours: shorter work is done in one go
export const STEP = 15; // minutes that a drop snaps to

/**
 * Read a moment as the server writes it. Luxon takes twenty times as long, and a board has thousands.
 *
 * @param {string} text "YYYY-MM-DD HH:MM:SS" in UTC
 * @returns {number} milliseconds since 1970
 */
export function toMillis(text) {
    return Date.parse(`${text.replace(" ", "T")}Z`);
}

/**
 * Days side by side, of each the hours between two o'clocks. Hours are those on the wall: on the day
 * when the clocks change, one hour has no width or one lasts two.
 */
export class TimeAxis {
    /**
     * @param {luxon.DateTime} start midnight of the first day, in the user's zone
     * @param {number} days
     * @param {number} firstHour
     * @param {number} lastHour
     */
    constructor(start, days, firstHour = 0, lastHour = 24) {
        this.start = start;
        this.days = days;
        this.firstHour = firstHour;
        this.hours = lastHour - firstHour;
        this.ticks = [];
        for (let day = 0; day < days; day++) {
            const ticks = [];
            for (let hour = firstHour; hour <= lastHour; hour++) {
                ticks.push(this._moment(day, hour, 0).toMillis());
            }
            this.ticks.push(ticks);
        }
    }

    _moment(day, hour, minute) {
        // 24 o'clock is midnight of the next day, whatever its length
        return this.start
            .plus({ days: day + Math.floor(hour / 24) })
            .set({ hour: hour % 24, minute });
    }

    /**
     * @param {number} millis
     * @returns {number} 0 at the left edge, 1 at the right one
     */
    position(millis) {
        let day = this.days - 1;
        while (day > 0 && millis < this.ticks[day][0]) {
            day--;
        }
        const ticks = this.ticks[day];
        let hour = this.hours;
        while (hour > 0 && millis < ticks[hour]) {
            hour--;
        }
        let part = 0;
        if (hour < this.hours && millis > ticks[hour]) {
            part = (millis - ticks[hour]) / (ticks[hour + 1] - ticks[hour]);
        }
        return (day * this.hours + hour + part) / (this.days * this.hours);
    }

    /**
     * @param {number} position 0 to 1
     * @returns {number} milliseconds, snapped to the next step on the wall clock
     */
    moment(position) {
        const steps = Math.round((position * this.days * this.hours * 60) / STEP);
        const perDay = (this.hours * 60) / STEP;
        const day = Math.min(Math.max(Math.floor(steps / perDay), 0), this.days - 1);
        const minutes = Math.min(Math.max(steps - day * perDay, 0), perDay) * STEP;
        return this._moment(
            day,
            this.firstHour + Math.floor(minutes / 60),
            minutes % 60
        ).toMillis();
    }

    /** @returns {{left: number, right: number}} where a stretch of time lies, never without width */
    span(start, end) {
        const left = this.position(start);
        return { left, right: Math.max(this.position(end), left + 0.25 / (this.days * this.hours)) };
    }
}

/**
 * The hours of the day that a board has to show: from 7 to 19, and whatever lies outside of that.
 *
 * @param {luxon.DateTime} start midnight of the first day
 * @param {number} days
 * @param {[number, number][]} stretches milliseconds
 * @returns {[number, number]}
 */
export function getVisibleHours(start, days, stretches) {
    const midnights = [];
    for (let day = 0; day <= days; day++) {
        midnights.push(start.plus({ days: day }).toMillis());
    }
    let [first, last] = [7, 19];
    for (const [begin, end] of stretches) {
        for (let day = 0; day < days; day++) {
            if (begin < midnights[day + 1] && end > midnights[day]) {
                const from = (Math.max(begin, midnights[day]) - midnights[day]) / HOUR;
                const to = (Math.min(end, midnights[day + 1]) - midnights[day]) / HOUR;
                first = Math.min(first, Math.floor(from));
                last = Math.max(last, Math.ceil(to));
            }
        }
    }
    return [first, Math.min(last, 24)];
}

/**
 * Give bars that overlap a lane of their own each.
 *
 * @param {{left: number, right: number, lane?: number}[]} bars sorted by ``left``; get a ``lane``
 * @returns {number} how many lanes there are, at least one
 */
export function packLanes(bars) {
    const ends = [];
    for (const bar of bars) {
        let lane = ends.findIndex((end) => end <= bar.left + 1e-9);
        if (lane < 0) {
            lane = ends.length;
        }
        ends[lane] = bar.right;
        bar.lane = lane;
    }
    return Math.max(ends.length, 1);
}

/**
 * @param {{planned: number, available: number}[]} days
 * @returns {{planned: number, available: number, percent: number, hasNoHours: boolean}} of work
 *  without any hours there is no percentage
 */
export function sumLoad(days) {
    const planned = days.reduce((sum, day) => sum + day.planned, 0);
    const available = days.reduce((sum, day) => sum + day.available, 0);
    const percent = available ? Math.round((100 * planned) / available) : 0;
    return { planned, available, percent, hasNoHours: !available && planned > 0 };
}

/**
 * What is not open: the gaps between stretches of time.
 *
 * @param {[number, number][]} open sorted, without overlap
 * @returns {[number, number][]}
 */
export function getGaps(open, start, end) {
    const gaps = [];
    let from = start;
    for (const [begin, stop] of open) {
        if (begin > from) {
            gaps.push([from, begin]);
        }
        from = Math.max(from, stop);
    }
    if (from < end) {
        gaps.push([from, end]);
    }
    return gaps;
}

/**
 * When work of so many hours is over: what is long rests at breaks and overnight, as the server plans.
 *
 * @param {number} start milliseconds
 * @param {number} hours
 * @param {{open: number[][], leaves: {start: number, end: number}[]}} row of a technician
 * @returns {number} milliseconds
 */
export function getPlannedEnd(start, hours, { open, leaves }) {
    const day = (millis) => luxon.DateTime.fromMillis(millis).toISODate();
    let end = start + hours * HOUR;
    for (const [begin, stop] of getGaps(open, start, start)) {
        const isAway = leaves.some((leave) => leave.start < stop && leave.end > begin);
        const rests = hours > LONG && (day(begin) !== day(stop) || !isAway);
        if (rests && begin > start && begin < end) {
            end += stop - begin;
        }
    }
    return end;
}

/** The kilometres of the great circle between two [latitude, longitude]. */
export function getDistance(start, end) {
    const [lat1, lon1, lat2, lon2] = [...start, ...end].map((angle) => (angle * Math.PI) / 180);
    const half =
        Math.sin((lat2 - lat1) / 2) ** 2 +
        Math.cos(lat1) * Math.cos(lat2) * Math.sin((lon2 - lon1) / 2) ** 2;
    return 2 * 6371 * Math.asin(Math.sqrt(half));
}
