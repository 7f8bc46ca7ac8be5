import { Component, onWillUnmount, useEffect, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const EVERY = 2000; // milliseconds

/** Reads the record again and again, as long as the widget is shown: something goes on at the server. */
export class BizunoReload extends Component {
    static template = xml`<span/>`;
    static props = { ...standardWidgetProps };

    setup() {
        let timer = null;
        useEffect(() => {
            timer = setTimeout(() => this.props.record.load(), EVERY);
            return () => clearTimeout(timer);
        });
        onWillUnmount(() => clearTimeout(timer));
    }
}

registry.category("view_widgets").add("bizuno_reload", { component: BizunoReload });
