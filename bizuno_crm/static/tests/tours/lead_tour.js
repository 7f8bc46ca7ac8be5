import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const openMenu = (section, item) => [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app",
        trigger: ".o_app[data-menu-xmlid='bizuno_crm.menu_root']",
        run: "click",
    },
    {
        content: "The dashboard is its first page",
        trigger: ".o_bizuno_dashboard [data-card='reminders']",
    },
    {
        content: "Open the menu",
        trigger: `[data-menu-xmlid='bizuno_crm.${section}']`,
        run: "click",
    },
    {
        content: "Open the page",
        trigger: `.dropdown-item[data-menu-xmlid='bizuno_crm.${item}']`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("bizuno_lead_to_customer", {
    steps: () => [
        ...openMenu("menu_contacts", "menu_lead"),
        {
            content: "New lead",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            content: "Its name",
            trigger: ".o_field_widget[name='name'] :is(input, textarea)",
            run: "edit Tour Lighting",
        },
        ...stepUtils.saveForm(),
        {
            content: "Log an action with the hotkey",
            trigger: "button[name='action_log'][data-hotkey='shift+l']",
            run: "press Alt+Shift+L",
        },
        {
            content: "Which action",
            trigger: ".modal .o_field_widget[name='action_id'] span:contains('New call')",
            run: "click",
        },
        {
            content: "What was said",
            trigger: ".modal .o_field_widget[name='notes'] textarea",
            run: "edit Wants an offer for 20 lamps",
        },
        {
            content: "The follow-up is proposed",
            trigger: ".modal .o_field_widget[name='reminder_date']:not(:empty)",
        },
        {
            content: "Log it",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "The entry counts",
            trigger: "body:not(:has(.modal)) button[name='action_view_contact_log']",
        },
        {
            content: "It stands in the chatter",
            trigger: ".o-mail-Message:contains('Wants an offer for 20 lamps')",
        },
        {
            content: "And in the log tab",
            trigger: ".nav-link[name='contact_log']",
            run: "click",
        },
        {
            trigger: ".o_bizuno_related_list td:contains('Wants an offer')",
        },
        {
            content: "It buys",
            trigger: "button[name='action_convert_lead_to_customer']",
            run: "click",
        },
        {
            content: "It is a customer now",
            trigger: ".o_bizuno_roles .badge[data-role='role_customer']",
        },
        {
            content: "And no lead any more",
            trigger: ".o_form_view:not(:has(button[name='action_convert_lead_to_customer']))",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_pipeline_move_and_close", {
    steps: () => [
        ...openMenu("menu_pipeline", "menu_project"),
        {
            content: "Drag the project to the next stage",
            trigger:
                ".o_kanban_group:contains('Prospect') .o_kanban_record.o_draggable:contains('Tour Project')",
            run: "drag_and_drop(.o_kanban_group:contains('Contacting'))",
        },
        {
            content: "It is there; drag it to No Opportunity",
            trigger:
                ".o_kanban_group:contains('Contacting') .o_kanban_record.o_draggable:contains('Tour Project')",
            run: "drag_and_drop(.o_kanban_group:contains('No Opportunity'))",
        },
        {
            content: "The window says what it is for",
            trigger: ".modal .modal-title:contains('Close Project')",
        },
        {
            content: "That asks for the reason",
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit Bought elsewhere",
        },
        {
            content: "Close it",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It has left its column",
            trigger:
                "body:not(:has(.modal)) .o_kanban_group:contains('Contacting'):not(:has(.o_kanban_record:contains('Tour Project')))",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_lead_typed_twice", {
    steps: () => [
        ...openMenu("menu_contacts", "menu_lead"),
        {
            content: "New lead",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            content: "The card's e-mail is typed, and the field not left",
            trigger: ".o_field_widget[name='email'] input",
            run({ anchor }) {
                anchor.focus();
                anchor.value = "harbour@tour.example";
                anchor.dispatchEvent(new InputEvent("input", { bubbles: true }));
            },
        },
        {
            content: "Who has it is shown",
            trigger: "[name='bizuno_duplicate']:contains('Tour Harbour')",
            run() {
                if (!document.activeElement.closest(".o_field_widget[name='email']")) {
                    throw new Error("the e-mail was left");
                }
            },
        },
        {
            content: "It is not needed",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            trigger: ".o_kanban_view",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_reminder_done_and_snoozed", {
    steps: () => [
        ...openMenu("menu_pipeline", "menu_reminder"),
        {
            content: "Snooze the first",
            trigger: ".o_data_row:contains('Tour snooze') button[name='action_snooze_day']",
            run: "click",
        },
        {
            content: "It is due tomorrow",
            trigger: ".o_data_row:contains('Tour snooze'):contains('Tomorrow')",
        },
        {
            content: "That was the wrong one",
            trigger: ".o_notification:contains('Tour snooze') button:contains('Undo')",
            run: "click",
        },
        {
            content: "It is due again, and put off once more",
            trigger:
                ".o_data_row:contains('Tour snooze'):not(:contains('Tomorrow')) button[name='action_snooze_day']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Tour snooze'):contains('Tomorrow')",
        },
        {
            content: "The second is done",
            trigger: ".o_data_row:contains('Tour done') button[name='action_log_done']",
            run: "click",
        },
        {
            content: "What came of it",
            trigger: ".modal .o_field_widget[name='notes'] textarea",
            run: "edit They ordered",
        },
        {
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It is gone from the list",
            trigger:
                "body:not(:has(.modal)) .o_list_view:not(:has(.o_data_row:contains('Tour done')))",
        },
        {
            content: "Back to the dashboard",
            trigger: "[data-menu-xmlid='bizuno_crm.menu_dashboard']",
            run: "click",
        },
        {
            content: "The third, from the dashboard",
            trigger: ".o_bizuno_reminder:contains('Tour dashboard') .o_bizuno_snooze_day",
            run: "click",
        },
        {
            content: "Nothing is due any more",
            trigger: "[data-card='reminders']:contains('Nothing is due')",
        },
        {
            content: "It was a slip of the hand",
            trigger: ".o_notification:contains('Tour dashboard') button:contains('Undo')",
            run: "click",
        },
        {
            content: "It is due again, and put off once more",
            trigger: ".o_bizuno_reminder:contains('Tour dashboard') .o_bizuno_snooze_day",
            run: "click",
        },
        {
            trigger: "[data-card='reminders']:contains('Nothing is due')",
        },
        {
            content: "What was done stands in the log",
            trigger: "[data-card='log'] li:contains('They ordered')",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_reminder_in_german", {
    steps: () => [
        {
            trigger: ".o_bizuno_reminder:contains('Tour call') .o_bizuno_snooze_day",
            run: "click",
        },
        {
            content: "What the server says is in the language of the page",
            trigger: ".o_notification:contains('Tour call: verschoben auf')",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_phone_reminder", {
    steps: () => [
        {
            content: "The number to call",
            trigger: ".o_bizuno_reminder:contains('Tour call') a[href='tel:+17575550101']",
        },
        {
            content: "What was said last",
            trigger:
                ".o_bizuno_reminder:contains('Tour call') .o_bizuno_last:contains('Wants the drawings')",
        },
        {
            content: "Begin here each morning",
            trigger: ".o_bizuno_start_page",
            run: "click",
        },
        {
            trigger: ".o_bizuno_dashboard:contains('Odoo opens this page when you log in')",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_sales_of_last_month", {
    steps: () => [
        {
            content: "What was sold last month",
            trigger: ".o_bizuno_dashboard .o_bizuno_sold_before:contains('712')",
            run: "click",
        },
        {
            content: "The same stands behind it",
            trigger: ".o_bizuno_months:contains('712')",
        },
        {
            content: "Back",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "And behind this month what was sold in it",
            trigger: ".o_bizuno_dashboard [data-card='sales'] .card-header button",
            run: "click",
        },
        {
            trigger: ".o_bizuno_months:contains('145')",
        },
    ],
});
