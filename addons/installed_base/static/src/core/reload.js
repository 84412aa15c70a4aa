import { status } from "@odoo/owl";

/**
 * Reads a record again for what happened elsewhere, unless something is being typed into it: that
 * is worth more than what is new. A screen that is left meanwhile needs nothing.
 *
 * @param {import("@odoo/owl").Component} component what shows the record
 * @param {Object} record of the relational model
 */
export async function reloadUnlessTyping(component, record) {
    try {
        if (record.resId && !(await record.isDirty())) {
            await record.load();
        }
    } catch (error) {
        if (status(component) !== "destroyed") {
            throw error;
        }
    }
}
