import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const openCustomers = () => [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app",
        trigger: ".o_app[data-menu-xmlid='bizuno_crm.menu_root']",
        run: "click",
    },
    {
        content: "Open the menu Contacts",
        trigger: "[data-menu-xmlid='bizuno_crm.menu_contacts']",
        run: "click",
    },
    {
        content: "Open the customers",
        trigger: ".dropdown-item[data-menu-xmlid='bizuno_crm.menu_contact_customers']",
        run: "click",
    },
    {
        content: "The list tells what its colours mean",
        trigger: ".o_list_view .o_bizuno_legend",
    },
];

registry.category("web_tour.tours").add("bizuno_contact_fast_path", {
    steps: () => [
        ...openCustomers(),
        {
            content: "New",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "A name is enough",
            trigger: ".o_field_widget[name='name'] :is(input, textarea)",
            run: "edit Fast Path Ltd",
        },
        {
            content: "It is a customer already",
            trigger: ".o_bizuno_roles .badge[data-role='role_customer']",
        },
        ...stepUtils.saveForm(),
        {
            content: "The Contact ID has been assigned",
            trigger: ".o_field_widget[name='ref'] input:value(/^C[0-9]{5}$/)",
        },
        {
            content: "On to a quotation from the same page",
            trigger: "button[name='action_new_quotation']",
            run: "click",
        },
        {
            content: "The customer is there",
            trigger: ".o_form_view .o_field_widget[name='partner_id'] input:value(/Fast Path Ltd/)",
        },
        ...stepUtils.saveForm(),
    ],
});

registry.category("web_tour.tours").add("bizuno_contact_find_by_id", {
    steps: () => [
        ...openCustomers(),
        {
            content: "Type the Contact ID",
            trigger: ".o_searchview_input",
            run: "edit find-7",
        },
        {
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        {
            content: "The exact one stands first",
            trigger: ".o_data_row:first-child .o_data_cell[name='ref']:contains(/^FIND-7$/)",
            run: "click",
        },
        {
            content: "And its page opens",
            trigger: ".o_form_view .o_last_breadcrumb_item:contains(Zulu Fittings)",
        },
    ],
});
