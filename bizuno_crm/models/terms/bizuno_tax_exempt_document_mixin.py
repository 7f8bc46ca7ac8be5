from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from ... import messages


class BizunoTaxExemptDocumentMixin(models.AbstractModel):
    """A document whose customer may be exempt from sales tax: quotation, order or invoice.

    The exemption is judged again whenever the document gets its date, because it ends with its
    certificate; and while it lasts, no tax that a line names survives it, unless one who may change
    customers' accounts says so on the document.
    """

    _name = "bizuno.tax.exempt.document.mixin"
    _description = "Document of a Customer Who May Be Exempt"

    taxed_despite_exemption = fields.Boolean(
        string="Tax Despite Exemption",
        copy=False,
        tracking=True,
        help="Keeps the taxes on the lines although the customer is exempt. For accounting.",
    )
    tax_exempt_message = fields.Char(
        string="Tax Exemption in Words",
        compute="_compute_tax_exempt_message",
        groups="base.group_user",
    )

    @api.depends("partner_id", "state")
    @api.depends_context("uid", "lang")
    def _compute_tax_exempt_message(self):
        for document in self:
            # Who is told may know no more of the account than this.
            account = document.partner_id.commercial_partner_id.sudo()
            has_ended = (
                account.tax_exempt
                and document._is_tax_exempt_judged()
                and not account._is_tax_exempt(document._get_tax_exempt_date())
            )
            document.tax_exempt_message = has_ended and document._get_tax_exempt_message(account)

    def _get_tax_exempt_message(self, account):
        return messages.tax_exempt_ended(
            self.env, account.display_name, account.tax_exempt and account.tax_exempt_expiration
        )

    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(["taxed_despite_exemption"])
        for vals in vals_list:
            if {**default, **vals}.get("taxed_despite_exemption"):
                self._check_may_tax_despite_exemption()
        documents = super().create(vals_list)
        # A copy, or the invoice of an order.
        documents._settle_tax_exemption()
        return documents

    def write(self, vals):
        if "taxed_despite_exemption" in vals and any(
            bool(vals["taxed_despite_exemption"]) != record.taxed_despite_exemption
            for record in self
        ):
            self._check_may_tax_despite_exemption()
            result = super().write(vals)
            self._drop_taxes_of_exempt()
            return result
        return super().write(vals)

    @api.model
    def _check_may_tax_despite_exemption(self):
        if not self.env.su and not self.env["res.partner"]._may_edit_accounts():
            raise AccessError(messages.taxed_despite_exemption_refused(self.env))

    # what the models say

    def _get_tax_exempt_date(self):
        """The date for which the exemption of the document is judged; False is today."""
        return False

    def _is_tax_exempt_judged(self):
        """Whether the document can still get, or lose, taxes."""
        raise NotImplementedError

    def _get_tax_exempt_lines(self):
        """The lines that may have sales taxes, but for those that repeat another document's."""
        raise NotImplementedError

    def _recompute_line_taxes(self, lines):
        raise NotImplementedError

    # the rule

    def _is_untaxed(self):
        """Whether no line of the document may have a tax."""
        self.ensure_one()
        customer, company = self.partner_id, self.company_id
        position = self.fiscal_position_id
        if self.taxed_despite_exemption or not self._is_tax_exempt_judged() or not customer:
            return False
        on = self._get_tax_exempt_date()
        if position and position == company.sudo().tax_exempt_fiscal_position_id:
            return customer._is_tax_exempt(on)
        return customer._removes_taxes(company, position, on)

    def _drop_taxes_of_exempt(self):
        for document in self:
            if document._is_untaxed():
                lines = document._get_tax_exempt_lines().filtered("tax_ids")
                if lines:
                    lines.tax_ids = False

    def _without_line_taxes(self, vals):
        """The values of a line of these documents: a tax that it names by itself, by hand, import
        or from another program, is none if the customer is exempt."""
        if vals.get("tax_ids") and self and all(record._is_untaxed() for record in self):
            return {**vals, "tax_ids": [Command.clear()]}
        return vals

    def _settle_tax_exemption(self):
        """The document gets its date: an exemption that has ended gives it back its taxes."""
        for document in self:
            if document._has_outlived_exemption():
                document._compute_fiscal_position_id()
                document._recompute_line_taxes(document._get_tax_exempt_lines())
                account = document.partner_id.commercial_partner_id.sudo()
                document._message_log(body=document._get_tax_exempt_message(account))
        self._drop_taxes_of_exempt()

    def _has_outlived_exemption(self):
        self.ensure_one()
        customer, position = self.partner_id, self.fiscal_position_id
        if not customer or not position or not self._is_tax_exempt_judged():
            return False
        on = self._get_tax_exempt_date()
        if position == self.company_id.sudo().tax_exempt_fiscal_position_id:
            return not customer._is_tax_exempt(on)
        # With a position of its own the customer's documents keep it, and lose their taxes.
        return (
            customer.commercial_partner_id.tax_exempt
            and not customer._is_tax_exempt(on)
            and position == customer.with_company(self.company_id).property_account_position_id
            and not self._get_tax_exempt_lines().tax_ids
        )
