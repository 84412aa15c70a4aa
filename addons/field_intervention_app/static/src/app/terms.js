// The app's own terms and formats: no service of the web client is needed offline.
let terms = {};
let locale = "en-US";
let language = "";

/** Translate a term; `%(name)s` is replaced by the values given. */
export function _t(term, values = {}) {
    const text = terms[term] || term;
    return text.replace(/%\((\w+)\)s/g, (_match, name) => values[name] ?? "");
}

/** The installed language that fits best, e.g. fr_FR for fr-CA. */
export function chooseLanguage(wanted, installed) {
    const code = (wanted || "").replace("-", "_");
    const short = code.split("_")[0];
    return (
        installed.find((lang) => lang === code) ||
        installed.find((lang) => lang.split("_")[0] === short) ||
        "en_US"
    );
}

const getLanguage = (wanted) =>
    chooseLanguage(wanted || navigator.language, odoo.field.languages);

/** Whether the app is shown in another language than this one. */
export const isOtherLanguage = (wanted) => getLanguage(wanted) !== language;

/** Load the terms of a language, which the worker keeps. */
export async function loadTerms(wanted) {
    const lang = getLanguage(wanted);
    language = lang;
    locale = lang.replace("_", "-").split("@")[0];
    document.documentElement.lang = locale;
    try {
        terms = await (await fetch(`/field/terms/${lang}`)).json();
    } catch {
        terms = {}; // English
    }
}

const asDate = (value) => (value ? new Date(/Z|\+/.test(value) ? value : `${value}Z`) : null);

export function formatTime(value) {
    const date = asDate(value);
    return date
        ? new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(date)
        : "";
}

export function formatDay(value) {
    const date = asDate(value);
    const style = { weekday: "long", day: "numeric", month: "long" };
    return date ? new Intl.DateTimeFormat(locale, style).format(date) : "";
}

export function formatDate(value) {
    const date = asDate(value);
    const style = { dateStyle: "short", timeStyle: "short" };
    return date ? new Intl.DateTimeFormat(locale, style).format(date) : "";
}

export function formatNumber(value, digits = 3) {
    return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value || 0);
}

/** A number as it is typed: with the decimal sign of the language, without separators. */
export function editNumber(value) {
    const style = { maximumFractionDigits: 6, useGrouping: false };
    return new Intl.NumberFormat(locale, style).format(value || 0);
}

export function dayKey(value) {
    const date = asDate(value);
    return date ? new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 10) : "";
}
