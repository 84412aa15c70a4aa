import { _t } from "@web/core/l10n/translation";
import { rpcBus } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const OTHER_AGENCY = "odoo.addons.service_request.models.ir_rule.OtherAgencyError";

/**
 * Who follows a link to a request of another agency is told so. The web client would go on to the
 * list and forget the error on its way: it is caught where it comes in.
 */
registry.category("services").add("service_request.other_agency", {
    dependencies: ["notification"],
    start(env, { notification }) {
        rpcBus.addEventListener("RPC:RESPONSE", ({ detail: { error } }) => {
            if (error?.exceptionName === OTHER_AGENCY) {
                notification.add(error.data.message, {
                    title: _t("Request of another agency"),
                    type: "danger",
                    sticky: true,
                });
            }
        });
    },
});

registry
    .category("error_handlers")
    .add("service_request.other_agency", (env, error, original) => original?.exceptionName === OTHER_AGENCY, {
        sequence: 1,
    });
