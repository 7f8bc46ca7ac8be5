from odoo import api, models
from odoo.tools import SQL

from ..reports import till_exposure


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_credit_owed_sql(self, company, partner_ids=None):
        # What is sold on account counts from the sale on, not from the end of the session.
        receivable = self.env["bizuno.aged.receivable"]
        companies = receivable._get_company_tree_sql(company)
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
