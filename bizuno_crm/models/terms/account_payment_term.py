from decimal import Decimal

from odoo import api, fields, models, tools

from ...logic import terms
from ..base.withhold import withhold


class AccountPaymentTerm(models.Model):
    # Payment terms that Bizuno's encoded terms can name.

    _name = "account.payment.term"
    _inherit = ["bizuno.remembered.mixin", "account.payment.term"]

    bizuno_type = fields.Selection(
        selection=[(str(terms.COD), "Cash on Delivery"), (str(terms.PREPAID), "Prepaid")],
        string="Paid",
        help="Distinguishes cash on delivery and prepaid from other terms that are due "
        "immediately.",
    )
    date_due = fields.Date(
        string="Due on Date",
        help="Every invoice with these terms is due on this date, regardless of the invoice date.",
    )

    def _get_bizuno_terms(self):
        """What these terms are in Bizuno's words, without a credit limit.

        :return: `logic.terms.Terms`, or None for what Bizuno cannot express (installments, …)
        """
        if not self:
            return terms.Terms(type=terms.ON_RECEIPT)
        self.ensure_one()
        return self.sudo()._get_saved_terms() if isinstance(self.id, int) else self._read_terms()

    @tools.ormcache("self.id")
    def _get_saved_terms(self):
        """Terms seldom change, and the page of each customer says them in words."""
        return self._read_terms()

    def _read_terms(self):
        line = self.line_ids
        if len(line) != 1:
            return None
        discount = {}
        if self.early_discount:
            discount = {
                "discount": Decimal(str(self.discount_percentage)),
                "discount_days": self.discount_days,
            }
        if self.date_due:
            return terms.Terms(type=terms.ON_DATE, net_days=None, due_date=self.date_due)
        if line.delay_type == "days_after" and line.nb_days >= 0:
            if self.bizuno_type and not line.nb_days:
                return terms.Terms(type=int(self.bizuno_type))
            if not line.nb_days and not discount:
                return terms.Terms(type=terms.ON_RECEIPT)
            return terms.Terms(type=terms.SPECIAL, net_days=line.nb_days, **discount)
        is_month_end = not line.nb_days and (
            line.delay_type == "days_after_end_of_month"
            or (line.delay_type == "days_end_of_month_on_the" and line.days_next_month == "0")
        )
        return terms.Terms(type=terms.END_OF_MONTH, **discount) if is_month_end else None

    @api.model
    def _get_for_bizuno(self, wanted):
        """The payment term that does what Bizuno's terms say: one that exists, else a new one.

        :param wanted: `logic.terms.Terms`; its credit limit plays no role
        """
        for term in self.search(self._check_company_domain(self.env.company)):
            known = term._get_bizuno_terms()
            if known and known.effect == wanted.effect:
                return term
        return self.create(self._prepare_for_bizuno_vals(wanted))

    @api.model
    def _new_for_bizuno(self, wanted):
        """:return: a payment term that does what these `logic.terms.Terms` say and is not saved"""
        return self.new(self._prepare_for_bizuno_vals(wanted))

    @api.model
    def _prepare_for_bizuno_vals(self, wanted):
        line = {"value": "percent", "value_amount": 100.0, "delay_type": "days_after", "nb_days": 0}
        vals = {"name": self._get_bizuno_name(wanted)}
        if wanted.type in (terms.COD, terms.PREPAID):
            vals["bizuno_type"] = str(wanted.type)
        elif wanted.type == terms.ON_DATE:
            vals["date_due"] = wanted.due_date
        elif wanted.type == terms.END_OF_MONTH:
            line["delay_type"] = "days_after_end_of_month"
        else:
            line["nb_days"] = wanted.due_days
        if wanted.early_discount:
            percent, days = wanted.early_discount
            vals.update(early_discount=True, discount_percentage=float(percent), discount_days=days)
        return {**vals, "line_ids": [fields.Command.create(line)]}

    @api.model
    def _get_bizuno_name(self, wanted):
        if wanted.type == terms.COD:
            name = self.env._("Cash on Delivery")
        elif wanted.type == terms.PREPAID:
            name = self.env._("Prepaid")
        elif wanted.type == terms.ON_DATE:
            name = self.env._("Due on %(date)s", date=wanted.due_date.isoformat())
        elif wanted.type == terms.END_OF_MONTH:
            name = self.env._("End of Month")
        elif wanted.due_days:
            name = self.env._("Net %(days)s", days=wanted.due_days)
        else:
            name = self.env._("Due on Receipt")
        if not wanted.early_discount:
            return name
        percent, days = wanted.early_discount
        return self.env._(
            "%(percent)s%% %(days)s, %(terms)s",
            percent=terms.plain(percent),
            days=days,
            terms=name,
        )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("bizuno_type", "date_due"))
