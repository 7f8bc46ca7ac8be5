from odoo import models


class BizunoReceivableReaderMixin(models.AbstractModel):
    """Whose receivables a user sees: of all customers with the right to it; without it, of the own
    ones where the company lets sales reps see these."""

    _name = "bizuno.receivable.reader.mixin"
    _description = "User Who May See Receivables"

    def _sees_all_receivables(self):
        return self.has_group("bizuno_crm.group_receivable_read")

    def _filter_with_receivables(self, companies):
        """:return: of these companies those of which the user may see any receivables"""
        if self._sees_all_receivables():
            return companies
        return companies.filtered(lambda company: company.sudo().aging_reps_see_own)
