import { _t } from "@web/core/l10n/translation";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const { DateTime } = luxon;
const HOUR = 60;
const DAY = 24 * HOUR;

/** Minutes in the unit that people speak in: « 40 min », « 3 h », « 2 days ». */
export function formatSpan(span, locale) {
    const minutes = Math.round(span);
    const [unit, size, unitDisplay] =
        minutes < HOUR
            ? ["minute", 1, "short"]
            : minutes < 2 * DAY
              ? ["hour", HOUR, "short"]
              : ["day", DAY, "long"];
    const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay });
    return format.format(Math.floor(minutes / size));
}

/** How long there is until the deadline of a request, or how late it is. */
export class DeadlineField extends Component {
    static template = "service_request.Deadline";
    static props = { ...standardFieldProps, bar: { type: Boolean, optional: true } };

    get deadline() {
        return this.props.record.data[this.props.name];
    }

    get isRunning() {
        return this.props.record.data.state === "open";
    }

    /** The clock stands still while we wait for the customer. */
    get moment() {
        return this.props.record.data.paused_since || DateTime.now();
    }

    get minutesLeft() {
        return this.deadline.diff(this.moment, "minutes").minutes;
    }

    get text() {
        if (!this.isRunning) {
            return this.title;
        }
        const span = formatSpan(Math.abs(this.minutesLeft), this.deadline.locale);
        return this.minutesLeft < 0 ? _t("%s late", span) : _t("in %s", span);
    }

    get title() {
        return formatDateTime(this.deadline, { showSeconds: false });
    }

    get tone() {
        const { at_risk_date } = this.props.record.data;
        if (!this.isRunning) {
            return "muted";
        }
        if (this.minutesLeft < 0) {
            return "danger";
        }
        return at_risk_date && at_risk_date <= this.moment ? "warning" : "success";
    }

    /** Percent of the time that is left. */
    get share() {
        const allowed = this.deadline.diff(this.props.record.data.date, "minutes").minutes;
        return this.minutesLeft < 0 || !(allowed > 0)
            ? 100
            : Math.round(Math.min((100 * this.minutesLeft) / allowed, 100));
    }
}

registry.category("fields").add("service_deadline", {
    component: DeadlineField,
    supportedTypes: ["datetime"],
    listViewWidth: [100, 140],
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "date", type: "datetime" },
        { name: "at_risk_date", type: "datetime" },
        { name: "paused_since", type: "datetime" },
    ],
    extractProps: ({ options }) => ({ bar: Boolean(options.bar) }),
});
