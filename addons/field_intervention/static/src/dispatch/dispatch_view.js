import { registry } from "@web/core/registry";
import { getActiveActions } from "@web/views/utils";
import { DispatchController } from "./dispatch_controller";
import { DispatchModel, SCALES } from "./dispatch_model";
import { DispatchRenderer } from "./dispatch_renderer";

export const dispatchView = {
    type: "dispatch",
    Controller: DispatchController,
    Model: DispatchModel,
    Renderer: DispatchRenderer,
    searchMenuTypes: ["filter", "groupBy", "favorite"],

    props(genericProps, { Model, Renderer }) {
        const { arch, resModel, state } = genericProps;
        const scale = arch.getAttribute("scale");
        const modelParams = state?.modelParams || {
            resModel,
            scale: scale in SCALES ? scale : "day",
        };
        const canEdit = getActiveActions(arch).edit;
        return { ...genericProps, Model, Renderer, modelParams, canEdit };
    },
};

registry.category("views").add("dispatch", dispatchView);
