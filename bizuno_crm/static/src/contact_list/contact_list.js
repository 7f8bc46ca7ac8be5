import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";

import { onWillStart, useState } from "@odoo/owl";

/**
 * A contact list with a legend below it: which colour of a row is which status. Above it, to who may
 * give them, it offers Contact IDs for contacts that have none.
 */
export class ContactListRenderer extends ListRenderer {
    static template = "bizuno_crm.ContactListRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.dialog = useService("dialog");
        this.missingIds = useState({ message: false });
        onWillStart(async () => {
            if (await user.hasGroup("bizuno_crm.group_manager")) {
                this.missingIds.message = await this.orm.call(
                    "res.partner",
                    "get_missing_contact_ids",
                    []
                );
            }
        });
    }

    askToAssignMissingIds() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Assign Contact IDs"),
            body: _t(
                "%s The next free numbers are given out, oldest contact first.",
                this.missingIds.message
            ),
            confirmLabel: _t("Assign Contact IDs"),
            confirm: () => this.assignMissingIds(),
            cancel: () => {},
        });
    }

    async assignMissingIds() {
        const message = await this.orm.call("res.partner", "assign_missing_contact_ids", []);
        this.missingIds.message = false;
        this.notification.add(message, { type: "success" });
        await this.props.list.load();
    }

    get legend() {
        const labels = Object.fromEntries(this.props.list.fields.account_status.selection);
        const legend = [
            { label: labels.hold, colorClass: "text-danger" },
            { label: labels.locked, colorClass: "text-warning" },
        ];
        // archived contacts are hidden unless somebody asks for them
        if (this.props.list.records.some((record) => record.data.account_status === "inactive")) {
            legend.push({ label: labels.inactive, colorClass: "o_bizuno_muted" });
        }
        return legend;
    }
}

registry.category("views").add("bizuno_contact_list", {
    ...listView,
    Renderer: ContactListRenderer,
});
