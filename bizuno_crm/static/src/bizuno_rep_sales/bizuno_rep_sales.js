import { onWillStart, onWillUpdateProps } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

const AMOUNTS = ["amount_invoiced", "amount_paid", "commission"];

/**
 * The cards, which are the list of a phone, below their sums by month.
 */
export class BizunoRepSalesRenderer extends KanbanRenderer {
    static template = "bizuno_crm.RepSalesRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.months = [];
        onWillStart(() => this.loadMonths(this.props));
        onWillUpdateProps((props) => this.loadMonths(props));
    }

    get amounts() {
        // The commission is not everybody's to see.
        return AMOUNTS.filter((name) => name in this.props.list.fields);
    }

    async loadMonths({ list }) {
        this.months = await this.orm.formattedReadGroup(
            list.resModel,
            list.domain,
            ["date:month", "currency_id"],
            this.amounts.map((name) => `${name}:sum`),
            { order: "date:month desc", context: list.context }
        );
    }

    money(month, name) {
        return formatMonetary(month[`${name}:sum`], { currencyId: month.currency_id[0] });
    }
}

registry.category("views").add("bizuno_rep_sales", {
    ...kanbanView,
    Renderer: BizunoRepSalesRenderer,
});
