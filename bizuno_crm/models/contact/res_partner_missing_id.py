from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ... import messages

_NUMBERED_ROLES = (
    "role_customer", "role_vendor", "role_lead", "role_branch", "role_employee", "role_project",
)  # fmt: skip
_GROUP = "bizuno_crm.group_manager"


class ResPartner(models.Model):
    # Contacts from before the installation lack a Contact ID: the lists offer to give them one.

    _inherit = "res.partner"

    @api.model
    def get_missing_contact_ids(self):
        """What the lists say about contacts without a Contact ID.

        :return: a sentence; False if there are none, or for who may not assign IDs
        """
        if not self.env.user.has_group(_GROUP):
            return False
        count = self.search_count(self._get_missing_contact_id_domain())
        return messages.contact_ids_missing(self.env, count) if count else False

    @api.model
    def assign_missing_contact_ids(self):
        """Give the next Contact IDs to all contacts that have a role and none.

        :return: a sentence that says to how many
        :raise AccessError: for who is no Bizuno Manager
        """
        if not self.env.user.has_group(_GROUP):
            raise AccessError(messages.contact_ids_assignment_refused(self.env))
        contacts = self.search(self._get_missing_contact_id_domain(), order="id")
        contacts.check_access("write")
        contacts._assign_contact_ids()
        return messages.contact_ids_assigned(self.env, len(contacts))

    @api.model
    def _get_missing_contact_id_domain(self):
        return (
            Domain("ref", "in", (False, ""))
            & Domain("parent_id", "=", False)
            & Domain.OR(Domain(role, "=", True) for role in _NUMBERED_ROLES)
        )
