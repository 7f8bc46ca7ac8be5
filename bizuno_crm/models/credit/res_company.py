from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ... import messages
from ...logic import credit
from ...reports.credit import doubtful_amounts

# What a company with branches decides once.
_SHARED = ("credit_policy", "credit_scope", "hold_policy")


class ResCompany(models.Model):
    # How the company lends. Branches lend by the rules of their root company: policy and scope are
    # the root's, and so are the limits (see res.partner).
    #
    # Odoo's own way of sharing a field refuses to write two such fields at once, hence this one.

    _inherit = "res.company"

    credit_policy = fields.Selection(
        selection=[
            ("warn", "Warn only"),
            ("approval", "Ask for approval"),
            ("block", "Block"),
        ],
        default="warn",
        required=True,
        help="What happens to an order or an invoice of a customer who is over the credit limit, "
        "on credit hold or locked.",
    )
    hold_policy = fields.Selection(
        selection=[
            ("same", "As for the limit"),
            ("approval", "Ask for approval"),
            ("block", "Block"),
        ],
        string="Policy for Hold and Lock",
        default="same",
        required=True,
        help="What happens to an order or an invoice of a customer who is on credit hold or "
        "locked.",
    )
    credit_scope = fields.Selection(
        selection=[
            ("invoices", "Open invoices"),
            ("invoices_and_orders", "Open invoices and orders to invoice"),
        ],
        default="invoices",
        required=True,
        help="What counts against the credit limit.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        was_controlled = self._is_credit_controlled()
        companies = super().create(vals_list)
        self.env.registry.clear_cache()
        companies._share_credit_policy()
        self._begin_credit_control(was_controlled)
        return companies

    def write(self, vals):
        shared = {name: vals[name] for name in _SHARED if name in vals}
        if not shared:
            return super().write(vals)
        for company in self:
            root = company._get_credit_root()
            if root not in self and any(root[name] != value for name, value in shared.items()):
                raise UserError(messages.credit_policy_of_branch(self.env, company, root))
        was_controlled = self._is_credit_controlled()
        result = super().write(vals)
        branches = (
            self.sudo().with_context(active_test=False).search([("id", "child_of", self.ids)])
        )
        (branches - self.sudo())._write_credit_policy(shared)
        self._begin_credit_control(was_controlled)
        return result

    def _write_credit_policy(self, values):
        """Past the refusal of our own `write`; what is remembered of policies is forgotten."""
        # pylint: disable=super-method-mismatch,missing-return
        super().write(values)
        self.env.registry.clear_cache()

    def _share_credit_policy(self):
        """Bring branches in line: new ones, and those that are older than this rule."""
        for company in self.filtered("parent_id"):
            root = company._get_credit_root()
            if different := {n: root[n] for n in _SHARED if company[n] != root[n]}:
                company._write_credit_policy(different)

    @api.model
    def _begin_credit_control(self, was_controlled):
        """As long as no company did more than warn nobody looked at what was written: what
        confirmed orders come to is worked out anew where that is in doubt. (Drafts are when they
        are judged, and what is posted is what the ledger says.)"""
        if was_controlled or not self._is_credit_controlled():
            return
        for model, query, names in (
            ("sale.order.line", doubtful_amounts.doubtful_lines_sql,
             ("price_subtotal", "price_tax", "price_total")),
            ("sale.order", doubtful_amounts.doubtful_orders_sql,
             ("currency_rate", "amount_untaxed", "amount_tax", "amount_total")),
        ):  # fmt: skip
            records = self.env[model].sudo()
            records = records.browse(id_ for (id_,) in self.env.execute_query(query(self.env)))
            for name in names:
                self.env.add_to_compute(records._fields[name], records)
            records.modified(names)
            self.env.flush_all()

    def _get_credit_root(self):
        """
        :return: the company whose limits, policy and scope are those of this one, as the system:
            it need not be one of the user's
        """
        self.ensure_one()
        return self.sudo().root_id

    def _get_credit_policy(self):
        """:return: `logic.credit.Policy`"""
        self.ensure_one()
        company = self.sudo()
        return credit.Policy(company.credit_policy, company.hold_policy)

    @api.model
    @tools.ormcache()
    def _is_credit_controlled(self):
        """Whether any company does more than warn: where none does, nothing is watched."""
        companies = self.sudo().with_context(active_test=False).search([])  # pylint: disable=no-search-all
        return any(not company._get_credit_policy().is_warning_only for company in companies)

    @tools.ormcache("self.id")
    def _get_credit_tree_ids(self):
        """:return: ids of the company, its root and all branches: those that share one limit. Odoo
        forgets it with a new company; the hierarchy never changes otherwise."""
        self.ensure_one()
        companies = self.sudo().with_context(active_test=False)
        return tuple(companies.search([("id", "child_of", companies.root_id.id)]).ids)

    def _get_credit_approvers(self):
        """:return: `res.users`, those who may approve in this company, as the system"""
        return self._get_users_in_group("bizuno_crm.group_credit_approver")
