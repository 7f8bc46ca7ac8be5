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

registry.category("web_tour.tours").add("bizuno_crm_aging_page", {
    steps: () => [
        {
            content: "everything, and the ledger",
            trigger: "[name=aged_total]:contains(6,250.50)",
        },
        { trigger: "[name=aged_control]:contains(Difference $ 0.00)" },
        { trigger: ".o_data_row:contains(Quay Traders):contains(800.00)" },
        {
            content: "a long name is not cut off",
            trigger: ".o_data_row td[name=partner_id]:contains(Marine Supplies)",
            run({ anchor }) {
                if (anchor.scrollWidth > anchor.clientWidth) {
                    throw new Error(`${anchor.innerText} is cut off`);
                }
            },
        },
        {
            content: "calls about the ticked customer alone",
            trigger: ".o_data_row:contains(Quay Traders) .o_list_record_selector input",
            run: "click",
        },
        { trigger: "button[name=action_plan_activity]", run: "click" },
        { trigger: ".modal .o_field_tags:contains(Quay Traders):not(:contains(Dockside))" },
        { trigger: ".modal button[name=action_plan]", run: "click" },
        { trigger: ".o_notification:contains(1 activity was planned.)" },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "ticked no more: with something ticked, a click on a row ticks it, too",
            trigger: ".o_data_row:contains(Quay Traders) .o_list_record_selector input",
            run: "click",
        },
        { trigger: ".o_list_view:not(:has(.o_data_row_selected))" },
        {
            content:
                "another date, by one click; last, for its rows come after the banner and bring no ticks",
            trigger: "button[name=aged_quarter]",
            run: "click",
        },
        { trigger: "button[name=aged_quarter].active" },
        { trigger: "button[name=aged_today]", run: "click" },
        { trigger: "button[name=aged_today].active" },
        {
            content: "a customer's documents, without his name in each row",
            trigger: ".o_data_row:contains(Harbour Supply) td[name=partner_id]",
            run: "click",
        },
        {
            trigger:
                ".breadcrumb-item.active:contains(Harbour Supply), .o_breadcrumb:contains(Harbour Supply)",
        },
        { trigger: ".o_list_view .o_data_row td[name=reference]:contains(INV)" },
        { trigger: ".o_list_view:not(:has(th[data-name=partner_id]))" },
        { trigger: ".o_list_view .o_data_row td[name=reference]:contains(INV)", run: "click" },
        {
            content: "the browser's Back leads to the same customer's documents, not to all",
            trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]",
            run: () => history.back(),
        },
        { trigger: "[name=aged_total]:contains(Total shown)" },
        { trigger: ".o_list_view .o_data_row td[name=reference]:contains(INV)" },
        { trigger: ".o_list_view:not(:has(th[data-name=partner_id]))" },
        {
            content: "from there to the customer, to call and to write down what was said",
            trigger: "button[name=open_contact]:contains(Open Customer)",
            run: "click",
        },
        { trigger: ".o_form_view div[name=aged_panel]" },
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
        {
            content: "not those that the form lists itself",
            trigger: "body:not(:has(.o_form_view)) .o_list_view .o_data_row:contains(1,000.00)",
        },
        { trigger: ".o_back_button", run: "click" },
        { trigger: ".o_notebook .nav-link:contains(History)", run: "click" },
        {
            content: "a click on a row opens the document, not a dialog",
            trigger: ".o_bizuno_related_list .o_data_row:contains(Payment) td[name=reference]",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=payment_method_line_id]" },
        { trigger: ".o_back_button", run: "click" },
        { trigger: ".o_notebook .nav-link:contains(History)", run: "click" },
        { trigger: "button[name=action_open_history]", run: "click" },
        {
            trigger:
                "body:not(:has(.o_form_view)) .o_list_view .o_data_row:contains(Payment) td[name=reference]",
            run: "click",
        },
        {
            content: "the browser's Back leads to this customer's history, not to everybody's",
            trigger: ".o_form_view .o_field_widget[name=payment_method_line_id]",
            run: () => history.back(),
        },
        { trigger: "body:not(:has(.o_form_view)) .o_list_view .o_data_row:contains(Payment)" },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(4,200.50)))" },
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

registry.category("web_tour.tours").add("bizuno_crm_contact_page", {
    steps: () => [
        {
            content: "what is open stands on the first tab, each with its PDF and Pay",
            trigger:
                ".o_bizuno_related_list .o_data_row:contains(PO 12):contains(1,000.00):has(button[name=action_print_document])",
        },
        {
            trigger:
                ".o_bizuno_related_list .o_data_row:contains(PO 12) button[name=action_pay_document]",
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
