import { getStartOfLocalWeek, serializeDateTime } from "@web/core/l10n/dates";
import { KeepLast } from "@web/core/utils/concurrency";
import { Model } from "@web/model/model";
import { buildBoard } from "./board_rows";

const { DateTime } = luxon;

export const SCALES = { day: 1, week: 7, month: 31 };
const GROUPS = ["agency_id", "sector_id"];

/** What the board knows of its window of time; plans by one named method of the server. */
export class DispatchModel extends Model {
    setup({ resModel, scale, date }) {
        this.resModel = resModel;
        this.scale = scale;
        this.date = date || DateTime.local();
        this.keepLast = new KeepLast();
        this.filters = { agency: false, competence: false, text: "" };
        this.collapsed = new Set();
    }

    get start() {
        return this.scale === "week" ? getStartOfLocalWeek(this.date) : this.date.startOf(this.scale);
    }

    get days() {
        return this.scale === "month" ? this.date.daysInMonth : SCALES[this.scale];
    }

    /** When a job that has no date yet would begin: in the morning of the day that is shown. */
    get defaultStart() {
        return (this.scale === "day" ? this.start : this.date).set({ hour: 8, minute: 0, second: 0 });
    }

    async load({ domain = this.domain, groupBy = this.groupBy } = {}) {
        this.domain = domain;
        this.groupBy = groupBy;
        this.data = await this.keepLast.add(
            this.orm.call(this.resModel, "get_board", [
                serializeDateTime(this.start),
                serializeDateTime(this.start.plus({ days: this.days })),
                domain,
            ])
        );
        this.build();
    }

    /** Draw again what is known already: after a filter, a group that opens or closes. */
    build() {
        const levels = this.groupBy.filter((name) => GROUPS.includes(name));
        this.board = buildBoard(this.data, {
            start: this.start,
            days: this.days,
            scale: this.scale,
            levels: levels.length ? levels : GROUPS,
            filters: this.filters,
            collapsed: this.collapsed,
        });
        this.notify();
    }

    async show(scale, date) {
        this.scale = scale;
        this.date = date;
        await this.load();
    }

    getJob(id) {
        return this.board.jobs.get(id);
    }

    /**
     * @param {Object} job a bar or a card
     * @param {{technicianId?: number, start?: number, end?: number}} plan milliseconds
     * @param {string} [reason] why the conflict does not matter
     */
    async plan(job, { technicianId = false, start = false, end = false }, reason) {
        const text = (millis) => millis && serializeDateTime(DateTime.fromMillis(millis));
        const kwargs = { version: job.version };
        if (reason) {
            kwargs.conflict_reason = reason;
        }
        await this.orm.call(
            this.resModel,
            "action_plan",
            [[job.id], technicianId, text(start), text(end)],
            kwargs
        );
    }

    async unplan(job) {
        await this.orm.call(this.resModel, "action_unplan", [[job.id]], { version: job.version });
    }
}
