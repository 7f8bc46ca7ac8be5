from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ... import messages
from ...logic import terms


class BizunoTermsWizard(models.TransientModel):
    """The terms dialog: Bizuno's choices in words, and the credit limit. Of one customer, or of the
    customers that a company is going to have."""

    _name = "bizuno.terms.wizard"
    _inherit = ["bizuno.guard.mixin"]
    _description = "Terms of a Customer"

    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer")
    company_id = fields.Many2one(
        comodel_name="res.company",
        help="If there is no customer: the company whose new customers get these terms.",
    )
    currency_id = fields.Many2one(comodel_name="res.currency", compute="_compute_currency_id")
    type = fields.Selection(
        selection=[(str(code), label) for code, label in terms.LABELS.items()],
        string="Terms",
        required=True,
        default=str(terms.DEFAULT),
    )
    discount = fields.Float(string="Discount %", digits=(6, 3))
    discount_days = fields.Integer()
    net_days = fields.Integer(default=terms.DEFAULT_NET_DAYS)
    date_due = fields.Date(string="Due Date")
    credit_limit = fields.Monetary(default=float(terms.DEFAULT_LIMIT), help="0: no limit.")
    explanation = fields.Char(compute="_compute_explanation")

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        partner = self.env["res.partner"].browse(defaults.get("partner_id"))
        company = self.env["res.company"].browse(defaults.get("company_id"))
        text = partner.bizuno_terms if partner else company.contact_default_terms
        if partner and not text:
            # Terms that have no code: the limit is known all the same.
            defaults["credit_limit"] = partner.credit_limit
        if text:
            known = terms.parse(text)
            defaults.update(
                type=str(known.type),
                discount=float(known.discount),
                discount_days=known.discount_days,
                net_days=known.net_days or 0,
                date_due=known.due_date,
                credit_limit=float(known.credit_limit),
            )
        return {name: value for name, value in defaults.items() if name in fields}

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = (wizard.company_id or self.env.company).currency_id

    @api.depends("type", "discount", "discount_days", "net_days", "date_due")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            wizard.explanation = False
            if not wizard.type or (wizard.type == str(terms.ON_DATE) and not wizard.date_due):
                continue
            chosen = wizard._get_terms()
            try:
                terms.parse(terms.encode(chosen))
            except terms.TermsError:
                continue  # refused, with a sentence, when it is applied
            term = self.env["account.payment.term"].sudo()._new_for_bizuno(chosen)
            dates = {
                "due": format_date(self.env, term.line_ids._get_due_date(today)),
                "discount": format_date(self.env, term._get_last_discount_date(today)),
            }
            wizard.explanation = (
                self.env._(
                    "An invoice dated today is due on %(due)s, with the discount until "
                    "%(discount)s.",
                    **dates,
                )
                if dates["discount"]
                else self.env._("An invoice dated today is due on %(due)s.", **dates)
            )

    def action_apply(self):
        """Give the customer, or the new customers of the company, these terms and this limit.

        :return: the action that closes the dialog
        :raise AccessError: without the right on the customer's account, or on the settings
        :raise UserError: if neither is named
        :raise ValidationError: for values that are no terms
        """
        self.ensure_one()
        code = terms.encode(self._get_terms(check=True))
        if self.partner_id:
            self.partner_id.bizuno_terms = code
        elif self.company_id:
            self.company_id.contact_default_terms = code
        else:
            raise UserError(messages.terms_of_nobody(self.env))
        return {"type": "ir.actions.act_window_close"}

    def _get_terms(self, check=False):
        """Only what belongs to the chosen type, so that a hidden field has no say.

        :param bool check: refuse what cannot be meant
        :raise ValidationError: one sentence that names the field
        """
        self.ensure_one()
        kind = int(self.type)
        is_discounted, is_on_date = kind in terms.DISCOUNTED, kind == terms.ON_DATE
        if check and is_on_date and not self.date_due:
            raise ValidationError(messages.terms_without_date(self.env))
        if check and is_discounted and bool(self.discount) != bool(self.discount_days):
            raise ValidationError(messages.terms_half_discount(self.env))
        net_days = self.net_days if kind == terms.SPECIAL else terms.DEFAULT_NET_DAYS
        return terms.Terms(
            type=kind,
            discount=_to_decimal(self.discount) if is_discounted else Decimal(0),
            discount_days=self.discount_days if is_discounted else 0,
            net_days=None if is_on_date else net_days,
            due_date=self.date_due if is_on_date else None,
            credit_limit=_to_decimal(self.credit_limit),
        )


def _to_decimal(number):
    return Decimal(str(number or 0)).quantize(Decimal("0.001")).normalize() + 0
