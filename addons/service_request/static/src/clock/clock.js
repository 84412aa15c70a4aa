import { Component, onWillDestroy, useState } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;
const TICK = 1000;

/** Whole seconds as « 1:02:03 » or « 2:03 ». */
export function formatElapsed(seconds) {
    const parts = [Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
    const hours = Math.floor(seconds / 3600);
    const text = parts.map((part) => String(part).padStart(2, "0")).join(":");
    return hours ? `${hours}:${text}` : text;
}

/** The clock of the user that runs on a request, on top of every screen. */
export class Clock extends Component {
    static template = "service_request.Clock";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.state = useState({ running: false, elapsed: "" });
        // comes after the web client is shown; absent for who does not use requests
        useService("lazy_session").getValue("service_clock", (clock) => {
            if (clock) {
                this.show(clock.running);
            }
        });
        this.refresh = () => this.load();
        this.bus.subscribe("service_request.clock", this.refresh);
        onWillDestroy(() => {
            this.bus.unsubscribe("service_request.clock", this.refresh);
            clearInterval(this.timer);
        });
    }

    async load() {
        this.show(await this.orm.call("service.time.log", "get_running", []));
    }

    show(running) {
        clearInterval(this.timer);
        this.state.running = running;
        if (running) {
            this.start = deserializeDateTime(running.start);
            this.tick();
            this.timer = setInterval(() => this.tick(), TICK);
        }
    }

    tick() {
        this.state.elapsed = formatElapsed(
            Math.max(DateTime.now().diff(this.start, "seconds").seconds, 0)
        );
    }

    open() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "service.request",
            res_id: this.state.running.request_id,
            views: [[false, "form"]],
        });
    }

    async stop() {
        await this.orm.call("service.time.log", "action_stop", [[this.state.running.id]]);
        await this.load();
    }
}

registry.category("systray").add("service_request.Clock", { Component: Clock }, { sequence: 90 });
