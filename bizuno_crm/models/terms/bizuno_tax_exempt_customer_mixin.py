from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import plaintext2html

from ... import messages
from ..base.jobs import run_each

# How long before it expires the bookkeeper is told of an exemption.
WARNING_DAYS = 30
_FIRST_YEAR = 1000
_ACTIVITY = "bizuno_crm.mail_activity_type_tax_exempt"


class BizunoTaxExemptCustomerMixin(models.AbstractModel):
    """Whether an account is exempt from sales tax on a day, and who is told that it ends."""

    _name = "bizuno.tax.exempt.customer.mixin"
    _description = "Customer Who May Be Exempt from Sales Tax"

    def _is_tax_exempt(self, on=None):
        """Whether the account of this contact is exempt on a date (today in the user's timezone).

        A method of the contact, so that a contact of an exempt company is exempt too."""
        account = self.commercial_partner_id
        if not account.tax_exempt:
            return False
        expiry = account.tax_exempt_expiration
        return not expiry or expiry >= (on or fields.Date.context_today(self))

    def _check_exemption_date(self, vals):
        """
        :raise ValidationError: for a year that the log of changes cannot write down
        """
        expiry = fields.Date.to_date(vals.get("tax_exempt_expiration"))
        if expiry and expiry.year < _FIRST_YEAR:
            raise ValidationError(messages.exemption_date_refused(self.env, self, expiry))

    def _get_exempt_position(self, company, detected, on=None):
        """The fiscal position of a document of this contact.

        :param detected: the position that Odoo has found
        :return: the company's “Tax Exempt” for an exempt contact, unless the contact has a position
            of its own: that one stays, and `_removes_taxes` drops the taxes
        """
        if not self or not self._is_tax_exempt(on):
            return detected
        if self.with_company(company).property_account_position_id:
            return detected
        return company._get_tax_exempt_position()

    def _removes_taxes(self, company, position, on=None):
        """Whether a document with the contact's own fiscal position is untaxed all the same. With
        any other position somebody has decided so on the document itself."""
        return bool(
            position
            and self._is_tax_exempt(on)
            and position == self.with_company(company).property_account_position_id
        )

    def _expires_soon(self):
        self.ensure_one()
        expiry = self.tax_exempt_expiration
        last = fields.Date.context_today(self) + timedelta(days=WARNING_DAYS)
        return bool(self.tax_exempt and expiry and expiry <= last)

    def _end_tax_exempt_warning(self):
        """An exemption that was ended or renewed needs no activity any more."""
        renewed = self.filtered(lambda p: p.tax_exempt_warned and not p._expires_soon()).sudo()
        if renewed:
            renewed.activity_unlink([_ACTIVITY])
            renewed.tax_exempt_warned = False

    @api.model
    def _cron_warn_tax_exempt(self):
        """One activity for the bookkeeper per exemption that expires within 30 days. Customers that
        have an expired certificate are told of as well, once. Where there is nobody to tell, the
        next run tries again."""
        last = fields.Date.context_today(self) + timedelta(days=WARNING_DAYS)
        domain = [
            ("tax_exempt", "=", True),
            ("tax_exempt_expiration", "<=", last),
            # those that the certificate was made out to, and not their contacts
            *self._get_own_account_domain(),
        ]
        run_each(
            self.search(domain).filtered(lambda partner: partner._waits_for_warning()),
            lambda partner: partner._waits_for_warning() and partner._warn_tax_exempt(),
            allow_referencing=True,
        )

    def _waits_for_warning(self):
        return self.tax_exempt_warned != self.tax_exempt_expiration

    def _warn_tax_exempt(self):
        self.ensure_one()
        user = self._get_bookkeeper()
        if not user:
            return
        self.activity_unlink([_ACTIVITY])
        self.activity_schedule(
            _ACTIVITY,
            date_deadline=self.tax_exempt_expiration,
            summary=self.env._("Renew the tax exemption"),
            note=plaintext2html(messages.tax_exempt_expires(self.env, self)),
            user_id=user.id,
        )
        self.tax_exempt_warned = self.tax_exempt_expiration

    def _get_bookkeeper(self):
        """Who is told about this customer's account: somebody of the company that sells to the
        customer, else of one that shares the contact; an administrator only if there is nobody else
        in any of them. The job itself belongs to no company."""
        self.ensure_one()
        every = self.env["res.company"]
        companies = self.company_id or every.search([])  # pylint: disable=no-search-all
        sells = self._get_selling_company()
        companies = companies.sorted(
            lambda company: (company != sells, not company.bookkeeper_id.active)
        )
        for administrators in (False, True):
            for company in companies:
                if user := company._get_bookkeeper(administrators):
                    return user
        return self.env["res.users"]

    def _get_selling_company(self):
        """:return: the company of the customer's last invoice, else of the last order"""
        account = self.commercial_partner_id
        moves, orders = self.env["account.move"].sudo(), self.env["sale.order"].sudo()
        last = moves.search(
            [
                ("commercial_partner_id", "=", account.id),
                ("move_type", "in", moves.get_sale_types(include_receipts=True)),
                ("state", "=", "posted"),
            ],
            order="invoice_date desc, id desc",
            limit=1,
        )
        last = last or orders.search(
            [("partner_id.commercial_partner_id", "=", account.id), ("state", "!=", "cancel")],
            order="date_order desc, id desc",
            limit=1,
        )
        return last.company_id
