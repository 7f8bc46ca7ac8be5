import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("bizuno_promo_send", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the app",
            trigger: ".o_app[data-menu-xmlid='bizuno_crm.menu_root']",
            run: "click",
        },
        {
            content: "Open the menu Promotions",
            trigger: "[data-menu-xmlid='bizuno_crm.menu_promotions']",
            run: "click",
        },
        {
            content: "Open the promotions",
            trigger: ".dropdown-item[data-menu-xmlid='bizuno_crm.menu_promotions_promos']",
            run: "click",
        },
        {
            content: "The promotions are there",
            trigger: ".o_last_breadcrumb_item:contains(Promotions)",
        },
        {
            content: "New",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "A title",
            trigger: ".o_field_widget[name='name'] :is(input, textarea)",
            run: "edit Tour promotion",
        },
        {
            content: "A subject",
            trigger: ".o_field_widget[name='subject'] input",
            run: "edit Save today",
        },
        {
            content: "The message, in the editor for e-mails",
            trigger: ".o_field_widget[name='body_html'] .odoo-editor-editable",
            run: "editor Ten percent off today",
        },
        ...stepUtils.saveForm(),
        {
            content: "Preview",
            trigger: "button[name='action_preview']",
            run: "click",
        },
        {
            content: "The message with its way out",
            trigger: ".modal .o_field_widget[name='body_preview']:contains(Unsubscribe)",
        },
        {
            content: "Close the preview",
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            content: "Who gets it, before anything is sent",
            trigger: "body:not(:has(.modal)) button[name='action_view_candidates']",
            run: "click",
        },
        {
            content: "One gets it",
            trigger: ".o_group_header:contains('Gets it (1)')",
        },
        {
            content: "One has no address",
            trigger: ".o_group_header:contains('No e-mail address (1)')",
        },
        {
            content: "Back to the promotion",
            trigger: ".o_back_button, .breadcrumb-item.o_back_button",
            run: "click",
        },
        {
            content: "Send",
            trigger: "button[name='action_send']",
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "The history of this send: one recipient",
            trigger: ".o_form_view .o_field_widget[name='recipient_count']:contains(1)",
        },
        {
            content: "And why the other one was left out",
            trigger: ".o_field_widget[name='left_out_text']:contains('No e-mail address: 1')",
        },
    ],
});
