import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { Info } = luxon;

/** The set of months that « 4,10 » or « 11-2 » names. */
export function readMonths(text) {
    const months = new Set();
    for (const part of text ? text.split(",") : []) {
        const [first, last = first] = part.split("-").map(Number);
        for (let n = 0; n <= (last - first + 12) % 12; n++) {
            months.add(((first - 1 + n) % 12) + 1);
        }
    }
    return months;
}

/** Months of the year, to be switched on and off; kept as their numbers: « 4,5,10 ». */
export class MonthsField extends Component {
    static template = "field_intervention.MonthsField";
    static props = { ...standardFieldProps };

    get chosen() {
        return readMonths(this.props.record.data[this.props.name]);
    }

    get months() {
        const chosen = this.chosen;
        const names = Info.months("long");
        return Info.months("short").map((label, index) => ({
            label,
            name: names[index],
            number: index + 1,
            isChosen: chosen.has(index + 1),
        }));
    }

    toggle(number) {
        const chosen = this.chosen;
        if (!chosen.delete(number)) {
            chosen.add(number);
        }
        const value = [...chosen].sort((a, b) => a - b).join(",");
        this.props.record.update({ [this.props.name]: value || false });
    }
}

registry.category("fields").add("months", { component: MonthsField, supportedTypes: ["char"] });
