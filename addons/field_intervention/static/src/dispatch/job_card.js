import { Component, onWillStart, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { Candidates } from "../candidates/candidates";
import { formatHours } from "../hours";

const SPECIFICATION = {
    coverage_label: {},
    parts_to_take: {},
    part_shortage: {},
    equipment_ids: { fields: { display_name: {} } },
    request_id: { fields: { display_name: {} } },
    contact_id: { fields: { display_name: {}, phone: {} } },
    state: {},
};

/** What is known of the selected job, and who could do it. */
export class JobCard extends Component {
    static template = "field_intervention.JobCard";
    static components = { Candidates };
    static props = {
        job: Object,
        defaultStart: Object,
        canEdit: Boolean,
        close: Function,
        open: Function,
        onPlanned: Function,
        unplan: Function,
    };
    formatHours = formatHours;

    setup() {
        this.orm = useService("orm");
        this.state = useState({ details: {} });
        onWillStart(async () => {
            [this.state.details] = await this.orm.webRead(
                "service.intervention",
                [this.props.job.id],
                { specification: SPECIFICATION }
            );
        });
    }

    get start() {
        const { start } = this.props.job;
        return start ? luxon.DateTime.fromMillis(start) : this.props.defaultStart;
    }

    get isMovable() {
        return this.props.canEdit && ["draft", "planned", "dispatched"].includes(this.props.job.state);
    }

    format(millis) {
        return luxon.DateTime.fromMillis(millis).toLocaleString(luxon.DateTime.DATETIME_SHORT);
    }
}
