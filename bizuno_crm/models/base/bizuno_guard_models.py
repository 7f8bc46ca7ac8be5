from odoo import api, models
from odoo.exceptions import ValidationError

from ... import messages
from .bizuno_guard import BizunoGuardMixin, BizunoNumberMixin, check_numbers


class BizunoProject(models.Model):
    # Outcome and closing follow from the stage.

    _name = "bizuno.project"
    _inherit = ["bizuno.project", BizunoGuardMixin._name]


class BizunoReminder(models.Model):
    # The day it is due follows from its activity and its next date.

    _name = "bizuno.reminder"
    _inherit = ["bizuno.reminder", BizunoGuardMixin._name]


class BizunoContactLog(models.Model):
    # Whose account an entry belongs to follows from its contact.

    _name = "bizuno.contact.log"
    _inherit = ["bizuno.contact.log", BizunoGuardMixin._name]


class BizunoCreditApproval(models.Model):
    # Up to how much is approved decides what passes.

    _name = "bizuno.credit.approval"
    _inherit = ["bizuno.credit.approval", BizunoGuardMixin._name]

    @api.model_create_multi
    def create(self, vals_list):
        # before anything is judged by it
        for vals in vals_list:
            check_numbers(self, vals)
        return super().create(vals_list)


class BizunoPromo(models.Model):
    # The state of a promotion follows from its sends.

    _name = "bizuno.promo"
    _inherit = ["bizuno.promo", BizunoGuardMixin._name]


class ResPartner(models.Model):
    # A credit limit is a number, and none below zero, whoever writes it: form, import, remote call,
    # dialog of the terms.

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_credit_limit_given(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_credit_limit_given(vals)
        return super().write(vals)

    def _check_credit_limit_given(self, vals):
        if "credit_limit" in vals:
            check_numbers(self, {"credit_limit": vals["credit_limit"]})
            if self._normalize_account_value("credit_limit", vals["credit_limit"]) < 0:
                raise ValidationError(messages.credit_limit_negative(self.env, self))


# Before all that the areas make of what is written.


class NumbersOfOrders(models.Model):
    # What an order line comes to is judged by the credit policy.

    _name = "sale.order.line"
    _inherit = [BizunoNumberMixin._name, "sale.order.line"]


class RatesOfInvoices(models.Model):
    # What an invoice in another currency comes to is judged by the credit policy.

    _name = "account.move"
    _inherit = [BizunoNumberMixin._name, "account.move"]


class NumbersOfInvoices(models.Model):
    # What an invoice line comes to is judged by the credit policy.

    _name = "account.move.line"
    _inherit = [BizunoNumberMixin._name, "account.move.line"]


class ResUsers(models.Model):
    # The commission rate is a number.

    _name = "res.users"
    _inherit = [BizunoNumberMixin._name, "res.users"]
