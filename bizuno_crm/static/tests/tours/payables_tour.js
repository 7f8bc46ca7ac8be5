import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("bizuno_crm_payables", {
    steps: () => [
        {
            content: "everything, and the ledger",
            trigger: "[name=aged_total]:contains(Total of all vendors):contains(1,950.00)",
        },
        { trigger: "[name=aged_control]:contains(Payable accounts in the ledger)" },
        { trigger: "[name=aged_control]:contains(Difference $ 0.00)" },
        { trigger: "body:not(:has(button[name=action_send_statements]))" },
        {
            content: "a vendor's bills",
            trigger: ".o_data_row:contains(Anvil Works) td[name=partner_id]",
            run: "click",
        },
        { trigger: ".o_data_row:contains(AW 12)" },
        {
            content: "the bill behind the figure",
            trigger: ".o_data_row:contains(AW 12) td[name=reference]",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]" },
    ],
});

registry.category("web_tour.tours").add("bizuno_crm_payables_panel", {
    steps: () => [
        { trigger: ".nav-link[name=bizuno_payables]", run: "click" },
        { trigger: "[name=aged_payable_panel] button:contains(31-60):contains(1,200.00)" },
        { trigger: ".tab-pane.active .o_data_row:contains(AW 12) button:contains(Pay)" },
        { trigger: ".nav-link[name=bizuno_vendor_history]", run: "click" },
        { trigger: ".tab-pane.active .o_data_row:contains(Refund):contains(-50.00)" },
        { trigger: ".nav-link[name=bizuno_payables]", run: "click" },
        {
            trigger: ".tab-pane.active .o_data_row:contains(AW 12) button:contains(Pay)",
            run: "click",
        },
        { trigger: ".modal .o_form_view .o_field_widget[name=amount]" },
        { trigger: ".modal footer .btn-close, .modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
