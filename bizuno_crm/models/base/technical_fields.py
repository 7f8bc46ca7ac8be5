"""What the program notes for itself: nobody is offered it to filter, group, sort or export by."""

from odoo import api, models

from .withhold import TECHNICAL, withhold


class ResUsers(models.Model):
    """A login has the fields of its contact."""

    _inherit = "res.users"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), TECHNICAL)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(
            super().fields_get(allfields, attributes),
            ("contact_default_terms", "contact_defaults_from_start", "contact_limit_undecided"),
        )


class AccountBankStatementLine(models.Model):
    """A line of a bank statement has the fields of its entry."""

    _inherit = "account.bank.statement.line"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(
            super().fields_get(allfields, attributes), ("credit_status", "taxed_despite_exemption")
        )


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("bizuno_type", "date_due"))


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("is_bizuno_literal",))


class BizunoCreditWait(models.Model):
    _inherit = "bizuno.credit.wait"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("move_state", "order_state"))


class BizunoPromo(models.Model):
    _inherit = "bizuno.promo"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("partner_domain",))


class BizunoPromoHistory(models.Model):
    _inherit = "bizuno.promo.history"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(
            super().fields_get(allfields, attributes),
            ("is_failure_told", "left_out", "mailing_id"),
        )


class BizunoPromoRecipient(models.Model):
    _inherit = "bizuno.promo.recipient"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(
            super().fields_get(allfields, attributes),
            ("email_normalized", "message_bounce", "send_state"),
        )


class BizunoReminder(models.Model):
    _inherit = "bizuno.reminder"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("res_id", "res_model"))


class BizunoStatementMailing(models.Model):
    _inherit = "bizuno.statement.mailing"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("is_announced",))


class BizunoStatementMailingLine(models.Model):
    _inherit = "bizuno.statement.mailing.line"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("mail_id",))
