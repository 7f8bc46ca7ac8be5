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
        {
            content: "a click on a row opens the document, not a dialog",
            trigger: ".o_bizuno_related_list .o_data_row:contains(Payment) td[name=reference]",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=payment_method_line_id]" },
    ],
});

registry.category("web_tour.tours").add("bizuno_crm_aging_statement", {
    steps: () => [
        { trigger: ".o_notebook .nav-link:contains(Receivables)", run: "click" },
        { trigger: "button[name=action_open_statement]", run: "click" },
        { trigger: ".modal footer button[name=action_send]", run: "click" },
        { trigger: ".o_notification:contains(1 statement is on its way)" },
    ],
});

registry.category("web_tour.tours").add("bizuno_crm_aging_page", {
    steps: () => [
        {
            content: "what is open stands on the first tab, each with its PDF and Pay",
            trigger: ".o_bizuno_related_list .o_data_row:contains(PO 12):contains(1,000.00):has(button[name=action_print_document])",
        },
        {
            trigger: ".o_bizuno_related_list .o_data_row:contains(PO 12) button[name=action_pay_document]",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=amount] input:value(1,000.00)" },
        { trigger: ".modal footer button[name=action_create_payments]", run: "click" },
        {
            content: "list and figures follow",
            trigger: "div[name=aged_panel]:not(:contains(1,000.00))",
        },
        { trigger: ".o_bizuno_related_list:not(:has(.o_data_row:contains(PO 12)))" },
        {
            trigger: ".o_bizuno_related_list .o_data_row:contains(300.00) td[name=reference]",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]" },
    ],
});
