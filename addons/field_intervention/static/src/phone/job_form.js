import { useState } from "@odoo/owl";
import { Notebook } from "@web/core/notebook/notebook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";

/** The pages of a job: tabs on a desk; on a phone one below the other, and each of them folds. */
export class FoldingNotebook extends Notebook {
    static template = "field_intervention.FoldingNotebook";

    setup() {
        super.setup();
        this.ui = useService("ui");
        this.folds = useState({ [this.state.currentPage]: true });
    }

    /** What has to be corrected is never hidden. */
    isOpen(page) {
        return Boolean(this.folds[page]) || this.invalidPages.has(page);
    }

    toggle(page) {
        this.folds[page] = !this.isOpen(page);
    }
}

class JobFormRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, Notebook: FoldingNotebook };
}

registry.category("views").add("service_job_form", { ...formView, Renderer: JobFormRenderer });
