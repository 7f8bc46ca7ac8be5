import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { getDefaultConfig, View } from "@web/views/view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onMounted, onWillUpdateProps, useChildSubEnv, useState } from "@odoo/owl";

/**
 * Records that belong to the one in the form, as a native list (cards on a phone) on a tab of the
 * form. Nothing is read before the tab is opened, and then what is shown; a click on a row does what
 * the list's own arch says.
 *
 * Attributes: `action`, a method of the record that returns the action behind the list, which says
 * whose records and which of them; or, for a list that is there at once, `model` and `domain_field`,
 * a field of the form with the domain as JSON, so that nobody need be asked for it; `list_view` and
 * `kanban_view`, by external id; `facts`, a method that returns [[label, text]] for a line above the
 * list; `help`, what an empty list says; `watch`, fields of the form (with commas) that change when
 * the list does.
 */
export class RelatedList extends Component {
    static template = "bizuno_crm.RelatedList";
    static components = { View };
    static props = {
        ...standardWidgetProps,
        action: { type: String, optional: true },
        model: { type: String, optional: true },
        domainField: { type: String, optional: true },
        views: Object,
        facts: { type: String, optional: true },
        help: { type: String, optional: true },
        watch: { type: Array, element: String },
    };

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.action = useService("action");
        this.state = useState({ viewProps: null, facts: [], key: 0 });
        // The form's breadcrumbs and pager are not the list's.
        useChildSubEnv({
            config: getDefaultConfig(),
            onRelatedChange: () => this.onRelatedChange(),
        });
        onMounted(() => this.load(this.props.record));
        this.seen = this.getSignature(this.props.record);
        onWillUpdateProps(({ record }) => {
            const seen = this.getSignature(record);
            if (seen !== this.seen) {
                this.seen = seen;
                this.load(record);
            }
        });
    }

    getSignature({ resId, data }) {
        const { domainField, watch } = this.props;
        return JSON.stringify([resId, data[domainField], ...watch.map((name) => data[name])]);
    }

    async load({ resModel, resId, data }) {
        if (!resId) {
            return;
        }
        const call = (method) => this.orm.call(resModel, method, [[resId]]);
        const { domainField, model } = this.props;
        const [action, facts] = await Promise.all([
            domainField
                ? { res_model: model, domain: JSON.parse(data[domainField]) }
                : call(this.props.action),
            this.props.facts ? call(this.props.facts) : [],
        ]);
        const type = this.ui.isSmall ? "kanban" : "list";
        this.state.facts = facts;
        this.state.key++;
        this.state.viewProps = {
            type,
            resModel: action.res_model,
            domain: action.domain,
            context: { [`${type}_view_ref`]: this.props.views[type] },
            display: { controlPanel: false },
            views: [[false, type]],
            // where the list's arch names no action of its own
            selectRecord: (resId) =>
                this.action.doAction({
                    type: "ir.actions.act_window",
                    res_model: action.res_model,
                    res_id: resId,
                    views: [[false, "form"]],
                }),
            noContentHelp: this.props.help || "",
            ...(type === "list" ? { allowSelectors: false } : {}),
        };
    }

    /** What a button of the list did may have changed the figures of the form. */
    async onRelatedChange() {
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("bizuno_related_list", {
    component: RelatedList,
    extractProps: ({ attrs }) => ({
        action: attrs.action,
        model: attrs.model,
        domainField: attrs.domain_field,
        views: { list: attrs.list_view, kanban: attrs.kanban_view },
        facts: attrs.facts,
        help: attrs.help,
        watch: attrs.watch ? attrs.watch.split(",") : [],
    }),
});

const tellingTheForm = (Controller) =>
    class extends Controller {
        get modelParams() {
            const params = super.modelParams;
            let isFirst = true;
            return {
                ...params,
                // How many there are is shown nowhere: they are not counted.
                countLimit: params.limit,
                hooks: {
                    ...params.hooks,
                    onRootLoaded: async (root) => {
                        await params.hooks?.onRootLoaded?.(root);
                        if (!isFirst) {
                            this.env.onRelatedChange?.();
                        }
                        isFirst = false;
                    },
                },
            };
        }
    };

registry.category("views").add("bizuno_related_list", {
    ...listView,
    Controller: tellingTheForm(ListController),
});
registry.category("views").add("bizuno_related_kanban", {
    ...kanbanView,
    Controller: tellingTheForm(KanbanController),
});
