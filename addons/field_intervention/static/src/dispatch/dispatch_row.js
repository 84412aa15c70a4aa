import { Component } from "@odoo/owl";
import { LANE } from "./board_rows";
import { formatHours, getLoadLabel } from "../hours";

/** A technician: name and load, and the jobs in their lanes, or the load of each day of a month. */
export class DispatchRow extends Component {
    static template = "field_intervention.DispatchRow";
    static props = {
        row: Object,
        scale: String,
        days: Number,
        selectedId: [Number, Boolean],
        canEdit: Boolean,
        showDay: Function,
    };
    loadLabel = getLoadLabel;

    get height() {
        return (this.props.row.lanes || 1) * LANE + 6;
    }

    get hours() {
        return this.describeHours(this.props.row.load);
    }

    describeHours({ planned, available }) {
        return `${formatHours(planned)} / ${formatHours(available)}`;
    }

    loadClass({ percent }) {
        return percent > 100 ? "danger" : percent > 80 ? "warning" : "success";
    }

    heatStyle({ percent, available, hasNoHours }) {
        if (!available && !hasNoHours) {
            return "";
        }
        const strength = hasNoHours ? 1 : Math.min(percent, 150) / 150;
        const color = hasNoHours || percent > 100 ? "220,53,69" : "25,135,84";
        return `background-color:rgba(${color},${0.1 + 0.6 * strength})`;
    }

    showDay(date) {
        this.props.showDay(luxon.DateTime.fromISO(date));
    }
}
