import { Component, onWillStart, useState } from "@odoo/owl";
import { makeContext } from "@web/core/context";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { telephone } from "../telephone/telephone";

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
        this.telephone = telephone;
        this.state = useState({ data: null, setup: [] });
        this.display = { controlPanel: {} };
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("bizuno.dashboard", "get_data", []);
        this.state.setup = [];
        if (this.state.data.setup) {
            // not waited for: the page is there
            this.orm
                .call("bizuno.dashboard", "get_setup_steps", [])
                .then((steps) => (this.state.setup = steps));
        }
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

    async setStartPage(wanted) {
        await this.orm.call("bizuno.dashboard", "set_start_page", [wanted]);
        await this.load();
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

    /** How many reminders come within a week. */
    get coming() {
        const { reminders } = this.state.data;
        if (!reminders.coming) {
            return _t("None in the next 7 days");
        }
        return reminders.coming === 1
            ? _t("1 more in the next 7 days")
            : _t("%s more in the next 7 days", this.counted(reminders.coming, reminders));
    }

    /** As a button of a form does it: Odoo completes the action that the method may return. */
    call(model, method, id) {
        return this.action.doActionButton({
            type: "object",
            name: method,
            resModel: model,
            resId: id,
            resIds: [id],
            // whoever answers speaks the language of the user
            context: user.context,
            onClose: () => this.load(),
        });
    }

    /** The user's sales of the month before, which the card compares with. */
    openSalesBefore() {
        const { sales } = this.state.data;
        return this.openCard("bizuno_crm.bizuno_rep_sales_action", sales, sales.before_period, {
            search_default_date: false,
        });
    }

    /** Credit notes may outweigh a bucket: it then has no part of the bar. */
    agingBarStyle(bucket) {
        const amounts = this.state.data.receivables.buckets.map((one) => Math.max(one.amount, 0));
        const sum = amounts.reduce((total, amount) => total + amount, 0);
        return `width: ${sum ? (100 * Math.max(bucket.amount, 0)) / sum : 0}%`;
    }

    // what a picture says
    done = _t("Done");
    toDo = _t("To do");

    /** The first steps that nobody has done or skipped. */
    get openSteps() {
        return this.state.setup.filter((step) => !step.is_done).map((step) => step.code);
    }

    async settleSetup(codes, state) {
        await this.orm.call("bizuno.dashboard", "settle_setup_steps", [codes, state]);
        await this.load();
    }

    /** Where the step is taken: a list, or the very setting, which is pointed at for a while. */
    async openSetup(step) {
        await this.action.doAction(
            step.setting ? "bizuno_crm.res_config_settings_action" : step.action
        );
        const setting = step.setting && document.getElementById(step.setting);
        if (setting) {
            setting.scrollIntoView({ block: "center" });
            setting.classList.add("o_setting_highlight");
            setTimeout(() => setting.classList.remove("o_setting_highlight"), 5000);
        }
    }

    /** The company whose figures a card shows, where several are switched on. */
    companyOf(card) {
        return card.company || this.state.data.company;
    }

    /** Who has no project but may see receivables is a bookkeeper. */
    get receivablesFirst() {
        return !this.state.data.pipeline?.count;
    }

    /** What stands behind a card, or one of its figures: the records that it has counted. */
    async openCard(xmlid, card, leaves = [], context = {}) {
        const action = await this.action.loadAction(xmlid);
        const domain = Domain.and([action.domain || [], card.domain, leaves]).toList(user.context);
        // The filters that the menu begins with give way: an additional context would not win.
        const own = makeContext([action.context, context], user.context);
        return this.action.doAction({ ...action, domain, context: own });
    }

    /** The open documents behind a figure of the card. */
    openReceivables(leaf) {
        const documents = "bizuno_crm.bizuno_aged_receivable_action_documents";
        return this.openCard(documents, this.state.data.receivables, [leaf]);
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
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("New customers this month"),
            res_model: "res.partner",
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            mobile_view_mode: "kanban",
            domain: this.state.data.customers.domain,
        });
    }
}

registry.category("actions").add("bizuno_crm.dashboard", BizunoDashboard);
