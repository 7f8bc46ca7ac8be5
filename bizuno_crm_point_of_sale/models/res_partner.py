from odoo import api, models
from odoo.addons.bizuno_crm import messages
from odoo.addons.bizuno_crm.logic import credit
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..reports import till_exposure


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_credit_owed_sql(self, company, partner_ids=None):
        # What is sold on account counts from the sale on, not from the end of the session.
        receivable = self.env["bizuno.aged.receivable"]
        companies = receivable._get_ids_sql(
            receivable._get_company_tree(company), at_once=receivable._is_few(partner_ids)
        )
        return SQL(
            """
            SELECT partner_id, SUM(open) AS open,
                   SUM(past_due) AS past_due, SUM(unapplied) AS unapplied
              FROM (
                    SELECT partner_id, open, past_due, unapplied FROM (%(booked)s) booked
                     UNION ALL
                    SELECT partner_id, amount, 0, 0 FROM (%(till)s) till
                   ) owed
             GROUP BY partner_id
            """,
            booked=super()._get_credit_owed_sql(company, partner_ids),
            till=till_exposure.till_sql(self.env, companies, partner_ids),
        )

    def _judge_till_credit(self, company, document):
        """Whether these customers may owe what they owe now, what was just sold to them included.

        :param company: `res.company`
        :param str document: what the sale is called
        :return: None, or the warning against which it passes, without figures
        :raise UserError: one sentence, if the policy of the company stops it
        """
        policy = company._get_credit_policy()
        customers = self.sudo().commercial_partner_id
        serialized = None if policy.is_warning_only else customers
        accounts = customers.with_company(company)._get_credit_accounts(company, serialized)
        warnings = []
        for customer in customers:
            account = accounts[customer.id]
            reasons = [one for one in account.reasons() if one in credit.STOPPED]
            if not reasons:
                continue
            partner = self.env["res.partner"]
            if policy.of_all(reasons) != "warn":
                text = messages.credit_status(partner.env, customer, company, account)
                raise UserError(messages.credit_blocked(self.env, document, text))
            quiet = partner.with_context(credit_without_figures=True)
            warnings.append(messages.credit_status(quiet.env, customer, company, account))
        return " ".join(warnings) or None
