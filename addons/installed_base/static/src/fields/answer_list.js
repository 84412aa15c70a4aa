import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { ListRenderer } from "@web/views/list/list_renderer";

/** Whether a saved line says the same as one that was only worked out: it names the same records. */
function isSame(saved, line) {
    const links = Object.keys(line.activeFields).filter(
        (name) => line.fields[name].type === "many2one"
    );
    return links.every((name) => saved.data[name]?.id === line.data[name]?.id);
}

class AnswerListRenderer extends ListRenderer {
    static recordRowTemplate = "installed_base.AnswerListRow";

    /** Do what a button says on a line that is not saved yet: the dialogue is saved first. */
    press(line, button) {
        const { root } = line.model;
        const find = () =>
            Object.values(root.data)
                .filter((list) => list?.records && list.resModel === line.resModel)
                .flatMap((list) => list.records)
                .find((saved) => saved.resId && isSame(saved, line));
        return this.env.onClickViewButton({
            clickParams: button.clickParams,
            getResParams: () => {
                const { resModel, resId, context, evalContext } = find();
                return { resModel, resId, resIds: [resId], context, evalContext };
            },
        });
    }
}

/** Lines that a dialogue works out, with buttons that answer it at once. */
class AnswerListField extends X2ManyField {
    static components = { ...X2ManyField.components, ListRenderer: AnswerListRenderer };
}

registry.category("fields").add("service_answers", {
    ...x2ManyField,
    component: AnswerListField,
});
