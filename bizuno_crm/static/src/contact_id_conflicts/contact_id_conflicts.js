import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";

/**
 * Contact ID conflicts, a group each. Odoo keeps a group on the page when its last record has gone,
 * as "(0)"; here that means that the conflict is over, and it goes as well.
 */
class ContactIdConflictsModel extends listView.Model {
    _postprocessReadGroup(config, ...args) {
        delete config.currentGroups;
        return super._postprocessReadGroup(config, ...args);
    }
}

registry.category("views").add("bizuno_contact_id_conflicts", {
    ...listView,
    Model: ContactIdConflictsModel,
});
