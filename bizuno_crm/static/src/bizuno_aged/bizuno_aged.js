import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { KeepLast } from "@web/core/utils/concurrency";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { pick } from "@web/core/utils/objects";
import { formatMonetary } from "@web/views/fields/formatters";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { SearchModel } from "@web/search/search_model";
import { telephone } from "../telephone/telephone";

const PICTURE = ["aged_at", "aging_basis"];
// What else an action says about its page.
const OF_ACTION = [...PICTURE, "aged_of_customer"];

/** The date and basis of the page: chosen on it, of the favourite, or of the action, in this order. */
export class AgedSearchModel extends SearchModel {
    setup() {
        super.setup(...arguments);
        this.picture = {};
    }

    setPicture(values) {
        this.picture = { ...this.picture, ...values };
        this._notify();
    }

    /** A favourite brings its own date. */
    toggleSearchItem(searchItemId) {
        if (this.searchItems[searchItemId].type === "favorite") {
            this.picture = {};
        }
        return super.toggleSearchItem(...arguments);
    }

    /** The browser's Back loads the menu's action, which knows neither the customer nor the date that
        was looked at: so both go with the page. */
    exportState() {
        return {
            ...super.exportState(),
            agedPicture: this.picture,
            agedDomain: this.globalDomain,
            agedContext: pick(this.globalContext, ...OF_ACTION),
        };
    }

    _importState(state) {
        super._importState(...arguments);
        this.picture = { ...state.agedPicture };
        this.globalDomain = state.agedDomain || this.globalDomain;
        Object.assign(this.globalContext, state.agedContext);
    }

    _getContext() {
        return { ...super._getContext(), ...this.picture };
    }

    /** Of a dated page the date is a part of the favourite; today's page has none. */
    _getIrFilterDescription() {
        const { preFavorite, irFilter } = super._getIrFilterDescription(...arguments);
        const context = this.context;
        for (const key of PICTURE) {
            if (key in context) {
                preFavorite.context[key] = context[key];
                irFilter.context[key] = context[key];
            }
        }
        return { preFavorite, irFilter };
    }
}

/** Above the rows: as of when, how much it is in all, and that it ties to the ledger. */
export class AgedBanner extends Component {
    static template = "bizuno_crm.AgedBanner";
    static components = { DateTimeInput };
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.telephone = telephone;
        this.state = useState({ page: null });
        this.keepLast = new KeepLast();
        useBus(this.env.searchModel, "update", () => this.load());
        onWillStart(() => {
            // The rows are not kept waiting for the sums above them.
            this.load();
        });
        onWillUnmount(() => {
            this.isGone = true;
        });
    }

    async load() {
        const { resModel, context, domain } = this.env.searchModel;
        const page = await this.keepLast.add(
            this.orm.silent.call(resModel, "get_aged_page", [domain], { context })
        );
        if (!this.isGone) {
            this.state.page = page;
        }
    }

    get date() {
        return deserializeDate(this.state.page.date);
    }

    money(amount, company) {
        return formatMonetary(amount, { currencyId: company.currency_id });
    }

    setDate(date) {
        if (date) {
            this.env.searchModel.setPicture({ aged_at: serializeDate(date) });
        }
    }

    /** Today is no date of its own: tomorrow it is another one. */
    pick({ key, date }) {
        this.env.searchModel.setPicture({ aged_at: key === "today" ? false : date });
    }

    setBasis(ev) {
        this.env.searchModel.setPicture({ aging_basis: ev.target.value });
    }

    /** A button of the page: for the ticked rows, or for all that it shows. */
    async press(name) {
        const { resModel, context, domain, getTickedIds } = this.env.searchModel;
        return this.action.doActionButton({
            type: "object",
            name,
            resModel,
            resIds: getTickedIds ? await getTickedIds() : [],
            context: { ...context, active_domain: domain },
        });
    }

    openEntry(entry) {
        return this.open("account.move", entry.id);
    }

    openContact() {
        return this.open("res.partner", this.state.page.contact.id);
    }

    open(resModel, resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }
}

export class AgedControlPanel extends ControlPanel {
    static template = "bizuno_crm.AgedControlPanel";
    static components = { ...ControlPanel.components, AgedBanner };
}

/** Its ticked rows are for the buttons above it. */
export class AgedListController extends ListController {
    setup() {
        super.setup();
        const { searchModel } = this.env;
        searchModel.getTickedIds = () => this.model.root.getResIds(true);
        onWillUnmount(() => {
            searchModel.getTickedIds = null;
        });
    }
}

/** Sums of groups are blank where they are zero, as the cells are; and below the rows of one page
    of several there is no sum, which would be taken for that of all. */
export class AgedListRenderer extends ListRenderer {
    computeAggregates() {
        const { list } = this.props;
        const shown = list.isGrouped ? list.groups : list.records;
        const isTicked = list.selection && list.selection.length;
        if (!isTicked && shown.length < list.count) {
            return {};
        }
        const sums = super.computeAggregates();
        for (const sum of Object.values(sums)) {
            sum.value = sum.rawValue ? sum.value : "";
        }
        return sums;
    }

    formatGroupAggregate(group, column) {
        return group.aggregates[column.name]
            ? super.formatGroupAggregate(...arguments)
            : { value: "" };
    }
}

export const agedPage = { SearchModel: AgedSearchModel, ControlPanel: AgedControlPanel };
const views = registry.category("views");
views.add("bizuno_aged_list", {
    ...listView,
    ...agedPage,
    Controller: AgedListController,
    Renderer: AgedListRenderer,
});
views.add("bizuno_aged_kanban", { ...kanbanView, ...agedPage });
