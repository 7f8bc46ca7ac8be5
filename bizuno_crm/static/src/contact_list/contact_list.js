import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";

/** A contact list with a legend below it: which colour of a row is which status. */
export class ContactListRenderer extends ListRenderer {
    static template = "bizuno_crm.ContactListRenderer";

    get legend() {
        const labels = Object.fromEntries(this.props.list.fields.account_status.selection);
        return [
            { label: labels.hold, colorClass: "text-danger" },
            { label: labels.locked, colorClass: "text-warning" },
            { label: labels.inactive, colorClass: "text-muted" },
        ];
    }
}

registry.category("views").add("bizuno_contact_list", {
    ...listView,
    Renderer: ContactListRenderer,
});
