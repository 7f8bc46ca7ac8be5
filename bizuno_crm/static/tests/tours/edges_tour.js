import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// a cell of the form with the label, and the next one with the choice
const choice = (label) =>
    `.o_field_widget[name='group_ids'] .o_wrap_label:has(label:contains('${label}')) + .o_wrap_input`;
const give = (label, right) => [
    {
        content: `Open ${label}`,
        trigger: `${choice(label)} input.o_select_menu_input`,
        run: "click",
    },
    {
        content: `Choose ${right}`,
        trigger: `.o_select_menu_item:contains('${right}')`,
        run: "click",
    },
    {
        content: "The form has taken it: on a busy machine, saving would be quicker",
        trigger: `${choice(label)} input.o_select_menu_input:value(${right})`,
    },
];

registry.category("web_tour.tours").add("bizuno_rights_on_the_user_form", {
    steps: () => [
        {
            trigger: ".nav-link:contains('Access Rights')",
            run: "click",
        },
        ...give("Credit Approval", "Approver"),
        ...give("Contacts Shown", "Own Only"),
        ...stepUtils.saveForm(),
    ],
});

registry.category("web_tour.tours").add("bizuno_dashboard_pick_a_day", {
    steps: () => [
        {
            content: "Pick a day for the reminder",
            trigger: ".o_bizuno_reminder:contains('Tour pick') button:has(.fa-calendar)",
            run: "click",
        },
        {
            content: "Which day",
            trigger: ".modal .o_field_widget[name='date'] :is(input, button)",
            run: "click",
        },
        {
            content: "The dialog proposes one: take it",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It is no longer due",
            trigger: "body:not(:has(.modal)) [data-card='reminders']:not(:contains('Tour pick'))",
        },
        {
            content: "What a reminder is about opens",
            trigger: ".o_bizuno_reminder a:contains('Tour open')",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='name']",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_contact_id_conflicts", {
    steps: () => [
        {
            content: "All holders stand in one open group",
            trigger: ".o_group_header:contains('TOUR-1') ~ .o_data_row:contains('tour-1')",
        },
        {
            content: "Select all",
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button:contains('Merge One by One')",
            run: "click",
        },
        {
            content: "The first conflict",
            trigger: ".modal .o_data_row:contains('Tour One a')",
        },
        {
            trigger: ".modal button[name='action_merge']",
            run: "click",
        },
        {
            content: "The next one comes by itself",
            trigger: ".modal .o_data_row:contains('Tour Two a')",
        },
        {
            trigger: ".modal button[name='action_skip']",
            run: "click",
        },
        {
            content: "The merged ID has left the page",
            trigger:
                "body:not(:has(.modal)) .o_list_view:not(:has(.o_group_header:contains('TOUR-1')))",
        },
        {
            content: "Select the rest",
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button:contains('Assign Contact IDs')",
            run: "click",
        },
        {
            content: "It says what will happen",
            trigger:
                ".modal:contains('1 contact gets the next number'):contains('1 contact keeps the ID')",
        },
        {
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "And what has happened",
            trigger: ".o_notification:contains('1 contact was given the next Contact ID')",
        },
        {
            content: "No conflict is left, and no empty group",
            trigger: ".o_view_nocontent:contains('No conflicts')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_group_header))",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_conflicts_phone", {
    steps: () => [
        {
            content: "Those that share an ID stand one below the other, however it is written",
            trigger:
                ".o_kanban_record:contains('Tour One a') + .o_kanban_record:contains('Tour One b')" +
                " + .o_kanban_record:contains('Tour Two a') + .o_kanban_record:contains('newer')",
        },
        {
            content: "Nothing scrolls sideways",
            trigger: ".o_kanban_renderer",
            run() {
                if (this.anchor.scrollWidth > this.anchor.clientWidth) {
                    throw new Error("The cards are wider than the page");
                }
            },
        },
        {
            trigger: ".o_kanban_record:contains('Tour Two b') button:contains('Next Number')",
            run: "click",
        },
        {
            content: "One conflict is over",
            trigger: ".o_kanban_renderer:not(:has(.o_kanban_record:contains('Tour Two')))",
        },
        {
            trigger: ".o_kanban_record:contains('Tour One b') button:contains('Merge')",
            run: "click",
        },
        {
            trigger: ".modal:contains('Tour One a') button[name='action_merge']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_view_nocontent:contains('No conflicts')",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_stage_phone", {
    steps: () => [
        {
            trigger: ".o_kanban_record:not(.o_kanban_ghost)",
            run: "click",
        },
        {
            trigger: ".o_form_view [name='rotting_threshold_days'] input",
            run: "edit 47",
        },
        ...stepUtils.saveForm(),
    ],
});
