import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

/** Hours as the user writes numbers: 1,25 h. */
export function formatHours(hours) {
    return `${formatFloat(hours, { digits: [16, 2], trailingZeros: false })} h`;
}

/** The load in words: a percentage, or that work is planned where nobody has hours. */
export function getLoadLabel({ percent, hasNoHours }) {
    return hasNoHours ? _t("no hours") : `${percent} %`;
}
