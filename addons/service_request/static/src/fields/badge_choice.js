import { registry } from "@web/core/registry";
import {
    BadgeSelectionField,
    badgeSelectionField,
} from "@web/views/fields/badge_selection/badge_selection_field";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Badges of which one is chosen without a mouse: Tab comes here, the arrows choose. */
export class BadgeChoice extends BadgeSelectionField {
    static template = "service_request.BadgeChoice";

    /** Tab stops at the chosen badge only, or at the first one while nothing is chosen. */
    tabIndex(index) {
        const chosen = this.options.findIndex((option) => option[0] === this.value);
        return index === Math.max(chosen, 0) ? 0 : -1;
    }

    onKeydown(ev, index) {
        if (ev.key === " ") {
            ev.preventDefault();
            this.onChange(this.options[index][0]);
        } else if (ev.key in STEPS) {
            ev.preventDefault();
            ev.stopPropagation();
            const next = (index + STEPS[ev.key] + this.options.length) % this.options.length;
            this.onChange(this.options[next][0]);
            ev.target.parentElement.children[next].focus();
        }
    }
}

registry.category("fields").add("badge_choice", { ...badgeSelectionField, component: BadgeChoice });
