import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("bizuno_terms_gear", {
    steps: () => [
        {
            content: "Open the page with the terms",
            trigger: ".o_notebook a[name='bizuno_account']",
            run: "click",
        },
        {
            content: "The gear next to the payment term",
            trigger: ".o_notebook button[name='action_open_terms']:visible",
            run: "click",
        },
        {
            content: "Two percent within ten days, net thirty",
            trigger: ".modal .o_radio_input[data-value='3']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='discount'] input",
            run: "edit 2 && press Tab",
        },
        {
            trigger: ".modal .o_field_widget[name='discount_days'] input",
            run: "edit 10 && press Tab",
        },
        {
            trigger: ".modal .o_field_widget[name='net_days'] input",
            run: "edit 30 && press Tab",
        },
        {
            trigger: ".modal .o_field_widget[name='credit_limit'] input",
            run: "edit 2500 && press Tab",
        },
        {
            content: "The dialog says what it means",
            trigger:
                ".modal .o_field_widget[name='explanation']:contains('with the discount until')",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "The payment term is there",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name='property_payment_term_id'] input:value(/2% 10, Net 30/)",
        },
    ],
});

const confirm = () => ({
    content: "Confirm",
    trigger: ".o_statusbar_buttons button[name='action_confirm']",
    run: "click",
});

const refused = (text) => [
    {
        content: "The refusal says why and what to do",
        trigger: `.modal .modal-body:contains('${text}')`,
    },
    {
        trigger: ".modal .modal-footer button",
        run: "click",
    },
];

const warned = (text) => ({
    content: "The warning is above the quotation",
    trigger: `div[name='bizuno_credit'] .o_field_widget[name='credit_message']:contains('${text}')`,
});

registry.category("web_tour.tours").add("bizuno_credit_warn", {
    steps: () => [
        warned("over the credit limit of"),
        {
            trigger: "div[name='bizuno_credit'] .badge:contains('Over Limit')",
        },
        confirm(),
        {
            content: "A warning stops nothing",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Sales Order')",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_credit_approval_request", {
    steps: () => [
        warned("exceeds the credit limit with this quotation"),
        confirm(),
        ...refused("It can be approved by"),
        {
            content: "Ask",
            trigger: "button[name='action_request_credit_approval']",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('has been asked')",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_credit_approval_grant", {
    steps: () => [
        warned("over the credit limit of"),
        {
            trigger: "button[name='action_approve_credit']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit Cheque is in the mail",
        },
        {
            trigger: ".modal button[name='action_approve']",
            run: "click",
        },
        {
            content: "The approval is on the quotation",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name='credit_approval_reason']:contains('Cheque is in the mail')",
        },
        confirm(),
        {
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Sales Order')",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_credit_block", {
    steps: () => [
        warned("over the credit limit of"),
        confirm(),
        ...refused("stopped by the credit policy"),
        {
            content: "It is a quotation still",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Quotation')",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_credit_nothing_on_hold", {
    steps: () => [
        {
            content: "Why the page is empty, and where the others are",
            trigger: ".o_view_nocontent:contains(only warns) a:contains(would be stopped)",
            run: "click",
        },
        { trigger: ".o_searchview .o_facet_value:contains(Over Limit or on Hold)" },
        { trigger: ".o_data_row:contains(Tour Supply) .o_bizuno_badge:contains(Over Limit)" },
    ],
});

registry.category("web_tour.tours").add("bizuno_credit_invented_rows", {
    steps: () => [
        {
            content: "Odoo shows invented rows; none says that somebody is on hold",
            trigger: ".o_view_sample_data .o_data_row .o_bizuno_badge:not(:visible)",
        },
        { trigger: ".o_view_sample_data:not(:has(.o_bizuno_badge .badge:visible))" },
    ],
});

const pick = (field, text) => [
    {
        trigger: `.o_field_widget[name='${field}'] input`,
        timeout: 60000, // the first page of the browser
        run: `edit ${text}`,
    },
    {
        trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains('${text}')`,
        run: "click",
    },
];

const addProduct = (text) => [
    {
        trigger: ".o_field_x2many_list_row_add > a",
        run: "click",
    },
    {
        content: `The product ${text}`,
        trigger: ".o_selected_row .o_field_widget[name^='product_'] input",
        run: `edit ${text}`,
    },
    {
        trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains('${text}')`,
        run: "click",
    },
    {
        content: "The line comes to something",
        trigger: ".o_selected_row [name='price_subtotal']:contains('1.00')",
    },
];

const save = () => [
    {
        trigger: ".o_form_button_save:enabled",
        run: "click",
    },
    {
        content: "It is saved",
        trigger: ".o_form_saved",
    },
];

registry.category("web_tour.tours").add("bizuno_quotation_by_hand", {
    steps: () => [
        ...pick("partner_id", "Tour Supply"),
        ...addProduct("Tour Pump"),
        ...save(),
        {
            content: "One line more, on a quotation that there is",
            trigger: ".o_statusbar_buttons button[name='action_confirm']",
        },
        ...addProduct("Tour Hose"),
        ...save(),
        confirm(),
        {
            trigger: ".o_arrow_button_current:contains('Sales Order')",
        },
    ],
});

registry.category("web_tour.tours").add("bizuno_invoice_by_hand", {
    steps: () => [
        ...pick("partner_id", "Tour Supply"),
        ...addProduct("Tour Pump"),
        ...save(),
        {
            trigger: ".o_statusbar_buttons button[name='action_post']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Posted')",
        },
    ],
});
