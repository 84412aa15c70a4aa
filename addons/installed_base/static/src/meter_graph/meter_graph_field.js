import { registry } from "@web/core/registry";
import {
    JournalDashboardGraphField,
    journalDashboardGraphField,
} from "@web/views/fields/journal_dashboard_graph/journal_dashboard_graph_field";

/** The line of a meter's readings, drawn again when a reading is added. */
export class MeterGraphField extends JournalDashboardGraphField {
    static template = "installed_base.MeterGraphField";

    renderChart() {
        const text = this.props.record.data[this.props.name];
        this.data = text ? JSON.parse(text) : [{ values: [] }];
        super.renderChart();
    }

    getLineChartConfig() {
        const config = super.getLineChartConfig();
        const { x, y } = config.options.scales;
        x.display = y.display = true;
        x.ticks = { maxTicksLimit: 4, maxRotation: 0 };
        y.ticks = { maxTicksLimit: 4 };
        return config;
    }
}

registry.category("fields").add("service_meter_graph", {
    ...journalDashboardGraphField,
    component: MeterGraphField,
});
