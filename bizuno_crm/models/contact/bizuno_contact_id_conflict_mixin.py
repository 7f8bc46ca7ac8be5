from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ... import messages
from ...logic import contact_id
from .bizuno_contact_id_mixin import CUSTOMER_SEQUENCE, GUARDED, KEY, key_of

_NUMBERED_ROLES = (
    "role_customer", "role_vendor", "role_lead", "role_branch", "role_employee", "role_project",
)  # fmt: skip
_GROUP = "bizuno_crm.group_manager"


class BizunoContactIdConflictMixin(models.AbstractModel):
    """Contacts from before the installation: those that share a Contact ID, and those without."""

    _name = "bizuno.contact.id.conflict.mixin"
    _description = "Contact That May Share or Lack a Contact ID"

    @api.depends("ref", "parent_id", "contact_id_conflict")
    def _compute_contact_id_shared(self):
        shared = self.with_context(active_test=False).search(
            [("id", "in", self.ids), ("contact_id_shared", "=", True)]
        )
        for partner in self:
            partner.contact_id_shared = partner._origin in shared

    def _search_contact_id_shared(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Every conflict has a flagged contact, and there are few of those or none.
        flagged = SQL("SELECT %s FROM res_partner WHERE contact_id_conflict", SQL(KEY))
        return self._domain_of_contact_ids(flagged)

    @api.depends("ref", "parent_id", "contact_id_conflict")
    def _compute_contact_id_holder(self):
        query = self.with_context(active_test=False)._search([("id", "in", self.ids)])
        holder = self._field_to_sql(query.table, "contact_id_holder", query)
        holders = dict(
            self.env.execute_query(query.select(SQL.identifier(query.table, "id"), holder))
        )
        for partner in self:
            partner.contact_id_holder = holders.get(partner._origin.id)

    def _search_contact_id_holder(self, operator, value):
        if operator != "in":
            return NotImplemented
        contact_ids = [text for text in value if text]
        domain = self._domain_of_contact_ids(self._keys_of_texts(contact_ids))
        if len(contact_ids) < len(value):
            domain |= fields.Domain("ref", "=", False) | fields.Domain("parent_id", "!=", False)
        return domain

    def _field_to_sql(self, alias, field_expr, query=None):
        """Contacts are grouped by the Contact ID that they share as if it were stored."""
        if field_expr != "contact_id_holder":
            return super()._field_to_sql(alias, field_expr, query)
        ref = super()._field_to_sql(alias, "ref", query)
        # a name of its own, so that the outer contact can be told from the inner
        return SQL(
            "(SELECT btrim(ref) FROM res_partner AS holder WHERE %s AND %s = %s AND %s IS NULL)",
            SQL(GUARDED),
            SQL(KEY),
            key_of(ref),
            super()._field_to_sql(alias, "parent_id", query),
        )

    @api.model
    def _release_contact_id_conflicts(self):
        """Where the holder of a shared Contact ID is gone or renamed, the next one takes its
        place: from then on the database guards it too."""
        self.flush_model(["ref", "parent_id", "active", "contact_id_conflict"])
        released = self.env.execute_query(
            SQL(
                """
                UPDATE res_partner SET contact_id_conflict = FALSE
                 WHERE id IN (
                    SELECT DISTINCT ON (key, parent_id IS NULL) id FROM (
                        SELECT id, active, parent_id, %(key)s AS key FROM res_partner
                         WHERE contact_id_conflict) flagged
                     WHERE flagged.parent_id IS NOT NULL OR NOT EXISTS (
                            SELECT 1 FROM res_partner
                             WHERE %(guarded)s AND %(key)s = flagged.key)
                     ORDER BY key, parent_id IS NULL, %(order)s)
                RETURNING id
                """,
                guarded=SQL(GUARDED),
                key=SQL(KEY),
                order=SQL(contact_id.HOLDER_ORDER),
            )
        )
        self.browse([row[0] for row in released]).invalidate_recordset(["contact_id_conflict"])

    def action_ask_contact_ids(self):
        """Say how many of the selected contacts would get another Contact ID, and ask.

        :return: the action of the dialog
        """
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign Contact IDs"),
            "res_model": "bizuno.contact.id.assign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self.ids},
        }

    def action_assign_contact_id(self):
        """Give each selected contact the next Contact ID in place of the one it shares (or lacks).
        Of several, the holder to whom a shared ID belongs keeps it: the one that is no newer
        holder. Selected alone, it gets a number as well.

        :return: an action that tells how many got one
        """
        self.check_access("write")
        wanting = self._filtered_without_contact_id()
        numbered = defaultdict(lambda: self.browse())
        for partner in wanting:
            code = partner._get_contact_id_sequence_code() or CUSTOMER_SEQUENCE
            numbered[code, partner.company_id or self.env.company] |= partner
        for (code, company), partners in numbered.items():
            numbers = self._next_contact_ids(code, company, len(partners))
            for partner, number in zip(partners, numbers, strict=True):
                partner.ref = number
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if wanting else "warning",
                "message": messages.contact_ids_assigned(self.env, len(wanting)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _filtered_without_contact_id(self):
        """:return: those of the contacts that a selection would give the next number"""
        partners = self.filtered(
            lambda partner: (
                not partner.parent_id
                and (partner.contact_id_shared or not contact_id.key(partner.ref))
            )
        )
        if len(self) == 1:
            return partners
        return partners.filtered(
            lambda partner: partner.contact_id_conflict or not partner.contact_id_shared
        )

    def action_open_contact_id_group(self):
        """Open Odoo's merge with the contacts that share this Contact ID, and after them with
        those of the next conflict, and so on.

        :return: the action of Odoo's dialog
        """
        self.ensure_one()
        shared = self.search([("contact_id_shared", "=", True)], order="ref, id")
        return (self + shared)._open_contact_id_merge()

    def action_merge_contact_ids(self):
        """Open Odoo's merge with the selected contacts, one shared Contact ID after the other. Of
        an ID with one selected holder, all holders are proposed.

        :return: the action of Odoo's dialog
        """
        return self._open_contact_id_merge(only=True)

    def _open_contact_id_merge(self, only=False):
        """
        :param only: whether nobody but the contacts of `self` is merged, where there are two
        :raise UserError: if none shares a Contact ID
        """
        chosen = self.with_context(active_test=False).filtered("contact_id_shared")
        if not chosen:
            raise UserError(messages.contact_id_no_conflict(self.env))
        groups = defaultdict(self.browse)
        holders = chosen.search([("contact_id_holder", "in", chosen.mapped("contact_id_holder"))])
        for partner in holders.sorted(lambda p: (p.contact_id_conflict, not p.active, p.id)):
            groups[contact_id.key(partner.ref)] |= partner
        lines = []
        for key in dict.fromkeys(map(contact_id.key, chosen.mapped("ref"))):
            wanted = groups[key] & chosen if only else groups[key]
            lines.append((wanted if len(wanted) > 1 else groups[key]).ids)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        return wizard._open_contact_id_conflicts(lines)

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
