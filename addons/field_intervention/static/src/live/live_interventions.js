import { onWillUnmount } from "@odoo/owl";
import { useBus, useService } from "@web/core/utils/hooks";
import { debounce } from "@web/core/utils/timing";

const CHANNEL = "service_dispatch";
const MESSAGE = "service.intervention/changed";
const PAUSE = 250; // milliseconds: one gesture changes several interventions
const ALL = { ids: [], request_ids: [] };

/**
 * Hear of interventions that changed, here or in another session.
 *
 * @param {(messages: {ids: number[], request_ids: number[]}[]) => void} onChange gets what was said
 *  since the last time; a message without ids means that anything may have changed
 */
export function useLiveInterventions(onChange) {
    const bus = useService("bus_service");
    let heard = [];
    const tell = debounce(() => {
        const messages = heard;
        heard = [];
        onChange(messages);
    }, PAUSE);
    const listen = (message) => {
        heard.push(message);
        tell();
    };
    // the channel stays open when the screen closes: another screen may listen to it
    bus.addChannel(CHANNEL);
    bus.subscribe(MESSAGE, listen);
    // what was said while the connection was lost is not said again
    useBus(bus, "BUS:RECONNECT", () => listen(ALL));
    onWillUnmount(() => {
        bus.unsubscribe(MESSAGE, listen);
        tell.cancel();
    });
}
