import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useExternalListener, useRef, xml } from "@odoo/owl";

const PAUSE = 400; // milliseconds without a key: then what is typed is looked up
// What is too short to be anybody's is not looked up.
const COMPLETE = {
    email: /[^@\s]@[^@\s]+\.[^@\s]{2,}$/,
    phone: /(\d\D*){7}/,
};

/**
 * Shows while an e-mail or telephone is typed who has it already: after a pause the form learns what
 * stands in the field, as it else does when the field is left.
 */
export class DuplicateWatch extends Component {
    static template = xml`<span class="d-none" t-ref="root"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        this.root = useRef("root");
        this.learn = useDebounced((input) => input.dispatchEvent(new Event("change")), PAUSE);
        useExternalListener(window, "input", ({ target }) => this.look(target));
    }

    look(input) {
        const form = this.root.el.closest(".o_form_renderer");
        const name = input.closest(".o_field_widget")?.getAttribute("name");
        if (
            COMPLETE[name]?.test(input.value) &&
            input.closest(".o_form_renderer") === form &&
            !input.closest(".o_field_x2many")
        ) {
            this.learn(input);
        }
    }
}

registry.category("view_widgets").add("bizuno_duplicate_watch", { component: DuplicateWatch });
