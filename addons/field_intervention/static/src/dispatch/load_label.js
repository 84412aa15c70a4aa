import { _t } from "@web/core/l10n/translation";

/** The load in words: a percentage, or that work is planned where nobody has hours. */
export function getLoadLabel({ percent, hasNoHours }) {
    return hasNoHours ? _t("no hours") : `${percent} %`;
}
