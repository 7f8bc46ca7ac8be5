import { registry } from "@web/core/registry";

const field = (name) => `.o_field_widget[name='${name}']`;
const chooseProject = [
    {
        content: "What it is about",
        trigger: `${field("bizuno_project_id")} input`,
        timeout: 60000, // the first page of the browser
        run: "edit Pump station",
    },
    {
        trigger: `${field("bizuno_project_id")} .dropdown-item:contains('Pump station')`,
        run: "click",
    },
];
const openProject = [
    {
        content: "To the project",
        trigger: `${field("bizuno_project_id")} .o_external_button:not(:visible)`,
        run: "click",
    },
    {
        content: "Its profit and loss",
        trigger: ".o_notebook .nav-link[name='profit']",
        run: "click",
    },
];

registry.category("web_tour.tours").add("bizuno_project_quotation", {
    steps: () => [
        ...chooseProject,
        {
            trigger: ".o_statusbar_buttons button[name='action_confirm']",
            run: "click",
        },
        {
            content: "Invoice the order",
            trigger: ".o_statusbar_buttons button:contains('Create Invoice')",
            run: "click",
        },
        {
            trigger: ".modal button:contains('Create Draft')",
            run: "click",
        },
        {
            content: "It has gone along",
            trigger: `${field("bizuno_project_id")} input:value(/Pump station/)`,
        },
        {
            trigger: ".o_statusbar_buttons button[name='action_post']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value='posted']",
            timeout: 30000, // it is written, numbered and shown anew
        },
        ...openProject,
        {
            content: "The revenue is there, and opens what it consists of",
            trigger: "button[name='action_view_revenue']:contains('200.00')",
            run: "click",
        },
        {
            content: "An item opens its invoice",
            trigger: ".o_data_row:contains('100.00') td[name='name']",
            run: "click",
        },
        {
            trigger: `.o_form_view ${field("invoice_line_ids")}`,
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_project_bill", {
    steps: () => [
        ...chooseProject,
        {
            trigger: ".o_statusbar_buttons button[name='action_post']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current[data-value='posted']",
            timeout: 30000, // it is written, numbered and shown anew
        },
        ...openProject,
        {
            content: "What is open is asked for with its tab, and opens what it consists of",
            trigger: "button[name='action_view_to_pay_out']:contains('40.00')",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('40.00'):contains('BILL')",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item:contains('Pump station')",
            run: "click",
        },
        {
            trigger: ".o_notebook .nav-link[name='profit']",
            run: "click",
        },
        {
            content: "Forty of fifty are near the end of the budget",
            trigger: `${field("budget_state")}:contains('Nearly Used Up')`,
        },
        {
            content: "The cost is there, and opens what it consists of",
            trigger: "button[name='action_view_cost']:contains('40.00')",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('40.00'):contains('BILL')",
        },
        {
            content: "Back, and by account and month",
            trigger: ".o_back_button, .breadcrumb-item:contains('Pump station')",
            run: "click",
        },
        {
            trigger: ".o_notebook .nav-link[name='profit']",
            run: "click",
        },
        {
            trigger: "button[name='action_view_profit']:contains('By Account and Month')",
            run: "click",
        },
        {
            trigger: ".o_pivot table:contains('Cost'):contains('-40.00')",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_project_phone", {
    steps: () => [
        {
            trigger: ".o_notebook .nav-link[name='profit']",
            timeout: 60000, // the first page of the browser
            run: "click",
        },
        {
            content: "A cost opens cards with its sign",
            trigger: "button[name='action_view_cost']:contains('40.00')",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('$ 40.00')",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger: ".o_notebook .nav-link[name='profit']",
            run: "click",
        },
        {
            content: "By account and month is a table on a phone, too",
            trigger: "button.btn-secondary[name='action_view_profit']",
            run: "click",
        },
        {
            trigger: ".o_pivot table:contains('Cost'):contains('-40.00')",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_project_past", {
    steps: () => [
        {
            trigger: "button[name='action_assign_documents']",
            timeout: 60000, // the first page of the browser
            run: "click",
        },
        {
            content: "The only project of the customer: its invoice is chosen",
            trigger: ".modal .o_data_row:contains('INV') input:checked",
        },
        {
            trigger: ".modal .nav-link[name='bills']",
            run: "click",
        },
        {
            content: "The bill that the text finds",
            trigger: `.modal ${field("text")} input`,
            run: "edit STEEL",
        },
        {
            trigger: ".modal button[name='action_find']",
            run: "click",
        },
        {
            trigger: ".modal .nav-link[name='bills']",
            run: "click",
        },
        {
            trigger:
                ".modal .tab-pane.active:has(.o_data_row:contains('STEEL')):not(:has(.o_data_row:contains('CRANE')))",
        },
        {
            trigger: ".modal .tab-pane.active .o_data_row:contains('STEEL') input[type='checkbox']",
            run: "click",
        },
        {
            trigger: `.modal ${field("count_selected")}:contains('2')`,
        },
        {
            trigger: ".modal button[name='action_assign']",
            run: "click",
        },
        {
            content: "Both are on the project",
            trigger: "body:not(:has(.modal)) button[name='action_view_profit']:contains('30.00')",
        },
    ],
});
