// Words for what the data says in codes.
import { _t, formatNumber, formatTime } from "./terms";

export const stateLabel = (state) =>
    ({
        planned: _t("Planned"),
        dispatched: _t("Dispatched"),
        on_the_way: _t("On the Way"),
        on_site: _t("On Site"),
        done: _t("Done"),
        to_resume: _t("To Resume"),
        cancelled: _t("Cancelled"),
    })[state] || state;

export const stepLabel = (step) =>
    ({
        leave: _t("Leave"),
        arrive: _t("Arrive"),
        start: _t("Start Work"),
        pause: _t("Pause"),
        resume: _t("Resume"),
        finish: _t("Finish"),
    })[step];

export const resultLabel = (result) =>
    ({ ok: _t("OK"), not_ok: _t("Not OK"), na: _t("N/A") })[result] || "";

export const timeLabel = (kind) =>
    ({ travel: _t("Travel"), work: _t("Work"), pause: _t("Pause") })[kind];

export const billingLabel = (billing, share) =>
    ({
        free: _t("Free"),
        partial: `${_t("Free")} ${share} %`,
        billed: _t("Billed"),
        unknown: _t("Cover not known yet"),
    })[billing];

export const kindLabel = (kind) =>
    ({
        step: _t("Step"),
        finish: _t("End of the work"),
        time: _t("Time"),
        text: _t("Text of the report"),
        operation: _t("Operation"),
        consume: _t("Part, labour or travel"),
        unconsume: _t("Entry taken back"),
        take_back: _t("Part taken back"),
        exchange: _t("Part exchanged"),
        reading: _t("Meter reading"),
        photo: _t("Photo"),
        signature: _t("Signature"),
        ask: _t("Question to the office"),
        create: _t("New intervention"),
        report_machine: _t("New machine"),
        count: _t("Count of the van"),
        consent: _t("Permission of the position"),
        position: _t("Position"),
    })[kind] || kind;

/** What was entered, in a few words. */
export function describeEntry({ kind, payload, label, unit }, row, partName) {
    const part = label || partName(payload.product);
    const used = () => [formatNumber(payload.quantity), unit, part, payload.numbers?.join(", ")];
    const words = {
        step: () => [stepLabel(payload.step), formatTime(payload.at)],
        position: () => [stepLabel(payload.step), formatTime(payload.at)],
        finish: () => [stateLabel(payload.outcome), payload.reason],
        time: () => [timeLabel(payload.kind), `${formatTime(payload.start)} – ${formatTime(payload.stop)}`],
        text: () => [payload.value],
        operation: () => [
            row?.operations.find((operation) => operation.id === payload.operation)?.name,
            payload.value.value === undefined ? "" : formatNumber(payload.value.value),
            resultLabel(payload.value.result),
        ],
        consume: used,
        take_back: used,
        exchange: () => [part, payload.number],
        reading: () => [formatNumber(payload.value)],
        photo: () => [payload.name],
        signature: () => [payload.signed_by],
        ask: () => [payload.note],
        create: () => [payload.title],
        report_machine: () => [part, payload.serial],
        count: () => payload.lines.map((line) => `${formatNumber(line.quantity)} ${partName(line.product)}`),
    };
    const said = words[kind]?.() || [];
    return said.filter(Boolean).join(kind === "count" ? ", " : " ");
}

export const verdictAdvice = (verdict) =>
    ({
        conflict: _t("Nothing to do: the office decides. What you did is kept."),
        rejected: _t("Correct it and enter it again, or call the office."),
        applied: _t("It was taken over. The office has a look at it."),
    })[verdict];

export const missingLabel = (missing) =>
    ({
        report: _t("Write what was done into the report."),
        operations: _t("Do the mandatory operations."),
        readings: _t("Read the meters."),
        parts: _t("Say of every planned part whether it was used."),
    })[missing];

export const judgeLabel = (judgement) =>
    ({
        below: _t("The meter read more already. Confirm again if it is true."),
        rollover: _t("The meter read more already. Confirm again if it started again at zero."),
        high: _t("That is much more than usual. Confirm again if it is true."),
        low: _t("That is much less than usual. Confirm again if it is true."),
    })[judgement] || "";

/** Opens the navigation of the phone. */
export function mapLink(place) {
    const address = encodeURIComponent([place.street, place.city].filter(Boolean).join(", "));
    const point = place.latitude ? `${place.latitude},${place.longitude}` : "";
    if (/iPhone|iPad|Macintosh/.test(navigator.userAgent)) {
        return `https://maps.apple.com/?daddr=${point || address}`;
    }
    return `geo:${point || "0,0"}?q=${address || point}`;
}
