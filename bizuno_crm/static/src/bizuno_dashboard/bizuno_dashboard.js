import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * The first page of the app: the rep's day in one call to the server.
 */
export class BizunoDashboard extends Component {
    static template = "bizuno_crm.Dashboard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ data: null });
        this.display = { controlPanel: {} };
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("bizuno.dashboard", "get_data", []);
    }

    /** The stage with the highest value fills its bar. */
    get highestValue() {
        return Math.max(...this.state.data.pipeline.rows.map((row) => row.value));
    }

    money(value, card) {
        return formatMonetary(value, { currencyId: card.currency_id });
    }

    /** The server counts up to a limit. */
    counted(number, card) {
        return card.more ? `${number}+` : `${number}`;
    }

    barStyle(row) {
        return `width: ${Math.max(2, Math.round((100 * row.value) / (this.highestValue || 1)))}%`;
    }

    lateness(row) {
        if (row.days_late === 0) {
            return _t("today");
        }
        return row.days_late === 1 ? _t("1 day late") : _t("%s days late", row.days_late);
    }

    async call(model, method, id) {
        const onClose = () => this.load();
        const action = await this.orm.call(model, method, [[id]]);
        if (action && typeof action === "object") {
            await this.action.doAction(action, { onClose });
        } else {
            await this.load();
        }
    }

    /** Credit memos may outweigh a bucket: it then has no part of the bar. */
    agingBarStyle(bucket) {
        const amounts = this.state.data.receivables.buckets.map((one) => Math.max(one.amount, 0));
        const sum = amounts.reduce((total, amount) => total + amount, 0);
        return `width: ${sum ? (100 * Math.max(bucket.amount, 0)) / sum : 0}%`;
    }

    /** The open documents behind a figure of the card. */
    async openReceivables(leaf) {
        const card = this.state.data.receivables;
        const action = await this.action.loadAction(
            "bizuno_crm.bizuno_aged_receivable_action_documents"
        );
        return this.action.doAction({ ...action, domain: [...card.domain, leaf] });
    }

    open(xmlid, context = {}) {
        return this.action.doAction(xmlid, { additionalContext: context });
    }

    openRecord(model, resId = false, context = {}) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: resId,
            views: [[false, "form"]],
            context,
        });
    }

    openNewCustomers() {
        const month = luxon.DateTime.now().startOf("month").toUTC();
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("New customers this month"),
            res_model: "res.partner",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["role_customer", "=", true],
                ["create_date", ">=", month.toFormat("yyyy-MM-dd HH:mm:ss")],
            ],
        });
    }
}

registry.category("actions").add("bizuno_crm.dashboard", BizunoDashboard);
