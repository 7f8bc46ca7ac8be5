from odoo import api, fields, models
from odoo.tools import format_amount

from .res_partner_aging import READERS


class ResPartner(models.Model):
    # The history of a customer, and how it paid over the past year.

    _inherit = "res.partner"

    history_ids = fields.One2many(
        "bizuno.customer.history", "partner_id", readonly=True, groups=READERS
    )
    history_paid_count = fields.Integer(
        string="Invoices Paid in the Past Year", compute="_compute_history", groups=READERS
    )
    history_average_sale = fields.Monetary(
        string="Average Sale", compute="_compute_history", groups=READERS
    )
    history_payment_days = fields.Float(
        string="Average Days Late",
        compute="_compute_history",
        groups=READERS,
        digits=(16, 1),
        help="From the due date to the payment, over the invoices paid in the past year; less than "
        "zero is early.",
    )
    history_payment_habit = fields.Char(
        string="Pays on Average", compute="_compute_history", groups=READERS
    )

    @api.depends_context("allowed_company_ids", "uid", "tz", "lang")
    def _compute_history(self):
        """One query for any number of customers, as the user who asks."""
        since = fields.Date.subtract(fields.Date.context_today(self), years=1)
        groups = self.env["bizuno.customer.history"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id._origin.ids),
                ("company_id", "in", self._get_aging_companies().ids),
                ("kind", "=", "invoice"),
                ("date_closed", ">=", since),
            ],
            ["partner_id"],
            ["__count", "amount_company:avg", "payment_days:avg"],
        )
        figures = {partner.id: values for partner, *values in groups}
        for partner in self:
            count, average, days = figures.get(
                partner.commercial_partner_id._origin.id, (0, 0.0, None)
            )
            partner.history_paid_count = count
            partner.history_average_sale = average
            partner.history_payment_days = float(days or 0.0)
            partner.history_payment_habit = partner._get_payment_habit(days)

    def _get_payment_habit(self, days):
        if days is None:
            return False
        rounded = round(float(days), 1)
        if not rounded:
            return self.env._("on the due date")
        if abs(rounded) == 1:
            return self.env._("1 day late") if rounded > 0 else self.env._("1 day early")
        if rounded > 0:
            return self.env._("%(days)s days late", days=rounded)
        return self.env._("%(days)s days early", days=-rounded)

    def get_history_facts(self):
        """How the customer paid over the past year, for the head of the history.

        :return: [[label, text]] in the user's language, empty where nothing was paid
        :raises AccessError: without the right to see the history
        """
        self.ensure_one()
        self.env["bizuno.customer.history"].check_access("read")
        if not self.history_paid_count:
            return []
        texts = {
            "history_paid_count": str(self.history_paid_count),
            "history_average_sale": format_amount(
                self.env, self.history_average_sale, self.env.company.currency_id
            ),
            "history_payment_habit": self.history_payment_habit,
        }
        labels = self.fields_get(list(texts), ["string"])
        return [[labels[name]["string"], text] for name, text in texts.items() if text]

    def action_open_history(self):
        """Open the documents of the customer as a list to search in.

        :return: a window action
        """
        self.ensure_one()
        self.env["bizuno.customer.history"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_customer_history_action"
        )
        return {**action, "domain": [("partner_id", "=", self.commercial_partner_id.id)]}
