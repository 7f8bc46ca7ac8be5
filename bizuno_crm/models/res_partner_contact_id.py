from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from .. import messages
from .res_partner_roles import NATIVE_FIELDS, ROLE_FIELDS

CUSTOMER_SEQUENCE = "bizuno_crm.contact.customer"
VENDOR_SEQUENCE = "bizuno_crm.contact.vendor"
# Bizuno's short_name is a varchar(32).
MAXIMUM_LENGTH = 32

# What a Contact ID is compared by; the unique index has the same expression.
KEY = "lower(btrim(ref))"
TOP_LEVEL = "parent_id IS NULL AND btrim(ref) <> ''"


class ResPartner(models.Model):
    """The Contact ID: Odoo's reference, unique among all top-level contacts of the database,
    archived ones too, whatever their case and surrounding blanks."""

    _inherit = "res.partner"

    # Not copied (Odoo's is), so that a duplicate gets a number of its own.
    ref = fields.Char(string="Contact ID", copy=False, tracking=True)
    contact_id_conflict = fields.Boolean(
        readonly=True,
        copy=False,
        help="Shares its Contact ID with an older contact since before the installation. Such "
        "contacts are the only ones that the unique index of the database lets pass.",
    )
    contact_id_shared = fields.Boolean(
        string="Contact ID Conflict",
        compute="_compute_contact_id_shared",
        search="_search_contact_id_shared",
        help="Another contact has the same Contact ID.",
    )

    _contact_id_unique = models.UniqueIndex(
        f"({KEY}) WHERE {TOP_LEVEL} AND contact_id_conflict IS NOT TRUE",
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
            partner.contact_id_shared = partner in shared

    def _search_contact_id_shared(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Every conflict has a flagged contact, and there are few of those or none.
        return fields.Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%(alias)s.parent_id IS NULL AND lower(btrim(%(ref)s)) IN "
                "(SELECT lower(btrim(ref)) FROM res_partner WHERE contact_id_conflict))",
                alias=SQL.identifier(alias),
                ref=model._field_to_sql(alias, "ref", query),
            )
        )

    # --- finding ---------------------------------------------------------------------------------

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """As Odoo's, with the contact whose Contact ID is exactly `name` in the first place."""
        name = (name or "").strip()
        first = self.with_context(contact_id_first=name) if name else self
        return super(ResPartner, first).name_search(name, domain, operator, limit)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        query = super()._search(domain, offset, limit, order, **options)
        if order != self._order or query.is_empty():
            return query
        # The search box and name_search put the text that was typed into the context, an order
        # puts its customer there.
        typed = self.env.context.get("contact_id_first")
        family = self.env.context.get("contact_family_first")
        first = []
        if typed:
            texts = [str(text) for text in (typed if isinstance(typed, list) else [typed])]
            first.append(
                SQL(
                    "(lower(btrim(%s)) = ANY(%s)) DESC NULLS LAST",
                    self._field_to_sql(self._table, "ref", query),
                    [text.strip().lower() for text in texts],
                )
            )
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
        key = (vals.get("ref") or "").lower()
        return self.filtered(
            lambda partner: (
                not vals.get("parent_id", partner.parent_id)
                and (
                    partner.parent_id
                    or ("ref" in vals and key != (partner.ref or "").strip().lower())
                )
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
            vals["ref"] = str(vals["ref"]).strip() if vals["ref"] else False
            if vals["ref"] and not vals.get("parent_id") and len(vals["ref"]) > MAXIMUM_LENGTH:
                raise ValidationError(
                    messages.contact_id_too_long(self.env, vals["ref"], MAXIMUM_LENGTH)
                )

    def _check_contact_ids_free(self, contact_ids):
        """Tell in words who has a Contact ID already. The unique index decides; this explains.

        :param contact_ids: the Contact IDs that the contacts of `self` (none yet, on creation)
            are about to get
        :raise ValidationError: naming the Contact ID and its holder
        """
        if not contact_ids:
            return
        seen = set()
        for contact_id in contact_ids:
            if contact_id.lower() in seen:
                raise ValidationError(messages.contact_id_repeated(self.env, contact_id))
            seen.add(contact_id.lower())
        for holder_id, contact_id in self._find_contact_id_holders(contact_ids):
            if holder_id not in self.ids:
                holder = self.browse(holder_id)
                visible = holder.has_access("read")
                name = holder.with_context(active_test=False).display_name if visible else ""
                raise ValidationError(messages.contact_id_taken(self.env, contact_id, name))

    @api.model
    def _find_contact_id_holders(self, contact_ids):
        """:return: [(id, Contact ID)] of the top-level contacts that have one of these, whoever
        may see them"""
        self.flush_model(["ref", "parent_id", "contact_id_conflict"])
        return self.env.execute_query(
            SQL(
                f"SELECT id, ref FROM res_partner WHERE {TOP_LEVEL} "  # noqa: S608 (constants)
                f"AND contact_id_conflict IS NOT TRUE AND {KEY} IN "
                "(SELECT lower(btrim(given)) FROM unnest(%s) AS given)",
                list(contact_ids),
            )
        )

    def _assign_contact_ids(self):
        """Give the next number to top-level contacts that have a role and no Contact ID."""
        wanting = defaultdict(lambda: self.browse())
        for partner in self:
            if partner.parent_id or (partner.ref or "").strip():
                continue
            code = partner._get_contact_id_sequence_code()
            if code:
                wanting[code, partner.company_id or self.env.company] |= partner
        for (code, company), partners in wanting.items():
            numbers = self._next_contact_ids(code, company, len(partners))
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
            taken = {key.lower() for _id, key in self._find_contact_id_holders(numbers)}
            free += [number for number in numbers if number.lower() not in taken]
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
                    SELECT min(flagged.id) FROM res_partner flagged
                     WHERE flagged.contact_id_conflict
                       AND (flagged.parent_id IS NOT NULL OR NOT EXISTS (
                            SELECT 1 FROM res_partner holder
                             WHERE lower(btrim(holder.ref)) = lower(btrim(flagged.ref))
                               AND holder.parent_id IS NULL AND btrim(holder.ref) <> ''
                               AND holder.contact_id_conflict IS NOT TRUE))
                     GROUP BY lower(btrim(flagged.ref)), flagged.parent_id IS NULL)
                RETURNING id
                """
            )
        )
        self.browse([row[0] for row in released]).invalidate_recordset(["contact_id_conflict"])

    def action_assign_contact_id(self):
        """Give each selected contact the next Contact ID in place of the one it shares (or lacks).

        :raise UserError: for a contact with neither a role nor a parent: it needs a role first
        """
        self.check_access("write")
        for partner in self:
            if partner.parent_id or not (partner.contact_id_shared or not partner.ref):
                continue
            code = partner._get_contact_id_sequence_code() or CUSTOMER_SEQUENCE
            company = partner.company_id or self.env.company
            partner.ref = self._next_contact_ids(code, company, 1)[0]
        return True

    def action_open_contact_id_group(self):
        """Open Odoo's merge wizard with the contacts that share this Contact ID."""
        self.ensure_one()
        group = self.with_context(active_test=False).search(
            [("ref", "=ilike", self.ref or ""), ("contact_id_shared", "=", True)], limit=3
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("base.action_partner_merge")
        action["context"] = {"active_model": "res.partner", "active_ids": group.ids}
        return action
