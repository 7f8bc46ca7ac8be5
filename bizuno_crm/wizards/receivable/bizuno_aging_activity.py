from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ... import messages
from ...logic import aging


class BizunoAgingActivity(models.TransientModel):
    """Plans a call or an e-mail about what customers owe, for their rep or for one user."""

    _name = "bizuno.aging.activity"
    _description = "Plan Collection"

    # who is not active any more may still owe
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        required=True,
        context={"active_test": False},
    )
    partner_count = fields.Integer(string="Customers Selected", compute="_compute_partner_count")
    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
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
        comodel_name="res.users",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Also used for customers without a salesperson.",
    )
    summary = fields.Char(default=lambda self: self._default_summary())

    @api.model
    def _default_summary(self):
        return self.env._("Past due receivables")

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for plan in self:
            plan.partner_count = len(plan.partner_ids)

    def action_plan(self):
        """Plan one activity per customer. Figures are not written into it: an activity is read by
        whoever reads the customer, whose tab Receivables shows them to those who may see them.
        Customers of whom nothing is past due but what is in dispute are left out, and named.

        :return: closes the window, with a message
        :raise AccessError: for who may not see what these customers owe
        :raise UserError: if nobody is left to be called
        """
        self.ensure_one()
        self.partner_ids.check_access("read")
        hidden = self.partner_ids.filtered(lambda partner: not partner.is_aging_visible)
        if hidden:
            raise AccessError(messages.receivables_hidden_for_calls(self.env, hidden))
        disputed = self._get_disputed()
        partners = self.partner_ids - disputed
        if not partners:
            raise UserError(messages.collection_not_planned(self.env, disputed))
        for partner in partners:
            # Who does not work here any more would never see it.
            rep = self.assign_to == "rep" and partner.user_id.filtered("active")
            partner.activity_schedule(
                activity_type_id=self.activity_type_id.id,
                date_deadline=self.date_deadline,
                summary=self.summary,
                note=self.env._("The customer's Receivables tab shows the open items."),
                user_id=(rep or self.user_id or self.env.user).id,
                automated=False,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if disputed else "success",
                "message": messages.collection_planned(self.env, len(partners), disputed),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_disputed(self):
        """Those of whom something is past due, and all of it is in dispute."""
        aged = self.env["bizuno.aged.receivable"]
        past_due = [
            ("partner_id", "in", self.partner_ids.commercial_partner_id.ids),
            ("company_id", "in", self.env["res.partner"]._get_aging_companies().ids),
            ("bucket", "not in", ("current", aging.UNAPPLIED)),
            ("balance", ">", 0),
        ]
        claims = defaultdict(set)
        for partner, is_disputed in aged._read_group(past_due, ["partner_id", "is_disputed"]):
            claims[partner].add(is_disputed)
        return self.partner_ids.filtered(
            lambda partner: claims.get(partner.commercial_partner_id) == {True}
        )
