import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useBus, useOwnedDialogs, useService } from "@web/core/utils/hooks";
import { useModel } from "@web/model/model";
import { useSetupAction } from "@web/search/action_hook";
import { CogMenu } from "@web/search/cog_menu/cog_menu";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { standardViewProps } from "@web/views/standard_view_props";
import { CandidatesDialog } from "../candidates/candidates_dialog";
import { useLiveInterventions } from "../live/live_interventions";
import { ConflictDialog } from "./conflict_dialog";
import { getLoadLabel } from "../hours";

const { DateTime } = luxon;

const LOAD_NAMES = {
    day: _t("Load of the day:"),
    week: _t("Load of the week:"),
    month: _t("Load of the month:"),
};
const SCALE_NAMES = { day: _t("Day"), week: _t("Week"), month: _t("Month") };

/** The board and what surrounds it: dates, filters, what is asked before something is written. */
export class DispatchController extends Component {
    static template = "field_intervention.DispatchView";
    static components = { Layout, SearchBar, CogMenu };
    static props = {
        ...standardViewProps,
        Model: Function,
        Renderer: Function,
        modelParams: Object,
        canEdit: Boolean,
    };
    loadLabel = getLoadLabel;

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.addDialog = useOwnedDialogs();
        this.scaleNames = SCALE_NAMES;
        this.loadNames = LOAD_NAMES;
        this.state = useState({ selectedId: false, isMapOpen: false });
        this.model = useModel(this.props.Model, this.props.modelParams);
        useBus(this.model.bus, "update", () => this.render(true));
        useSetupAction({
            rootRef: useRef("root"),
            getLocalState: () => {
                const { resModel, scale, date } = this.model;
                return { modelParams: { resModel, scale, date } };
            },
        });
        this.searchBarToggler = useSearchBarToggler();
        this.isBusy = false;
        useLiveInterventions(() => this.refresh());
    }

    get title() {
        const { scale, start, days } = this.model;
        if (scale === "day") {
            return start.toLocaleString(DateTime.DATE_HUGE);
        }
        if (scale === "month") {
            return start.toFormat("LLLL yyyy");
        }
        const last = start.plus({ days: days - 1 });
        return `${start.toFormat("d LLL")} – ${last.toFormat("d LLL yyyy")}`;
    }

    get agencies() {
        return this.model.data.agencies;
    }

    get competences() {
        const names = this.model.data.technicians.flatMap((technician) => technician.competences);
        return [...new Set(names)].sort();
    }

    /** Read again, unless something is being dragged: then after it was dropped. */
    async refresh() {
        if (this.isBusy) {
            this.isStale = true;
            return;
        }
        this.isStale = false;
        await this.model.load();
    }

    setBusy(isBusy) {
        this.isBusy = isBusy;
        if (!isBusy && this.isStale) {
            this.refresh();
        }
    }

    // -------------------------------------------------------------- window
    move(number) {
        const { scale, date } = this.model;
        return this.model.show(scale, date.plus({ [scale]: number }));
    }

    showToday() {
        return this.model.show(this.model.scale, DateTime.local());
    }

    showDate(ev) {
        const date = DateTime.fromISO(ev.target.value);
        return date.isValid && this.model.show(this.model.scale, date);
    }

    showScale(scale) {
        return this.model.show(scale, this.model.date);
    }

    showDay(date) {
        return this.model.show("day", date);
    }

    setFilter(name, value) {
        this.model.filters[name] = value;
        this.model.build();
    }

    setAgency(ev) {
        this.setFilter("agency", Number(ev.target.value) || false);
    }

    setCompetence(ev) {
        this.setFilter("competence", ev.target.value || false);
    }

    toggleGroup(key) {
        const { collapsed } = this.model;
        collapsed.has(key) ? collapsed.delete(key) : collapsed.add(key);
        this.model.build();
    }

    // -------------------------------------------------------------- plan
    select(id) {
        this.state.selectedId = id === this.state.selectedId ? false : id;
    }

    async plan(job, plan, reason) {
        try {
            await this.model.plan(job, plan, reason);
        } catch (error) {
            await this.model.load(); // the bar snaps back
            const force = (why) => this.plan(this.model.getJob(job.id) || job, plan, why);
            if (!this.explain(error, force, job.conflict_reason || "")) {
                throw error;
            }
            return;
        }
        await this.model.load();
    }

    async unplan(job) {
        try {
            await this.model.unplan(job);
        } catch (error) {
            if (!this.explain(error)) {
                await this.model.load();
                throw error;
            }
        }
        await this.model.load();
    }

    /** Say why the server refused; a conflict may be forced with a reason, or that of before. */
    explain(error, force, reason) {
        const message = error.data?.message;
        if (!message) {
            return false;
        }
        if (error.data.context?.plan_conflict && force) {
            this.addDialog(ConflictDialog, { message, reason, force });
        } else {
            this.notification.add(message, { type: "danger", sticky: true });
        }
        return true;
    }

    assign(id = this.state.selectedId) {
        const job = id && this.model.getJob(id);
        if (!job) {
            this.notification.add(_t("Select a job first."), { type: "info" });
            return;
        }
        this.addDialog(CandidatesDialog, {
            interventionId: id,
            start: job.start ? DateTime.fromMillis(job.start) : this.model.defaultStart,
            onPlanned: () => this.model.load(),
        });
    }

    open(id) {
        return this.props.selectRecord(id, {});
    }

    showPool() {
        return this.action.doAction("field_intervention.service_intervention_action_unplanned");
    }

    showLate() {
        return this.action.doAction("field_intervention.service_intervention_action_late");
    }

    proposePlan() {
        const { start, days, filters } = this.model;
        const additionalContext = {
            default_date_from: start.toISODate(),
            default_date_to: start.plus({ days: days - 1 }).toISODate(),
        };
        if (filters.agency) {
            additionalContext.default_agency_id = filters.agency;
        }
        return this.action.doAction("field_intervention.service_intervention_propose_action", {
            additionalContext,
            onClose: () => this.model.load(),
        });
    }
}
