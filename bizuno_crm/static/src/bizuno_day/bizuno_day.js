import {
    remainingDaysField,
    RemainingDaysField,
} from "@web/views/fields/remaining_days/remaining_days_field";
import { registry } from "@web/core/registry";
import { capitalize } from "@web/core/utils/strings";

/**
 * A day as people say it: yesterday, today and tomorrow, and any other by its weekday and date. Odoo's
 * own widget says "next month" of the day after tomorrow, if that is the first.
 */
export class BizunoDayField extends RemainingDaysField {
    /**
     * @override
     */
    get diffString() {
        if (this.diffDays === null) {
            return "";
        }
        const day = this.props.record.data[this.props.name];
        if (Math.abs(this.diffDays) <= 1) {
            return capitalize(day.toRelativeCalendar({ unit: "days" }));
        }
        const isThisYear = day.hasSame(luxon.DateTime.local(), "year");
        return day.toLocaleString({
            weekday: "short",
            month: "short",
            day: "numeric",
            ...(isThisYear ? {} : { year: "numeric" }),
        });
    }
}

registry.category("fields").add("bizuno_day", {
    ...remainingDaysField,
    component: BizunoDayField,
});
