from odoo import api, fields, models
from odoo.tools import format_amount


class BizunoAgingActivity(models.TransientModel):
    """Plans a call or an e-mail about what customers owe, for their rep or for one user."""

    _name = "bizuno.aging.activity"
    _description = "Plan Collection"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Activity",
        required=True,
        domain=[("res_model", "in", [False, "res.partner"])],
        default=lambda self: self.env.ref("mail.mail_activity_data_call", False),
    )
    date_deadline = fields.Date(
        string="Due Date", required=True, default=lambda self: fields.Date.context_today(self)
    )
    assign_to = fields.Selection(
        selection=[("rep", "The Customer's Salesperson"), ("user", "One User")],
        required=True,
        default="rep",
    )
    user_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Also for customers without a salesperson.",
    )
    summary = fields.Char(default=lambda self: self._default_summary())

    @api.model
    def _default_summary(self):
        return self.env._("Past due receivables")

    def action_plan(self):
        """Plan one activity per customer; the figures stand in its note.

        :return: closes the window
        """
        self.ensure_one()
        self.partner_ids.check_access("read")
        currency = self.env.company.currency_id
        for partner in self.partner_ids:
            rep = partner.user_id if self.assign_to == "rep" else self.user_id
            partner.activity_schedule(
                activity_type_id=self.activity_type_id.id,
                date_deadline=self.date_deadline,
                summary=self.summary,
                note=self.env._(
                    "%(summary)s Total: %(total)s",
                    summary=partner.aged_summary or "",
                    total=format_amount(self.env, partner.aged_total, currency),
                ),
                user_id=(rep or self.user_id or self.env.user).id,
                automated=False,
            )
        return {"type": "ir.actions.act_window_close"}
