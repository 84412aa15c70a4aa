import { registry } from "@web/core/registry";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

const SHOWN = 3;

/** The buttons that matter now stand in the header, the others behind « More ». */
export class MoreButtons extends StatusBarButtons {
    static template = "service_request.MoreButtons";

    get shownSlotNames() {
        return this.visibleSlotNames.slice(0, SHOWN);
    }

    get otherSlotNames() {
        return this.visibleSlotNames.slice(SHOWN);
    }
}

export class MoreButtonsFormRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, StatusBarButtons: MoreButtons };
}

registry.category("views").add("service_more_buttons_form", { ...formView, Renderer: MoreButtonsFormRenderer });
