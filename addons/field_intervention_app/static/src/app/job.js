import { Component, onWillStart, useState } from "@odoo/owl";
import {
    ENDED,
    billing,
    findNotOk,
    findNumbers,
    findPlaces,
    findRunning,
    freeShare,
    getMissing,
    isUndone,
    isWithin,
    judgeReading,
    parseNumber,
    sumHours,
    sumVan,
} from "./model";
import { hasRoom, locate, shrink } from "./media";
import { FormSheet, PartSheet, Sheet, SignatureSheet } from "./sheets";
import { newUuid } from "./store";
import { _t, editNumber, formatDate, formatDay, formatNumber, formatTime } from "./terms";
import { billingLabel, judgeLabel, mapLink, missingLabel, stateLabel, stepLabel, timeLabel } from "./words";

/** A part by its code and name. */
const nameOf = (part) => (part.code ? `[${part.code}] ${part.name}` : part.name);
/** Whether what is used of it leaves the van. */
const isStocked = (part) => part.kind === "part" && part.stocked !== false;
const now = () => new Date().toISOString();

/** One intervention: what is known about it, and everything that is done on it. */
export class Job extends Component {
    static template = "field_intervention_app.Job";
    static components = { FormSheet, PartSheet, Sheet, SignatureSheet };
    static props = { app: Object, row: Object };

    setup() {
        this.state = useState({ sheet: null, open: {}, kept: {}, notice: "", wrong: null });
        Object.assign(this, { editNumber, formatDate, formatDay, formatNumber, formatTime });
        Object.assign(this, { mapLink, stateLabel, timeLabel, missingLabel, sumHours, isUndone });
        this.close = () => (this.state.sheet = null);
        this.scan = () => this.app.scan();
        onWillStart(() => this.readKept());
    }
    get app() {
        return this.props.app;
    }
    get row() {
        return this.props.row;
    }
    get machines() {
        return this.row.equipment.map((id) => this.app.equipment.get(id)).filter(Boolean);
    }
    get ended() {
        return ENDED.includes(this.row.state);
    }
    get notOk() {
        return findNotOk(this.row);
    }
    get missing() {
        return getMissing(this.row, this.app.equipment);
    }
    record(kind, payload, more = {}, blob) {
        return this.app.record(
            { kind, payload: { intervention: this.row.id, ...payload }, ...more },
            blob
        );
    }
    toggle(section) {
        this.state.open[section] = !this.state.open[section];
    }
    form(title, fields, confirm, more = {}) {
        this.state.sheet = { type: "form", title, fields, confirm, ...more };
    }

    // ------------------------------------------------------------ steps
    /** The button that the thumb finds: the next step. */
    get next() {
        const { state, is_paused: paused, type } = this.row;
        if (this.ended) {
            return [];
        }
        const pause = paused
            ? { step: "resume", label: stepLabel("resume"), icon: "fa-play" }
            : { step: "pause", label: stepLabel("pause"), icon: "fa-pause" };
        if (state === "on_site") {
            const finish = { step: "finish", label: stepLabel("finish"), icon: "fa-flag-checkered" };
            return [pause, { ...finish, primary: true }];
        }
        if (state === "on_the_way") {
            const arrive = { step: "arrive", label: stepLabel("arrive"), icon: "fa-map-marker" };
            return [pause, { ...arrive, primary: true }];
        }
        const start = { step: "start", label: stepLabel("start"), icon: "fa-wrench" };
        return type === "onsite"
            ? [start, { step: "leave", label: stepLabel("leave"), icon: "fa-car", primary: true }]
            : [{ ...start, primary: true }];
    }
    step(step) {
        const running = findRunning(this.app.state.interventions, this.row);
        if (step === "finish") {
            this.state.sheet = { type: "finish" };
        } else if (step !== "pause" && running.length) {
            this.state.sheet = { type: "running", step, running };
        } else {
            this.takeStep(step);
        }
    }
    async takeStep(step) {
        this.close();
        await this.record("step", { step, at: now() });
        this.notePosition(step);
    }
    /** The clocks of the other visits stop before that of this one starts. */
    async pauseOthers({ step, running }) {
        this.close();
        for (const { id } of running) {
            await this.app.record({ kind: "step", payload: { intervention: id, step: "pause", at: now() } });
        }
        await this.takeStep(step);
    }
    /** Where a step was taken, when the company asks and the technician lets it; it may take its time. */
    async notePosition(step) {
        const { position_wanted: wanted, position_allowed: allowed } = this.app.state.me;
        if (!wanted || !allowed || step === "pause") {
            return;
        }
        const at = now();
        const coords = await locate();
        if (coords) {
            const { latitude, longitude, accuracy } = coords;
            this.record("position", { step, at, latitude, longitude, accuracy });
        }
    }
    finish(outcome, satisfied) {
        this.close();
        if (outcome === "to_resume") {
            const fields = [{ name: "reason", label: _t("What remains to do"), type: "text", required: true }];
            this.form(_t("To Resume"), fields, ({ reason }) => {
                this.record("finish", { outcome, at: now(), reason });
                this.notePosition("finish");
                this.app.go("tour");
            });
            return;
        }
        this.record("finish", { outcome, satisfied, at: now() });
        this.notePosition("finish");
        this.app.go("tour");
    }
    addTime() {
        const options = ["work", "travel", "pause"].map((id) => ({ id, name: timeLabel(id) }));
        const fields = [
            { name: "kind", label: _t("Kind"), type: "choice", options, value: "work" },
            { name: "minutes", label: _t("Minutes"), type: "number", value: "30", required: true },
        ];
        this.form(_t("Add Time"), fields, ({ kind, minutes }) => {
            const start = new Date(Date.now() - parseNumber(minutes) * 60000).toISOString();
            this.record("time", { kind, start, stop: now() });
        });
    }

    // ------------------------------------------------------------ report
    setText(field, ev) {
        const value = ev.target.value;
        if (value !== this.row[field]) {
            this.record("text", { field, base: this.row[field], value });
        }
    }
    fillOperation(operation, value) {
        const read = (o) => ({ done: o.done, result: o.result, value: o.value, note: o.note });
        this.record("operation", { operation: operation.id, base: read(operation), value });
    }
    measure(operation, ev) {
        const value = parseNumber(ev.target.value);
        this.state.wrong = Number.isNaN(value) && ev.target.value.trim() ? operation.id : null;
        if (!Number.isNaN(value)) {
            this.fillOperation(operation, { value, done: true, result: isWithin(operation, value) ? "ok" : "not_ok" });
        }
    }
    bounds({ min, max, unit }) {
        if (!min && !max) {
            return unit;
        }
        return max > min ? `${formatNumber(min)} – ${formatNumber(max)} ${unit}` : `≥ ${formatNumber(min)} ${unit}`;
    }
    get photoButtons() {
        const taken = (when) => this.row.photos.filter((photo) => photo.when === when).length;
        return [
            { name: "before", when: "before", label: _t("Before"), count: taken("before") },
            { name: "after", when: "after", label: _t("After"), count: taken("after") },
            { name: "photo", when: undefined, label: _t("Photo"), count: taken(undefined) },
        ];
    }
    lastReading(meter) {
        return this.row.readings.filter((reading) => reading.meter === meter.id).pop();
    }
    read(meter) {
        const fields = [{ name: "value", label: meter.unit, type: "number", required: true }];
        const parse = ({ value }) => parseNumber(value);
        this.form(
            meter.name,
            fields,
            (values) => {
                const value = parse(values);
                const rollover = judgeReading(meter, value) === "rollover";
                this.record("reading", {
                    meter: meter.id,
                    value,
                    at: now(),
                    ...(rollover ? { kind: "rollover" } : {}),
                });
            },
            {
                hint: meter.date
                    ? _t("Last reading: %(value)s, %(date)s", {
                          value: `${formatNumber(meter.value)} ${meter.unit}`,
                          date: formatDate(meter.date),
                      })
                    : undefined,
                judge: (values) => judgeLabel(judgeReading(meter, parse(values))),
            }
        );
    }
    /** @param {Object} button `when`: "before" or "after" the work, if so; `label`: in words */
    async addPhoto(ev, { when, label }) {
        const [file] = ev.target.files;
        ev.target.value = "";
        if (!file) {
            return;
        }
        if (!(await hasRoom())) {
            this.state.notice = _t("The device is full: delete something, then take the photo again.");
            return;
        }
        const blob = await shrink(file);
        await this.record("photo", { blob: newUuid(), name: [this.row.name, label].join(" ").trim(), ...(when ? { when } : {}) }, {}, blob);
    }
    sign() {
        this.state.sheet = {
            type: "signature",
            name: this.row.signed_by || this.row.contact.name,
            lines: this.workLines,
            confirm: (blob, name) =>
                this.record("signature", { blob: newUuid(), signed_by: name, at: now() }, {}, blob),
        };
    }

    /** What the customer signs for, in short lines. */
    get workLines() {
        const hours = { hours: formatNumber(sumHours(this.row.times, "work"), 1) };
        const used = this.row.consumptions.filter((line) => line.state === "done" && !line.to_order);
        return [
            this.row.report,
            _t("Work: %(hours)s h", hours),
            ...used.map((line) => `${formatNumber(line.quantity)} ${line.unit} ${line.name}`),
        ].filter(Boolean);
    }

    // ------------------------------------------------------------ parts
    cover(line) {
        return billing(this.row, line);
    }
    coverLabel(line) {
        return billingLabel(billing(this.row, line), formatNumber(freeShare(this.row, line)));
    }
    choosePart(title, choose, kinds = ["part", "labor", "travel"]) {
        this.state.sheet = {
            type: "part",
            title,
            choose,
            parts: this.app.parts.filter((part) => kinds.includes(part.kind)),
            preferred: this.machines.flatMap((machine) => this.app.models.get(machine.product) || []),
        };
    }
    askQuantity(part, leavesVan, confirm, more = []) {
        const tracked = part.tracking !== "none";
        const machines = this.machineOptions;
        const van = this.app.state.van;
        const places = findPlaces(van, part.id);
        const options = leavesVan ? findNumbers(van, part.id) : [];
        const number = { name: "number", label: _t("Lot or serial number"), type: "scan", required: true, options };
        const fields = [
            { name: "quantity", label: part.unit, type: "number", value: editNumber(part.quantity ?? 1), required: true },
            ...(tracked ? [number] : []),
            ...(machines.length > 1
                ? [{ name: "equipment", label: _t("Machine"), type: "choice", options: machines, value: machines[0].id }]
                : []),
            ...(leavesVan && places.length > 1
                ? [{ name: "location", label: _t("From"), type: "choice", options: places, value: places[0].id }]
                : []),
            ...more,
        ];
        const held = sumVan(van).get(part.id) || 0;
        const leaves = leavesVan && isStocked(part);
        const judge = ({ quantity }) =>
            leaves && parseNumber(quantity) > held
                ? _t("Your van holds %(held)s only. Confirm again if it is true.", { held: formatNumber(held) })
                : "";
        const save = (values) => {
            confirm({
                product: part.id,
                quantity: parseNumber(values.quantity),
                ...(values.number ? { numbers: [values.number] } : {}),
                ...(values.equipment ? { equipment: Number(values.equipment) } : {}),
                ...(values.location ? { location: Number(values.location) } : {}),
                ...(values.note ? { note: values.note } : {}),
            });
        };
        this.form(part.name, fields, save, { judge });
    }
    get machineOptions() {
        return this.machines.map((m) => ({ id: m.id, name: `${m.product_name} ${m.serial}` }));
    }
    consumePart(part, toOrder = false) {
        const note = { name: "note", label: _t("Note"), type: "text" };
        this.askQuantity(
            { ...part, tracking: toOrder ? "none" : part.tracking },
            !toOrder,
            (values) => {
                const equipment = values.equipment || this.machines[0]?.id;
                this.record(
                    "consume",
                    { ...values, ...(equipment ? { equipment } : {}), at: now(), ...(toOrder ? { to_order: true } : {}) },
                    { label: nameOf(part), part_kind: part.kind, unit: part.unit, stocked: isStocked(part) }
                );
            },
            [note]
        );
    }
    usePart() {
        this.choosePart(_t("Add What Was Used"), (part) => this.consumePart(part));
    }
    orderPart() {
        this.choosePart(_t("Order a Part"), (part) => this.consumePart(part, true), ["part"]);
    }
    usePlanned(line) {
        const { product: id, name, unit, tracking, quantity, kind } = line;
        const part = { ...this.app.getPart(id), id, name, unit, tracking, quantity, kind };
        this.askQuantity(part, true, ({ equipment: _equipment, ...values }) =>
            this.record(
                "consume",
                { ...values, consumption: line.id, at: now() },
                { label: line.name, part_kind: line.kind, unit: line.unit, stocked: isStocked(part) }
            )
        );
    }
    skipPlanned(line) {
        this.record("consume", { product: line.product, quantity: 0, consumption: line.id, at: now() });
    }
    takeBack() {
        this.choosePart(
            _t("Take Back"),
            (part) =>
                this.askQuantity(part, false, ({ equipment: _equipment, ...values }) =>
                    this.record("take_back", values)
                ),
            ["part"]
        );
    }
    /** Wrong as it was entered: what it took out of the van is there again, and planned again. */
    undo(line) {
        const left = line.state === "done" && isStocked({ ...this.app.getPart(line.product), kind: line.kind });
        const used = { product: line.product, quantity: line.quantity, number: line.numbers[0] };
        this.record("unconsume", { command: line.command }, left ? { used } : {});
    }
    exchange(machine, component) {
        this.choosePart(
            _t("Replace %(part)s by", { part: component.name }),
            (part) => {
                const places = findPlaces(this.app.state.van, part.id);
                const yes = [
                    { id: "yes", name: _t("Yes") },
                    { id: "no", name: _t("No") },
                ];
                const tracked = part.tracking !== "none";
                const old = this.app.getPart(component.product);
                const number = {
                    name: "number",
                    label: _t("Serial number of the new part"),
                    type: "scan",
                    required: tracked,
                    options: findNumbers(this.app.state.van, part.id),
                };
                const oldNumber = {
                    name: "old_number",
                    label: _t("Serial number of the old part"),
                    type: "scan",
                    value: component.serial,
                };
                const fields = [
                    ...(tracked || component.serial ? [number] : []),
                    ...(component.serial || (old && old.tracking !== "none") ? [oldNumber] : []),
                    ...(places.length > 1
                        ? [{ name: "location", label: _t("From"), type: "choice", options: places, value: places[0].id }]
                        : []),
                    { name: "back", label: _t("I take the old part back"), type: "choice", options: yes, value: "no" },
                ];
                this.form(part.name, fields, ({ number, old_number, location, back }) =>
                    this.record(
                        "exchange",
                        {
                            component: component.id,
                            product: part.id,
                            at: now(),
                            ...(number ? { number } : {}),
                            ...(old_number && old_number !== component.serial ? { old_number } : {}),
                            ...(location ? { location: Number(location) } : {}),
                            take_back: back === "yes",
                        },
                        { label: nameOf(part), equipment: machine.id, old_product: component.product }
                    ),
                    { hint: _t("An exchange cannot be taken back here: check it before you confirm.") }
                );
            },
            ["part"]
        );
    }
    replaced(component) {
        return [...this.app.state.outbox, ...this.app.state.journal].some(
            (c) =>
                c.kind === "exchange" &&
                c.payload.component === component.id &&
                (!c.verdict || c.fresh)
        );
    }

    // ------------------------------------------------------------ asking
    ask(what, title, more = []) {
        const fields = [...more, { name: "note", label: _t("What for"), type: "text", required: true }];
        this.form(title, fields, ({ note, equipment }) =>
            this.record("ask", { what, note, ...(equipment ? { equipment: Number(equipment) } : {}) })
        );
    }
    askHelp() {
        this.ask("help", _t("Ask for Help"));
    }
    askLoan() {
        const options = this.machineOptions;
        const machine = { name: "equipment", label: _t("Machine"), type: "choice", options, value: options[0]?.id };
        const more = options.length > 1 ? [machine] : [];
        this.ask("loan", _t("Ask for a Replacement Machine"), more);
    }
    createIntervention() {
        const machines = [{ id: "", name: "–" }, ...this.machineOptions];
        const fields = [
            { name: "title", label: _t("What is wrong"), type: "line", required: true },
            { name: "equipment", label: _t("Machine"), type: "choice", options: machines, value: "" },
            { name: "note", label: _t("Note"), type: "text" },
        ];
        this.form(_t("New Intervention Here"), fields, async ({ title, equipment, note }) => {
            const id = newUuid();
            const payload = {
                intervention: id,
                from: this.row.id,
                title,
                at: now(),
                ...(equipment ? { equipment: Number(equipment) } : {}),
                ...(note ? { note } : {}),
            };
            await this.app.record({ kind: "create", payload, source: JSON.parse(JSON.stringify(this.row)) });
            this.app.go("job", id);
        });
    }
    reportMachine() {
        this.choosePart(
            _t("Machine That We Do Not Know"),
            (part) => {
                const fields = [
                    { name: "serial", label: _t("Serial number"), type: "scan" },
                    { name: "note", label: _t("Note"), type: "text" },
                ];
                this.form(part.name, fields, ({ serial, note }) =>
                    this.record("report_machine", {
                        product: part.id,
                        ...(serial ? { serial } : {}),
                        ...(note ? { note } : {}),
                    })
                );
            },
            ["machine"]
        );
    }

    // ------------------------------------------------------------ documents
    async readKept() {
        const kept = await (await caches.open("field-docs")).keys();
        for (const { url } of kept) {
            this.state.kept[url.split("/").pop()] = true;
        }
    }
    async keepDocument(document) {
        const cache = await caches.open("field-docs");
        try {
            await cache.add(`/field/api/document/${document.id}`);
            this.state.kept[document.id] = true;
        } catch {
            this.state.notice = _t("There is no network: the document could not be kept.");
        }
    }
    size(bytes) {
        return bytes > 1e6 ? `${formatNumber(bytes / 1e6, 1)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
    }
}
