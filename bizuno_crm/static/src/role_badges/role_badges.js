import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component } from "@odoo/owl";

// Each role in a colour of its own; the word stands on the badge, so colour is never alone. The role
// Project, which follows the projects, is the button with their number.
const ROLES = {
    role_customer: "text-bg-success",
    role_vendor: "text-bg-primary",
    role_lead: "text-bg-warning",
    role_branch: "text-bg-info",
    role_employee: "text-bg-secondary",
    role_user: "text-bg-light border",
};

/** A row of badges, one per role of the contact, and a menu that gives and takes roles. */
export class RoleBadges extends Component {
    static template = "bizuno_crm.RoleBadges";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    get roles() {
        const { data, fields } = this.props.record;
        return Object.entries(ROLES).map(([name, badgeClass]) => ({
            name,
            badgeClass,
            label: fields[name].string,
            isSet: data[name],
            // The role User follows the logins.
            isSettable: name !== "role_user",
        }));
    }

    toggle(role) {
        return this.props.record.update({ [role.name]: !role.isSet });
    }
}

registry.category("view_widgets").add("bizuno_role_badges", {
    component: RoleBadges,
    fieldDependencies: Object.keys(ROLES).map((name) => ({ name, type: "boolean" })),
});
