from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ... import messages
from ...logic import terms

_GROUP = "bizuno_crm.group_manager"


class ResPartner(models.Model):
    # Customers from before the installation have no limit until somebody decides about one.

    _inherit = "res.partner"

    @api.model
    def _get_missing_limit_domain(self):
        """:return: the customers about whose limit in the user's company nobody has decided"""
        return (
            Domain("customer_rank", ">", 0)
            & Domain("parent_id", "=", False)
            & Domain("company_id", "in", (False, self.env.company.id))
            & Domain("credit_limit", "=", 0)
            & Domain("bizuno_terms_written", "=", False)
        )

    def action_give_default_limit(self):
        """Give the customers that have no limit in the user's company that of new customers. Their
        payment terms stay as they are.

        :return: an action that tells how many got it
        :raise AccessError: for who is no Bizuno Manager
        """
        if not self.env.user.has_group(_GROUP):
            raise AccessError(messages.default_limit_refused(self.env))
        self.check_access("write")
        customers = self.filtered_domain(self._get_missing_limit_domain())
        company = self.env.company._get_credit_root().sudo()
        limit = float(terms.parse(company.contact_default_terms).credit_limit)
        if limit:
            customers.write({"credit_limit": limit})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if customers and limit else "warning",
                "message": messages.default_limit_given(
                    self.env, len(customers) if limit else 0, limit, company.currency_id
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
