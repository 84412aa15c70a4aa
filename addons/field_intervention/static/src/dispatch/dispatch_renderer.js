import { Component, onMounted, onPatched, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { getDistance, getPlannedEnd, MINUTE, STEP } from "./board_time";
import { DispatchRow } from "./dispatch_row";
import { useGhostDrag } from "./ghost_drag";
import { JobCard } from "./job_card";
import { formatHours, getLoadLabel } from "../hours";
import { MapPanel } from "../map/map_panel";

const { DateTime } = luxon;
const MOVABLE = ["draft", "planned", "dispatched"];

const isBefore = (a, b) => Boolean(a) && Boolean(b) && a < b;

/** Pool, rows, and the card of the job that is selected. */
export class DispatchRenderer extends Component {
    static template = "field_intervention.DispatchRenderer";
    static components = { DispatchRow, JobCard, MapPanel };
    static props = {
        board: Object,
        filters: Object,
        canEdit: Boolean,
        defaultStart: Object,
        selectedId: [Number, Boolean],
        isMapOpen: Boolean,
        setFilter: Function,
        select: Function,
        open: Function,
        plan: Function,
        unplan: Function,
        assign: Function,
        toggleGroup: Function,
        showDay: Function,
        setBusy: Function,
        refresh: Function,
        showPool: Function,
    };
    loadLabel = getLoadLabel;
    formatHours = formatHours;

    setup() {
        this.ui = useService("ui");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.hint = useRef("hint");
        this.state = useState({ isPoolOpen: !this.ui.isSmall });
        useGhostDrag(this.root, {
            selector: "[data-job]",
            resizable: ".o_dispatch_bar:not(.o_dispatch_help)",
            scroller: ".o_dispatch_main",
            canDrag: (el) => this.canMove(this.props.board.jobs.get(Number(el.dataset.job))),
            onMove: (drag) => this.preview(drag),
            onDrop: (drag) => this.drop(drag),
            onEnd: () => this.endDrag(),
        });
        onMounted(() => this.scrollToNow());
        onPatched(() => this.keepFocus());
    }

    get selected() {
        return this.props.selectedId && this.props.board.jobs.get(this.props.selectedId);
    }

    groupLabel(line) {
        const without = { agency_id: _t("No agency"), sector_id: _t("No sector") };
        const several = line.id < 0 && _t("Several sectors");
        return line.label || several || without[line.level] || _t("Subcontractors");
    }

    canMove(job) {
        return this.props.canEdit && Boolean(this.props.board.axis) && MOVABLE.includes(job?.state);
    }

    scrollToNow() {
        const now = this.root.el.querySelector(".o_dispatch_now");
        now?.scrollIntoView({ inline: "center", block: "nearest" });
    }

    /** A bar that was drawn anew is a new element: whoever uses the keyboard stays where they were. */
    keepFocus() {
        if (this.props.selectedId && document.activeElement === document.body) {
            this.root.el
                .querySelector(`[data-job="${this.props.selectedId}"]`)
                ?.focus({ preventScroll: true });
        }
    }

    get nowStyle() {
        const { axis } = this.props.board;
        const position = axis ? axis.position(Date.now()) : 0;
        return position > 0 && position < 1 ? `left:${position * 100}%` : "";
    }

    // -------------------------------------------------------------- drag
    /** Where a drag would end: the row and the time under its left edge, or the pool. */
    getTarget(drag) {
        const under = document.elementsFromPoint(drag.isResize ? drag.box.left + 2 : drag.x, drag.isResize ? drag.box.top + 2 : drag.y);
        if (under.some((el) => el.classList.contains("o_dispatch_pool"))) {
            return { isPool: true };
        }
        const lane = under.find((el) => el.classList.contains("o_dispatch_lane"));
        if (!lane) {
            return null;
        }
        const row = this.getRow(Number(lane.dataset.row));
        if (!row || row.isVendor) {
            return null;
        }
        const job = this.props.board.jobs.get(Number(drag.el.dataset.job));
        const box = lane.getBoundingClientRect();
        const { axis } = this.props.board;
        const at = (x) => axis.moment((x - box.left) / box.width);
        if (drag.isResize) {
            const end = Math.max(at(drag.right), job.start + STEP * MINUTE);
            return { lane, row, job, start: job.start, end };
        }
        // a card of the pool is held where it was gripped: the job begins under the pointer
        const isCard = drag.el.classList.contains("o_dispatch_card");
        const start = at(isCard ? drag.x : drag.left);
        return { lane, row, job, start, end: getPlannedEnd(start, job.planned_hours, row) };
    }

    getRow(id) {
        return this.props.board.lines.find((line) => line.row?.id === id)?.row;
    }

    preview(drag) {
        this.props.setBusy(true);
        this.askWhoLacks(Number(drag.el.dataset.job));
        const target = this.getTarget(drag);
        const lane = target?.lane;
        if (this.lane !== lane) {
            this.lane?.classList.remove("o_dispatch_over");
            lane?.classList.add("o_dispatch_over");
            this.lane = lane;
        }
        this.showHint(drag, target);
    }

    /** Asked once for each drag: the board does not know what each of its jobs asks for. */
    async askWhoLacks(jobId) {
        if (this.lacking?.jobId !== jobId) {
            const lacking = { jobId, technician_ids: [] };
            this.lacking = lacking;
            const found = await this.orm.silent.call("service.intervention", "get_lacking_technicians", [jobId]);
            Object.assign(lacking, found);
            if (this.lacking === lacking) {
                this.showHint(...this.shown);
            }
        }
    }

    showHint(drag, target) {
        this.shown = [drag, target];
        const hint = this.hint.el;
        hint.classList.toggle("d-none", !target);
        if (!target) {
            return;
        }
        const warnings = target.isPool ? [] : this.getWarnings(target);
        const words = target.isPool ? [_t("Back to the pool")] : this.getPreview(target);
        hint.textContent = [...words, ...warnings].join(" · ");
        hint.classList.toggle("text-bg-danger", warnings.length > 0);
        hint.classList.toggle("text-bg-dark", !warnings.length);
        hint.style.transform = `translate(${drag.x + 12}px,${drag.y + 16}px)`;
    }

    getPreview({ row, job, start, end }) {
        const time = (millis) => DateTime.fromMillis(millis).toFormat("HH:mm");
        const words = [row.name, `${time(start)} – ${time(end)}`];
        const minutes = this.getTravel(row, job, start);
        if (minutes) {
            words.push(_t("%s min of travel", minutes));
        }
        return words;
    }

    getTravel(row, job, start) {
        const before = row.bars.filter((bar) => bar.job !== job && bar.job.end <= start).at(-1);
        const origin = before ? before.job.position : row.home;
        if (!origin || !job.position) {
            return 0;
        }
        const hours = getDistance(origin, job.position) / this.props.board.speed;
        return Math.round(hours * 60);
    }

    /** What the server would refuse, said before the drop. */
    getWarnings({ row, job, start, end }) {
        const touches = (each) => each.start < end && each.end > start;
        const warnings = row.bars
            .filter((bar) => bar.job.id !== job.id && !bar.job.isOver && touches(bar.job))
            .map((bar) => _t("busy: %s", bar.job.name));
        if (row.elsewhere.some(touches)) {
            warnings.push(_t("busy elsewhere"));
        }
        if (isBefore(start, job.earliest) || isBefore(job.latest, start)) {
            warnings.push(_t("not when the customer is there"));
        }
        const leave = row.leaves.find(touches);
        if (leave) {
            warnings.push(leave.name);
        } else if (!row.open.some(([b, e]) => start >= b && start < e)) {
            warnings.push(_t("off duty"));
        }
        if (this.lacking.technician_ids.includes(row.id)) {
            warnings.push(_t("lacks: %s", this.lacking.competence));
        }
        return warnings;
    }

    async drop(drag) {
        const job = this.props.board.jobs.get(Number(drag.el.dataset.job));
        const target = this.getTarget(drag);
        if (target?.isPool) {
            if (job.technician_id || job.start) {
                await this.props.unplan(job);
            }
        } else if (target && drag.isResize) {
            await this.props.plan(job, { start: target.start, end: target.end });
        } else if (target) {
            await this.props.plan(job, { technicianId: target.row.id, start: target.start });
        }
    }

    endDrag() {
        this.lane?.classList.remove("o_dispatch_over");
        this.lane = null;
        this.lacking = null;
        this.hint.el?.classList.add("d-none");
        this.props.setBusy(false);
    }

    // -------------------------------------------------------------- pointer and keys
    onClick(ev) {
        const el = ev.target.closest("[data-job]");
        if (el) {
            this.props.select(Number(el.dataset.job));
        }
    }

    /** The words of a bar are made when somebody looks at it: a week has thousands of bars. */
    onHover(ev) {
        const el = ev.target.closest(".o_dispatch_bar");
        if (el) {
            el.title = this.describe(this.props.board.jobs.get(Number(el.dataset.job)));
        }
    }

    describe(job) {
        const time = (millis) => DateTime.fromMillis(millis).toFormat("HH:mm");
        const parts = [`${time(job.start)} – ${time(job.end)}`, job.name, job.partner, job.city];
        return [...parts, job.nature, job.conflict_reason].filter(Boolean).join(" · ");
    }

    onDoubleClick(ev) {
        const el = ev.target.closest("[data-job]");
        if (el) {
            this.props.open(Number(el.dataset.job));
        }
    }

    onKeydown(ev) {
        const el = ev.target.closest("[data-job]");
        if (!el || ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        const id = Number(el.dataset.job);
        const actions = {
            Enter: () => this.props.select(id),
            " ": () => this.props.select(id),
            a: () => this.props.assign(id),
            o: () => this.props.open(id),
            Delete: () => this.canMove(this.props.board.jobs.get(id)) && this.unplan(id),
            ArrowRight: () => this.focusNext(el, 1),
            ArrowDown: () => this.focusNext(el, 1),
            ArrowLeft: () => this.focusNext(el, -1),
            ArrowUp: () => this.focusNext(el, -1),
        };
        const longer = ev.shiftKey && { ArrowRight: 1, ArrowLeft: -1 }[ev.key];
        if (longer) {
            actions[ev.key] = () => this.resize(this.props.board.jobs.get(id), longer * STEP * MINUTE);
        }
        if (ev.key in actions) {
            ev.preventDefault();
            ev.stopPropagation();
            actions[ev.key]();
        }
    }

    unplan(id) {
        return this.props.unplan(this.props.board.jobs.get(id));
    }

    /** Make a job end later or earlier, by milliseconds. */
    resize(job, length) {
        const end = job.end + length;
        if (this.canMove(job) && job.start && end > job.start) {
            return this.props.plan(job, { start: job.start, end });
        }
    }

    focusNext(el, step) {
        const all = [...this.root.el.querySelectorAll("[data-job]")];
        all[all.indexOf(el) + step]?.focus();
    }
}
