import { Component } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const MODEL = "service.equipment.component";
const DIFFERENCES = {
    same: { icon: "fa-check", badge: "text-bg-success" },
    replaced: { icon: "fa-refresh", badge: "text-bg-warning" },
    replacement: { icon: "fa-refresh", badge: "text-bg-warning" },
    removed: { icon: "fa-minus", badge: "text-bg-danger" },
    added: { icon: "fa-plus", badge: "text-bg-info" },
};

/** The parts of a machine as sold and as maintained, one row for each place. */
export class EquipmentConfiguration extends Component {
    static template = "installed_base.EquipmentConfiguration";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get canEdit() {
        return !this.props.readonly && this.props.record.resId;
    }

    get hiddenCount() {
        return this.list.count - this.list.records.length;
    }

    /** As the method `_get_configuration_rows` of the machine does for its sheet. */
    get rows() {
        const parts = new Map(this.list.records.map((record) => [record.resId, record.data]));
        const shown = new Set();
        const rows = [];
        for (const [id, sold] of parts) {
            if (sold.as_sold) {
                const nowId = sold.current_id?.id;
                shown.add(nowId);
                rows.push(this.makeRow(id, sold, nowId, parts.get(nowId)));
            }
        }
        for (const [id, now] of parts) {
            if (now.state === "installed" && !shown.has(id)) {
                rows.push(this.makeRow(id, null, id, now));
            }
        }
        return rows.sort((a, b) => (a.order < b.order ? -1 : 1));
    }

    makeRow(key, sold, nowId, now) {
        const first = sold || now;
        const labels = new Map(this.list.fields.difference.selection);
        const date = sold ? sold.removal_date : now.install_date;
        return {
            key,
            nowId,
            order: first.tree_key || "",
            position: first.position,
            level: first.level,
            sold: sold && this.describe(sold),
            now: now && this.describe(now),
            difference: {
                ...DIFFERENCES[first.difference],
                label: labels.get(first.difference),
                date: first.difference !== "same" && date && formatDate(date),
            },
        };
    }

    describe(part) {
        return {
            name: part.product_id?.display_name,
            quantity: part.quantity !== 1 && formatFloat(part.quantity, { trailingZeros: false }),
            serial: part.serial_number,
        };
    }

    /** What is typed in the form is saved before a part changes, and shown after. */
    async change(work) {
        if (await this.props.record.save()) {
            await work(() => this.props.record.load());
        }
    }

    replace(id) {
        return this.change((onClose) =>
            this.action.doActionButton({
                type: "object",
                resModel: MODEL,
                resId: id,
                name: "action_replace_component",
                context: user.context,
                onClose,
            })
        );
    }

    open(id) {
        return this.change((onClose) =>
            this.action.doAction(
                {
                    type: "ir.actions.act_window",
                    name: id ? _t("Part") : _t("New Part"),
                    res_model: MODEL,
                    res_id: id || false,
                    views: [[false, "form"]],
                    target: "new",
                    context: { default_equipment_id: this.props.record.resId },
                },
                { onClose }
            )
        );
    }

    remove(row) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Remove a Part"),
            body: _t("Take %s out of the machine, with the parts that sit in it?", row.now.name),
            confirmLabel: _t("Remove"),
            confirm: () =>
                this.change(async (reload) => {
                    await this.orm.call(MODEL, "action_remove", [[row.nowId]]);
                    await reload();
                }),
            cancel: () => {},
        });
    }
}

registry.category("fields").add("equipment_configuration", {
    component: EquipmentConfiguration,
    displayName: _t("Parts as sold and as maintained"),
    supportedTypes: ["one2many"],
    useSubView: true,
});
