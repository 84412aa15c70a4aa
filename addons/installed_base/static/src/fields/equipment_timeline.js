import { Component, useState } from "@odoo/owl";
import { formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { groupBy } from "@web/core/utils/arrays";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const KINDS = {
    place: { label: _t("Place & owner"), icon: "fa-map-marker" },
    parts: { label: _t("Parts & meters"), icon: "fa-cogs" },
    state: { label: _t("State"), icon: "fa-heartbeat" },
    record: { label: _t("Record"), icon: "fa-pencil" },
};
const TYPES = {
    delivered: { kind: "place", icon: "fa-truck" },
    moved: { kind: "place", icon: "fa-map-marker" },
    owner_changed: { kind: "place", icon: "fa-handshake-o" },
    returned: { kind: "place", icon: "fa-undo" },
    loaned: { kind: "place", icon: "fa-exchange" },
    component_replaced: { kind: "parts", icon: "fa-refresh" },
    component_added: { kind: "parts", icon: "fa-plus" },
    component_removed: { kind: "parts", icon: "fa-minus" },
    meter_replaced: { kind: "parts", icon: "fa-tachometer" },
    upgraded: { kind: "parts", icon: "fa-level-up" },
    state_changed: { kind: "state", icon: "fa-heartbeat" },
    warranty_extended: { kind: "state", icon: "fa-shield" },
    verified: { kind: "record", icon: "fa-check" },
    modified: { kind: "record", icon: "fa-pencil" },
    merged: { kind: "record", icon: "fa-compress" },
};
const OTHER = { kind: "record", icon: "fa-circle-o" };

/** The history of a machine: newest first, an icon for each type, filtered by kind. */
export class EquipmentTimeline extends Component {
    static template = "installed_base.EquipmentTimeline";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.state = useState({ kind: false });
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get events() {
        const labels = new Map(this.list.fields.event_type.selection);
        return this.list.records.map(({ id, data }) => ({
            ...data,
            ...(TYPES[data.event_type] || OTHER),
            id,
            label: labels.get(data.event_type),
            day: formatDate(data.date),
            moment: formatDateTime(data.date),
            source: data.res_model && data.res_id?.resId,
        }));
    }

    get kinds() {
        const counts = groupBy(this.events, (event) => event.kind);
        return Object.entries(KINDS)
            .filter(([kind]) => counts[kind])
            .map(([kind, values]) => ({ kind, ...values, count: counts[kind].length }));
    }

    get shownEvents() {
        const { kind } = this.state;
        return this.events.filter((event) => !kind || event.kind === kind);
    }

    get hiddenCount() {
        return this.list.count - this.list.records.length;
    }

    toggle(kind) {
        this.state.kind = this.state.kind === kind ? false : kind;
    }

    openSource(event) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: event.res_model,
            res_id: event.source,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("equipment_timeline", {
    component: EquipmentTimeline,
    displayName: _t("Timeline of a machine"),
    supportedTypes: ["one2many"],
    useSubView: true,
});
