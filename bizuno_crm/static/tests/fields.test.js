import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { mockDate } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Visit extends models.Model {
    day = fields.Date();
    done = fields.Boolean({ string: "Done already" });
}

defineMailModels();
defineModels([Visit]);

test("a day near today has its name, any other its weekday, and its year if that is another", async () => {
    mockDate("2026-02-27 12:00:00");
    const days = ["2026-02-26", "2026-02-27", "2026-02-28", "2026-03-01", "2025-12-31", false];
    Visit._records = days.map((day, index) => ({ id: index + 1, day }));
    await mountView({
        type: "list",
        resModel: "visit",
        arch: `<list><field name="day" widget="bizuno_day"/></list>`,
    });
    expect(queryAllTexts(".o_data_cell")).toEqual([
        "Yesterday",
        "Today",
        "Tomorrow",
        "Sun, Mar 1",
        "Wed, Dec 31, 2025",
        "",
    ]);
});

test("what holds is marked and named, what does not hold is left blank", async () => {
    Visit._records = [
        { id: 1, done: true },
        { id: 2, done: false },
    ];
    await mountView({
        type: "list",
        resModel: "visit",
        arch: `<list><field name="done" widget="bizuno_mark"/></list>`,
    });
    expect(".o_data_row:eq(0) .fa-check").toHaveAttribute("aria-label", "Done already");
    expect(".o_data_row:eq(1) .fa-check").toHaveCount(0);
    expect("input[type=checkbox][id^=boolean]").toHaveCount(0);
});
