import { onWillDestroy } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { reloadUnlessTyping } from "@installed_base/core/reload";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { progressBarField, ProgressBarField } from "@web/views/fields/progress_bar/progress_bar_field";

// The bar of a running invoicing run moves by itself: the server tells of each batch.
export class RunProgress extends ProgressBarField {
    setup() {
        super.setup();
        this.bus = useService("bus_service");
        const onProgress = ({ id }) => {
            const root = this.props.record.model.root;
            if (id === root.resId) {
                reloadUnlessTyping(this, root);
            }
        };
        this.bus.subscribe("service_billing_run_progress", onProgress);
        onWillDestroy(() => this.bus.unsubscribe("service_billing_run_progress", onProgress));
    }
}

registry.category("fields").add("service_billing_run_progress", {
    ...progressBarField,
    component: RunProgress,
    displayName: _t("Progress of an invoicing run"),
});
