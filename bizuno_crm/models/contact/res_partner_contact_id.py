from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ... import messages
from ...logic import contact_id
from .res_partner_roles import NATIVE_FIELDS, ROLE_FIELDS

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


class ResPartner(models.Model):
    # The Contact ID: Odoo's reference, unique among all top-level contacts of the database,
    # archived ones too, whatever their case, surrounding blanks and characters that cannot be seen
    # or told apart (logic/contact_id.py).

    _inherit = "res.partner"

    # Not copied (Odoo's is), so that a duplicate gets a number of its own.
    ref = fields.Char(string="Contact ID", copy=False, tracking=True)
    contact_id_conflict = fields.Boolean(
        readonly=True,
        copy=False,
        string="Newer Holder",
        help="Had this Contact ID already when the addon was installed, but another contact had it "
        "before, to which it belongs. The unique index of the database lets such contacts alone "
        "pass.",
    )
    contact_id_shared = fields.Boolean(
        string="Contact ID Conflict",
        compute="_compute_contact_id_shared",
        search="_search_contact_id_shared",
        help="Another contact has the same Contact ID.",
    )
    contact_id_holder = fields.Char(
        string="Shared Contact ID",
        compute="_compute_contact_id_holder",
        search="_search_contact_id_holder",
        help="The Contact ID as its first holder writes it: the same for all who share it.",
    )

    _contact_id_unique = models.UniqueIndex(
        f"({KEY}) WHERE {GUARDED}",
        "This Contact ID is already used by another contact, perhaps an archived one. Choose "
        "another one, or leave it blank for the next number.",
    )
    _contact_id_conflict_index = models.Index("(id) WHERE contact_id_conflict")

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
        found = dict(
            self.env.execute_query(query.select(SQL.identifier(query.table, "id"), holder))
        )
        for partner in self:
            partner.contact_id_holder = found.get(partner._origin.id)

    def _search_contact_id_holder(self, operator, value):
        if operator != "in":
            return NotImplemented
        given = [text for text in value if text]
        domain = self._domain_of_contact_ids(self._keys_of_texts(given))
        if len(given) < len(value):
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
        return fields.Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (%s)", SQL.identifier(alias, "id"), model._select_contact_ids(keys)
            )
        )

    # --- finding ---------------------------------------------------------------------------------

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """As Odoo's, with the contact whose Contact ID is exactly `name` in the first place."""
        name = (name or "").strip()
        is_look_up = contact_id.key(name) and operator in ("ilike", "=ilike", "like", "=")
        exact = self._find_typed([name]) if is_look_up else []
        if not exact:
            return super().name_search(name, domain, operator, limit)
        # Two searches, each through an index: one in this order would sort all that the name finds.
        domain = fields.Domain(domain or fields.Domain.TRUE)
        first = super().name_search("", domain & fields.Domain("id", "in", exact), "ilike", limit)
        if limit and len(first) >= limit:
            return first
        rest = domain & fields.Domain("id", "not in", exact)
        return first + super().name_search(name, rest, operator, limit and limit - len(first))

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        # The search box puts the text that was typed into the context, an order its customer.
        typed = self._get_typed_texts()
        if any(contact_id.key(text) != text.strip().lower() for text in typed):
            domain = self._widen_to_look_alikes(domain, typed)
        query = super()._search(domain, offset, limit, order, **options)
        if order != self._order or query.is_empty():
            return query
        family = self.env.context.get("contact_family_first")
        first = []
        if exact := self._find_typed(typed):
            first.append(SQL("(%s = ANY(%s)) DESC", SQL.identifier(self._table, "id"), exact))
        if isinstance(family, int) and family:
            first.append(
                SQL(
                    "(%s = %s) DESC NULLS LAST",
                    self._field_to_sql(self._table, "parent_id", query),
                    family,
                )
            )
        if first:
            query.order = SQL(", ").join([*first, query.order] if query.order else first)
        return query

    @api.model
    def _get_typed_texts(self):
        typed = self.env.context.get("contact_id_first")
        texts = [str(text) for text in (typed if isinstance(typed, list) else [typed]) if text]
        return [text for text in texts if contact_id.key(text)]

    @api.model
    def _find_typed(self, texts):
        """:return: ids of the contacts that have one of these Contact IDs, whoever may see them"""
        if not texts:
            return []
        found = self.env.execute_query(
            SQL(
                # child contacts may have one as well, and are found by how it is written
                "%s UNION SELECT id FROM res_partner WHERE ref = ANY(%s)",
                self._select_contact_ids(self._keys_of_texts(texts)),
                [contact_id.clean(text) for text in texts],
            )
        )
        return [row[0] for row in found]

    @api.model
    def _widen_to_look_alikes(self, domain, texts):
        """Where the Contact ID is searched for, find also who has one that is compared as the same,
        though it is written otherwise."""
        ids = self.env.execute_query(self._select_contact_ids(self._keys_of_texts(texts)))
        found = fields.Domain("id", "in", [row[0] for row in ids])
        return fields.Domain(domain).map_conditions(
            lambda one: (
                one | found
                if one.field_expr in ("ref", "display_name") and one.operator == "ilike"
                else one
            )
        )

    # --- assigning and checking ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._clean_contact_ids(vals_list)
        # A default from the context, or a saved one, exempts nobody either.
        vals_list = [{"contact_id_conflict": False, **vals} for vals in vals_list]
        given = [vals["ref"] for vals in vals_list if vals.get("ref") and not vals.get("parent_id")]
        self._check_contact_ids_free(given)
        partners = super().create(vals_list)
        partners._assign_contact_ids()
        return partners

    def write(self, vals):
        self._clean_contact_ids([vals])
        changed = self._filtered_contact_id_change(vals)
        if changed:
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
            vals = {**vals, "contact_id_conflict": False}
        was_named = any(partner.ref for partner in changed)
        result = super().write(vals)
        if was_named:
            self._release_contact_id_conflicts()
        if {*ROLE_FIELDS, *NATIVE_FIELDS, "parent_id", "ref"} & vals.keys():
            self._assign_contact_ids()
        return result

    def unlink(self):
        named = any(partner.ref for partner in self)
        result = super().unlink()
        if named:
            self._release_contact_id_conflicts()
        return result

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
        for given in contact_ids:
            key = contact_id.key(given)
            if key in seen:
                raise ValidationError(messages.contact_id_repeated(self.env, given))
            seen.add(key)
        for holder_id, taken in self._find_contact_id_holders(contact_ids):
            if holder_id not in self.ids:
                holder = self.browse(holder_id)
                visible = holder.has_access("read")
                name = holder.with_context(active_test=False).display_name if visible else ""
                raise ValidationError(messages.contact_id_taken(self.env, taken, name))

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

    # --- conflicts from before the installation --------------------------------------------------

    @api.model
    def _release_contact_id_conflicts(self):
        """Where the holder of a shared Contact ID is gone or renamed, the next one takes its
        place: from then on the database guards it too."""
        self.flush_model(["ref", "parent_id", "contact_id_conflict"])
        released = self.env.execute_query(
            SQL(
                """
                UPDATE res_partner SET contact_id_conflict = FALSE
                 WHERE id IN (
                    SELECT min(flagged.id) FROM (
                        SELECT id, parent_id, %(key)s AS key FROM res_partner
                         WHERE contact_id_conflict) flagged
                     WHERE flagged.parent_id IS NOT NULL OR NOT EXISTS (
                            SELECT 1 FROM res_partner
                             WHERE %(guarded)s AND %(key)s = flagged.key)
                     GROUP BY flagged.key, flagged.parent_id IS NULL)
                RETURNING id
                """,
                guarded=SQL(GUARDED),
                key=SQL(KEY),
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
