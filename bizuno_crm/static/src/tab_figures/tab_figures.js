import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { ViewButton } from "@web/views/view_button/view_button";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

/**
 * Figures of the record in the form that are worked out when their tab is opened: most who open the
 * form do not look at them. Each is a button that opens what it consists of.
 *
 * Attribute: `figures`, a method of the record that returns [{label, help, text, action, title}].
 */
export class TabFigures extends Component {
    static template = "bizuno_crm.TabFigures";
    static components = { ViewButton };
    static props = { ...standardWidgetProps, figures: String };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ figures: [] });
        useRecordObserver((record) => {
            // `data` is another object whenever the record is read anew
            if (record.data && record.resId) {
                this.load(record.resModel, record.resId);
            }
        });
    }

    async load(resModel, resId) {
        const figures = await this.orm.call(resModel, this.props.figures, [[resId]]);
        if (this.props.record.resId === resId) {
            this.state.figures = figures;
        }
    }
}

registry.category("view_widgets").add("bizuno_tab_figures", {
    component: TabFigures,
    extractProps: ({ attrs }) => ({ figures: attrs.figures }),
});
