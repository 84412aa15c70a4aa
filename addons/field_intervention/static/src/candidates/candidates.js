import { Component, onWillStart, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import { formatHours } from "../hours";

const MODEL = "service.intervention";
const SHORT = {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
};

/** The technicians who could go, the best one first, with what speaks for and against them. */
export class Candidates extends Component {
    static template = "field_intervention.Candidates";
    static components = { DateTimeInput };
    static props = {
        interventionId: Number,
        start: { type: Object, optional: true },
        onPlanned: Function,
    };
    formatHours = formatHours;

    setup() {
        this.orm = useService("orm");
        this.state = useState({ start: this.props.start, refusal: "", reason: "", chosen: false });
        onWillStart(() => this.load());
    }

    async load() {
        const { start } = this.state;
        this.state.found = await this.orm.call(
            MODEL,
            "get_candidates",
            [[this.props.interventionId]],
            start ? { start: serializeDateTime(start) } : {}
        );
        if (!start && this.state.found.start) {
            this.state.start = deserializeDateTime(this.state.found.start);
        }
    }

    async setStart(start) {
        this.state.start = start;
        this.state.refusal = "";
        if (start) {
            await this.load();
        }
    }

    /** When who cannot come at the asked time could come: the weekday tells how far away it is. */
    formatNext(candidate) {
        return deserializeDateTime(candidate.next_start).toLocaleString(SHORT);
    }

    /** One press plans it for the next free hour. */
    async chooseNext(candidate) {
        this.state.start = deserializeDateTime(candidate.next_start);
        await this.choose(candidate);
    }

    /** Who is in the way has to be chosen on purpose: the first press asks for the reason. */
    async choose(candidate) {
        const { chosen, reason } = this.state;
        const isForced = chosen === candidate.technician_id && reason.trim();
        this.state.chosen = candidate.technician_id;
        if (!this.state.start) {
            return;
        }
        const kwargs = { version: this.state.found.version };
        if (isForced) {
            kwargs.conflict_reason = reason.trim();
        }
        try {
            await this.orm.call(
                MODEL,
                "action_plan",
                [
                    [this.props.interventionId],
                    candidate.technician_id,
                    serializeDateTime(this.state.start),
                ],
                kwargs
            );
        } catch (error) {
            if (!error.data?.message) {
                throw error;
            }
            this.state.refusal = error.data.message;
            this.state.canForce = Boolean(error.data.context?.plan_conflict);
            return;
        }
        await this.props.onPlanned();
    }
}
