import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("bizuno_crm_aging_report", {
    url: "/odoo/action-bizuno_crm.bizuno_aged_receivable_report_action",
    steps: () => [
        { trigger: ".modal .o_field_widget[name=date]" },
        {
            content: "one line per customer, then the screen",
            trigger: ".modal .o_field_widget[name=hide_zero] input",
            run: "click",
        },
        { trigger: ".modal footer button[name=action_open]", run: "click" },
        {
            content: "grouped by customer",
            trigger: ".o_list_view .o_group_header:contains(Harbour Supply)",
            run: "click",
        },
        {
            content: "the document behind the figure",
            trigger: ".o_list_view .o_data_row td[name=reference]",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]" },
    ],
});

registry.category("web_tour.tours").add("bizuno_crm_aging_panel", {
    steps: () => [
        { trigger: ".o_notebook .nav-link:contains(Receivables)", run: "click" },
        { trigger: "div[name=aged_panel]:contains(1,000.00)" },
        {
            content: "one click on a figure opens its documents",
            trigger: "div[name=aged_panel] button:contains(31-60)",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(1,000.00)" },
        { trigger: ".o_back_button", run: "click" },
        { trigger: ".o_notebook .nav-link:contains(History)", run: "click" },
        { trigger: ".o_field_widget[name=history_ids] .o_data_row:contains(Invoice)" },
    ],
});

registry.category("web_tour.tours").add("bizuno_crm_aging_statement", {
    steps: () => [
        { trigger: ".o_notebook .nav-link:contains(Receivables)", run: "click" },
        { trigger: "button[name=action_open_statement]", run: "click" },
        { trigger: ".modal footer button[name=action_send]", run: "click" },
        { trigger: ".o_notification:contains(statements sent)" },
    ],
});
