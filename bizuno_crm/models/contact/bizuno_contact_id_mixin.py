from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ... import messages
from ...logic import contact_id
from .bizuno_contact_role_mixin import ROLE_FIELDS

CUSTOMER_SEQUENCE = "bizuno_crm.contact.customer"
VENDOR_SEQUENCE = "bizuno_crm.contact.vendor"
# Bizuno's short_name is a varchar(32).
MAXIMUM_LENGTH = 32
# These Contact IDs were found to be free just now: they need not be looked up one by one.
_FREE = object()

# What a Contact ID is compared by; the unique index has the same expression.
KEY = contact_id.KEY_SQL.format(text="ref")
TOP_LEVEL = f"parent_id IS NULL AND {KEY} <> ''"
GUARDED = f"{TOP_LEVEL} AND contact_id_conflict IS NOT TRUE"


def key_of(text):
    """:param text: SQL for a Contact ID; :return: SQL for what it is compared by"""
    return SQL(contact_id.KEY_SQL.format(text="%s"), text)


class BizunoContactIdMixin(models.AbstractModel):
    """The Contact ID: Odoo's reference, unique among all top-level contacts of the database,
    archived ones too, whatever their case, surrounding blanks and characters that cannot be seen
    or told apart (logic/contact_id.py). Which one a contact may have, and which one is next."""

    _name = "bizuno.contact.id.mixin"
    _description = "Contact with a Contact ID"

    @api.model
    def _keys_of_texts(self, texts):
        """:return: SQL for a list of what these Contact IDs are compared by"""
        return SQL(
            "SELECT %s FROM unnest(%s) AS given",
            key_of(SQL("given")),
            [contact_id.clean(text) for text in texts],
        )

    @api.model
    def _select_contact_ids(self, keys):
        """:return: SQL for the ids of the top-level contacts that have one of these Contact IDs,
        whoever may see them: found by the indexes, not by reading all contacts"""
        self.flush_model(["ref", "parent_id", "contact_id_conflict"])
        return SQL(
            "SELECT id FROM res_partner WHERE %(guarded)s AND %(key)s IN (%(keys)s) UNION ALL "
            "SELECT id FROM res_partner WHERE %(top)s AND contact_id_conflict"
            " AND %(key)s IN (%(keys)s)",
            guarded=SQL(GUARDED),
            top=SQL(TOP_LEVEL),
            key=SQL(KEY),
            keys=keys,
        )

    @api.model
    def _domain_of_contact_ids(self, keys):
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (%s)", SQL.identifier(alias, "id"), model._select_contact_ids(keys)
            )
        )

    @api.model
    def _prepare_new_contact_ids(self, vals_list):
        """
        :param list vals_list: of new contacts, whose Contact IDs are cleaned in place
        :return: the values to create them with
        :raise UserError: where one exempts itself from the unique index
        :raise ValidationError: naming a Contact ID that is too long or taken
        """
        self._clean_contact_ids(vals_list)
        # A default from the context, or a saved one, exempts nobody either.
        vals_list = [{"contact_id_conflict": False, **vals} for vals in vals_list]
        contact_ids = [
            vals["ref"] for vals in vals_list if vals.get("ref") and not vals.get("parent_id")
        ]
        self._check_contact_ids_free(contact_ids)
        return vals_list

    def _prepare_contact_id_change(self, vals):
        """
        :param dict vals: to be written; its Contact ID is cleaned in place
        :return: (the values to write, the contacts that get another Contact ID by it)
        :raise UserError: for who exempts a contact from the unique index
        :raise ValidationError: naming a Contact ID that is too long or taken
        """
        self._clean_contact_ids([vals])
        changed = self._filtered_contact_id_change(vals)
        if not changed:
            return vals, changed
        for partner in changed if "ref" not in vals else ():
            self._check_contact_id_length(partner.ref or "")
        if self.env.context.get("contact_ids_free") is not _FREE:
            self._check_contact_ids_free(
                [
                    vals.get("ref", partner.ref)
                    for partner in changed
                    if vals.get("ref", partner.ref)
                ]
            )
        # A new Contact ID is under the unique index; only those from before the installation
        # are not.
        return {**vals, "contact_id_conflict": False}, changed

    def _drop_contact_id(self):
        """Leave the contacts without a Contact ID, for contacts that are about to be deleted: our
        own write would give them the next number."""
        models.Model.write(self, {"ref": False, "contact_id_conflict": False})
        self._release_contact_id_conflicts()

    def _filtered_contact_id_change(self, vals):
        """The contacts that this write gives another Contact ID, or makes top-level."""
        if "ref" not in vals and "parent_id" not in vals:
            return self.browse()
        key = contact_id.key(vals.get("ref"))
        return self.filtered(
            lambda partner: (
                not vals.get("parent_id", partner.parent_id)
                and (partner.parent_id or ("ref" in vals and key != contact_id.key(partner.ref)))
            )
        )

    def _clean_contact_ids(self, vals_list):
        for vals in vals_list:
            if vals.get("contact_id_conflict") and not all(
                partner.contact_id_conflict for partner in self or [self]
            ):
                # Nobody may exempt a contact from the unique index.
                raise UserError(messages.contact_id_no_exemption(self.env))
            if "ref" not in vals:
                continue
            # What cannot be seen is not kept either; what is left may be nothing.
            vals["ref"] = (contact_id.clean(str(vals["ref"])) if vals["ref"] else "") or False
            if vals["ref"] and not vals.get("parent_id"):
                self._check_contact_id_length(vals["ref"])

    def _check_contact_id_length(self, text):
        if len(text) > MAXIMUM_LENGTH:
            raise ValidationError(messages.contact_id_too_long(self.env, text, MAXIMUM_LENGTH))

    def _check_contact_ids_free(self, contact_ids):
        """Tell in words who has a Contact ID already. The unique index decides; this explains.

        :param contact_ids: the Contact IDs that the contacts of `self` (none yet, on creation)
            are about to get
        :raise ValidationError: naming the Contact ID and its holder
        """
        if not contact_ids:
            return
        seen = set()
        for text in contact_ids:
            key = contact_id.key(text)
            if key in seen:
                raise ValidationError(messages.contact_id_repeated(self.env, text))
            seen.add(key)
        for holder_id, taken in self._find_contact_id_holders(contact_ids):
            if holder_id not in self.ids:
                holder = self.browse(holder_id)
                visible = holder.has_access("read")
                name = holder.with_context(active_test=False).display_name if visible else ""
                raise ValidationError(messages.contact_id_taken(self.env, taken, name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_person_with_taken_id(self):
        """People of a company may have any Contact ID, also that of another contact; without the
        company they are contacts of their own.

        :raise ValidationError: naming the person, and who has its Contact ID
        """
        people = self.sudo().with_context(active_test=False).search_fetch(
            [("parent_id", "in", self.ids), ("id", "not in", self.ids), ("ref", "!=", False)],
            ["ref", "parent_id"],
        )  # fmt: skip
        if not people:
            return
        holders = {
            contact_id.key(text): self.browse(id_)
            for id_, text in self._find_contact_id_holders(people.mapped("ref"))
            if id_ not in self.ids
        }
        for person in people:
            holder = holders.setdefault(contact_id.key(person.ref), person)
            if holder != person:
                name = holder.display_name if holder.has_access("read") else ""
                raise ValidationError(messages.contact_id_of_left_person(self.env, person, name))

    @api.model
    def _find_contact_id_holders(self, contact_ids):
        """:return: [(id, Contact ID)] of the top-level contacts that have one of these, whoever
        may see them"""
        self.flush_model(["ref", "parent_id", "contact_id_conflict"])
        return self.env.execute_query(
            SQL(
                "SELECT id, ref FROM res_partner WHERE %s AND %s IN (%s)",
                SQL(GUARDED),
                SQL(KEY),
                self._keys_of_texts(contact_ids),
            )
        )

    def _assign_contact_ids(self):
        """Give the next number to top-level contacts that have a role and no Contact ID."""
        wanting = defaultdict(lambda: self.browse())
        for partner in self:
            if partner.parent_id or contact_id.key(partner.ref):
                continue
            code = partner._get_contact_id_sequence_code()
            if code:
                wanting[code, partner.company_id or self.env.company] |= partner
        for (code, company), partners in wanting.items():
            numbers = self._next_contact_ids(code, company, len(partners))
            # By identity, which no remote call can send.
            partners = partners.with_context(contact_ids_free=_FREE)
            for partner, number in zip(partners, numbers, strict=True):
                partner.ref = number

    def _get_contact_id_sequence_code(self):
        """Vendors have numbers of their own; every other role shares the customers', as in
        Bizuno (next_vend_id_num, next_cust_id_num). A login alone needs no number."""
        self.ensure_one()
        roles = {name for name in ROLE_FIELDS if self[name]} - {"role_user"}
        if roles & {"role_customer", "role_lead"}:
            return CUSTOMER_SEQUENCE
        if "role_vendor" in roles:
            return VENDOR_SEQUENCE
        return CUSTOMER_SEQUENCE if roles else None

    @api.model
    def _next_contact_ids(self, code, company, count):
        """The next free numbers of the company's own sequence, or of the shared one. Numbers that
        somebody typed already are passed over.

        :return: list of `count` texts
        """
        free, wanted = [], count
        while len(free) < count:
            numbers = [self._next_number(code, company) for _ in range(wanted)]
            taken = {contact_id.key(ref) for _id, ref in self._find_contact_id_holders(numbers)}
            free += [number for number in numbers if contact_id.key(number) not in taken]
            wanted = min(max(count - len(free), 2 * wanted), 1000)
        return free[:count]

    @api.model
    def _next_number(self, code, company):
        # The sequence is the system's; who may create a contact may draw a number.
        number = self.env["ir.sequence"].sudo().with_company(company).next_by_code(code)
        if not number:
            raise UserError(messages.contact_id_sequence_missing(self.env, code))
        return number.strip()
