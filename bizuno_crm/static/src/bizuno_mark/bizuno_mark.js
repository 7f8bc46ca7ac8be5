import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * A check mark where something holds, nothing where it does not. A list shows Odoo's checkboxes without
 * a label, which a screen reader cannot name, and which look as if one could tick them.
 */
export class BizunoMarkField extends Component {
    static template = "bizuno_crm.BizunoMarkField";
    static props = { ...standardFieldProps, label: { type: String, optional: true } };

    get isMarked() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return this.props.label || this.props.record.fields[this.props.name].string;
    }
}

registry.category("fields").add("bizuno_mark", {
    component: BizunoMarkField,
    displayName: _t("Check Mark"),
    supportedTypes: ["boolean"],
    isEmpty: () => false,
    extractProps: ({ string }) => ({ label: string }),
});
