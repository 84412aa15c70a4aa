import { onWillUnmount } from "@odoo/owl";
import { useBus, useService } from "@web/core/utils/hooks";
import { debounce } from "@web/core/utils/timing";

const CHANNEL = "service_dispatch";
const MESSAGE = "service.intervention/changed";
const PAUSE = 250; // milliseconds: one gesture changes several interventions

/**
 * Hear of interventions that changed, here or in another session.
 *
 * @param {(message: {ids: number[], request_ids: number[]}) => void} onChange
 */
export function useLiveInterventions(onChange) {
    const bus = useService("bus_service");
    const later = debounce(onChange, PAUSE);
    // the channel stays open when the screen closes: another screen may listen to it
    bus.addChannel(CHANNEL);
    bus.subscribe(MESSAGE, later);
    // what was said while the connection was lost is not said again
    useBus(bus, "BUS:RECONNECT", later);
    onWillUnmount(() => {
        bus.unsubscribe(MESSAGE, later);
        later.cancel();
    });
}
