from odoo import api, fields, models
from odoo.exceptions import RedirectWarning

from ... import messages
from ..base.withhold import TECHNICAL, withhold
from .bizuno_contact_duplicate_mixin import BizunoContactDuplicateMixin
from .bizuno_contact_id_conflict_mixin import BizunoContactIdConflictMixin
from .bizuno_contact_id_mixin import GUARDED, KEY, BizunoContactIdMixin
from .bizuno_contact_load_mixin import BizunoContactLoadMixin
from .bizuno_contact_lookup_mixin import BizunoContactLookupMixin
from .bizuno_contact_role_mixin import NATIVE_FIELDS, ROLE_FIELDS, BizunoContactRoleMixin

# Bizuno's column `inactive`: 0, 1, 2, H.
STATUSES = [
    ("active", "Active"),
    ("inactive", "Inactive"),
    ("locked", "Locked"),
    ("hold", "Credit Hold"),
]
# What was decided together stays together.
RESTRICTION = ("account_restriction", "account_status_reason")
# What the company has decided about the account is not the customer's to read.
INTERNAL = frozenset({"account_status", "account_restriction"})


class ResPartner(models.Model):
    # The contact: its roles, its Contact ID, its status, and how it is named and found. The mixins
    # say what each of them decides; before the class, so that what they override is Odoo's.

    _name = "res.partner"
    _inherit = [
        BizunoContactRoleMixin._name,
        BizunoContactIdMixin._name,
        BizunoContactIdConflictMixin._name,
        BizunoContactLookupMixin._name,
        BizunoContactLoadMixin._name,
        BizunoContactDuplicateMixin._name,
        "res.partner",
    ]

    # One contact carries any number of roles, and loses none by gaining another. Those that Odoo
    # knows in its own way:
    role_customer = fields.Boolean(
        string="Customer",
        compute="_compute_role_from_rank",
        inverse="_inverse_role_customer",
        search="_search_role_customer",
        tracking=True,
    )
    role_vendor = fields.Boolean(
        string="Vendor",
        compute="_compute_role_from_rank",
        inverse="_inverse_role_vendor",
        search="_search_role_vendor",
        tracking=True,
    )
    role_employee = fields.Boolean(
        string="Employee Role",  # read as "Employee": see ir_model_fields.py
        related="employee",
        readonly=False,
        tracking=True,
        help="Set by administrators, and by the Employees app where it is installed.",
    )
    role_user = fields.Boolean(
        string="User",
        compute="_compute_role_from_others",
        search="_search_role_user",
        help="Has an active internal login. Set automatically; it cannot be changed here.",
    )
    role_project = fields.Boolean(
        string="Project",
        compute="_compute_role_from_others",
        search="_search_role_project",
        help="Has projects. Set automatically; it cannot be changed here.",
    )
    # and those that it does not know:
    role_lead = fields.Boolean(
        string="Lead", copy=False, tracking=True, index="btree_not_null",
        help="A prospect whom a sales rep is working on.",
    )  # fmt: skip
    role_branch = fields.Boolean(
        string="Branch", copy=False, tracking=True, help="One of our own store locations."
    )
    role_names = fields.Char(
        string="Roles", compute="_compute_role_names", help="All roles of the contact, in words."
    )

    # Contact ID. Not copied (Odoo's is), so that a duplicate gets a number of its own.
    ref = fields.Char(copy=False, tracking=True)
    account_number = fields.Char(
        copy=False,
        tracking=True,
        help="Of a vendor: our number with them. Of a customer: theirs for us.",
    )
    contact_id_conflict = fields.Boolean(
        readonly=True,
        copy=False,
        string="Newer Holder",
        help="Already had this Contact ID when the addon was installed, but another contact had it "
        "first and keeps it. The database's unique index exempts only such contacts.",
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
        help="The Contact ID as its first holder writes it; the same for all contacts that share "
        "it.",
    )

    _contact_id_unique = models.UniqueIndex(
        f"({KEY}) WHERE {GUARDED}",
        "This Contact ID is already used by another contact, perhaps an archived one. Choose "
        "another one, or leave it blank for the next number.",
    )
    _contact_id_conflict_index = models.Index("(id) WHERE contact_id_conflict")

    # The status of the account. Inactive *is* Odoo's archived; what a contact was before it was
    # archived is kept, so that a credit hold is back when the contact is.
    account_status = fields.Selection(
        selection=STATUSES,
        compute="_compute_account_status",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="Active, inactive (archived), locked, or on credit hold.",
    )
    account_restriction = fields.Selection(
        selection=[status for status in STATUSES if status[0] in ("locked", "hold")],
        copy=False,
        readonly=True,
        help="The status of the account whenever it is not archived; blank means active.",
    )

    duplicate_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact with the Same E-mail or Phone",
        compute="_compute_duplicate_id",
        # only contacts that the user may see
        compute_sudo=False,
    )
    other_duplicate_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact with the Same Phone",
        compute="_compute_duplicate_id",
        compute_sudo=False,
    )
    property_payment_term_id = fields.Many2one(tracking=True)

    @api.depends("active", "account_restriction")
    def _compute_account_status(self):
        for partner in self:
            status = partner.account_restriction or "active"
            partner.account_status = status if partner.active else "inactive"

    @api.depends("street", "city")
    @api.depends_context("show_place", "show_place_for", "formatted_display_name")
    def _compute_display_name(self):
        """With the context key `show_place` an address is named by itself, with street and city and
        its company last; without the company if that is the customer of the document, whose id
        `show_place_for` gives where the page knows it."""
        super()._compute_display_name()
        if not self.env.context.get("show_place"):
            return
        customer = self.env.context.get("show_place_for")
        account = self.browse(customer if isinstance(customer, int) else ()).sudo()
        kinds = dict(self._fields["type"]._description_selection(self.env))
        for partner in self:
            name, company = partner.display_name, ""
            if parent := partner.parent_id:
                name = partner.name or kinds.get(partner.type, "")
                own = partner.sudo().commercial_partner_id == account.commercial_partner_id
                company = "" if own else parent.name or ""
            place = ", ".join(filter(None, (partner.street, partner.city)))
            if self.env.context.get("formatted_display_name"):
                details = [f"--{text}--" for text in (company, place) if text]
                partner.display_name = " \t ".join([name, *details])
            else:
                partner.display_name = " · ".join(
                    filter(None, (", ".join(filter(None, (name, place))), company))
                )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._split_account_status(vals) for vals in vals_list]
        vals_list = self._prepare_new_contact_ids(vals_list)
        made = [None] * len(vals_list)
        for some, places, group in self._group_by_proposed_roles(vals_list):
            partners = super(ResPartner, some).create(group)
            for place, partner in zip(places, partners, strict=True):
                made[place] = partner.id
        partners = self.browse(made)
        partners._assign_contact_ids()
        return partners

    def write(self, vals):
        vals, renamed = self._prepare_contact_id_change(self._split_account_status(vals))
        was_named = any(partner.ref for partner in renamed)
        self._check_role_rights(vals)
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

    @api.model
    def _split_account_status(self, vals):
        """A status given is written as what it is made of: archived or not, and restricted how."""
        if not vals.get("account_status"):
            return {name: value for name, value in vals.items() if name != "account_status"}
        vals = dict(vals)
        status = vals.pop("account_status")
        vals["active"] = status != "inactive"
        if vals["active"]:
            vals["account_restriction"] = status if status != "active" else False
        return vals

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), TECHNICAL)

    @api.model
    def _has_field_access(self, field, operation):
        """Here and not as groups of the fields: lists and forms that everybody opens use them."""
        if field.name in INTERNAL and not self.env.su and not self.env.user._is_internal():
            return False
        return super()._has_field_access(field, operation)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_contact_in_use(self):
        """Bizuno's rule: a contact with any transaction is not deleted but made inactive.

        :raise RedirectWarning: it says how many of what, and offers to archive instead
        """
        counts = self._get_contact_use_counts()
        for partner in self:
            if uses := counts.get(partner.id):
                raise RedirectWarning(
                    messages.contact_in_use(self.env, partner, uses),
                    self.env.ref("bizuno_crm.res_partner_action_archive").id,
                    self.env._("Archive instead"),
                    {"active_model": "res.partner", "active_ids": partner.ids},
                )

    @api.model
    def _get_contact_use_models(self):
        """What counts as the history of a contact.

        :return: [(model, fields that point to the contact)]
        """
        return [
            ("account.move", ["partner_id", "commercial_partner_id", "partner_shipping_id"]),
            ("account.payment", ["partner_id"]),
            ("sale.order", ["partner_id", "partner_invoice_id", "partner_shipping_id"]),
        ]

    def _get_contact_use_counts(self):
        """:return: {contact id: [(number, what), …]} of the contacts that have a history; one
        query per kind of document, whoever may see the documents"""
        counts = {}
        for model_name, names in self._get_contact_use_models():
            model = self.env[model_name].sudo().with_context(active_test=False)
            documents_by_partner = {}
            for name in names:
                for partner, documents in model._read_group(
                    [(name, "in", self.ids)], [name], ["id:array_agg"]
                ):
                    documents_by_partner.setdefault(partner.id, set()).update(documents)
            what = self.env["ir.model"]._get(model_name).name
            for partner_id, documents in documents_by_partner.items():
                counts.setdefault(partner_id, []).append((len(documents), what))
        return counts

    def action_new_quotation(self):
        """Open a new quotation for the contact."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Quotation"),
            "res_model": "sale.order",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_partner_id": self.id},
        }

    def _open_of_contact(self, xmlid, domain):
        """A list behind a figure or a link of the contact's page.

        :param xmlid: of an action whose own domain, by `active_id`, is the same: the browser's Back
            and its reload load the action by its address, which has the contact's id
        :param domain: the records of this contact
        """
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(xmlid),
            "domain": domain,
            "context": {"active_id": self.id, "default_partner_id": self.id},
        }
