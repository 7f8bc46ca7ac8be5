from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import messages
from ..logic import terms

# Who sees a customer's limit: those to whom Odoo shows it, and who may give or change it here.
ACCOUNT_READERS = (
    "account.group_account_invoice,account.group_account_readonly,bizuno_crm.group_customer_add"
)


class ResPartner(models.Model):
    """Bizuno's terms: payment term and credit limit in one encoded text."""

    _inherit = "res.partner"

    bizuno_terms = fields.Char(
        string="Encoded Terms",
        compute="_compute_bizuno_terms",
        inverse="_inverse_bizuno_terms",
        groups=ACCOUNT_READERS,
        help="Bizuno's code type:discount:days:net days or date:credit limit. Types: 0 default, "
        "1 cash on delivery, 2 prepaid, 3 discount and net days, 4 due on a date, 5 end of month, "
        "6 due on receipt. Writing it chooses the payment term and sets the credit limit; an empty "
        "value changes nothing.",
    )
    # As it was written, because different codes mean the same: 0 and 3:0:0:30, for example. It is
    # believed only while the payment term still does what it says.
    bizuno_terms_written = fields.Char(company_dependent=True, groups=ACCOUNT_READERS, copy=False)

    @api.depends(
        "bizuno_terms_written",
        "credit_limit",
        "property_payment_term_id.bizuno_type",
        "property_payment_term_id.date_due",
        "property_payment_term_id.early_discount",
        "property_payment_term_id.line_ids.nb_days",
        "property_payment_term_id.line_ids.delay_type",
    )
    @api.depends_context("company")
    def _compute_bizuno_terms(self):
        """For readers of the limit only (groups of the field); terms that Bizuno cannot express
        are empty."""
        for partner in self:
            account = partner.sudo()
            known = account.property_payment_term_id._get_bizuno_terms()
            if account.bizuno_terms_written:
                written = terms.parse(account.bizuno_terms_written)
                if known and known.effect == written.effect:
                    known = written
            partner.bizuno_terms = known and terms.encode(
                replace(known, credit_limit=_to_decimal(account.credit_limit))
            )

    def _inverse_bizuno_terms(self):
        # Payment terms are made, and the limit is written, for people who have the right on the
        # customer's account but none on accounting's configuration: `write` has checked it.
        for text, partners in self.grouped("bizuno_terms").items():
            if text:
                wanted = self._parse_terms(text)
                term = self.env["account.payment.term"].sudo()._get_for_bizuno(wanted)
                partners.sudo().write(
                    {
                        "property_payment_term_id": term.id,
                        "credit_limit": float(wanted.credit_limit),
                        "bizuno_terms_written": terms.encode(wanted),
                    }
                )
            else:
                partners.invalidate_recordset(["bizuno_terms"], flush=False)

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "bizuno_terms_written"]

    @api.model
    def _parse_terms(self, text):
        """
        :return: `logic.terms.Terms`
        :raise ValidationError: one sentence that names the wrong part
        """
        try:
            return terms.parse(text)
        except terms.TermsError as error:
            raise ValidationError(messages.terms_refused(self.env, error)) from None

    def action_open_terms(self):
        """The terms dialog of the customer's account.

        :return: a window action
        :raise AccessError: without the right to change the customer's account
        """
        return self._get_account_dialog(
            "bizuno.terms.wizard",
            self.env._("Terms of %(customer)s", customer=self.commercial_partner_id.name),
            self.env._("Terms"),
        )


def _to_decimal(limit):
    # A limit below zero has no code; Odoo, too, takes it for “always over the limit”.
    return max(Decimal(str(limit or 0)), Decimal(0)).quantize(Decimal("0.000001"))
