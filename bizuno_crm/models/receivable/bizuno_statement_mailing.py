from odoo import api, fields, models
from odoo.exceptions import AccessError

from ... import messages
from ..base.withhold import withhold


class BizunoStatementMailing(models.Model):
    """Statements of account that somebody has sent: to how many customers, and how far it is.

    Made by `bizuno.statement`; a few are sent at once, thousands one by one in the background. What
    was sent is kept here, where only those read it who see figures.
    """

    _name = "bizuno.statement.mailing"
    _description = "Statements Sent"
    _order = "id desc"

    date = fields.Date(string="As Of", required=True, readonly=True)
    kind = fields.Selection(
        selection=[("open", "Open Items"), ("activity", "Activity for a Period")],
        string="Shows",
        required=True,
        readonly=True,
        default="open",
    )
    date_from = fields.Date(string="From", readonly=True)
    note = fields.Text(string="Message", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    # What the statements contain: the companies that were switched on.
    company_ids = fields.Many2many(comodel_name="res.company", string="Companies", readonly=True)
    line_ids = fields.One2many(
        comodel_name="bizuno.statement.mailing.line", inverse_name="mailing_id", readonly=True
    )
    # For the record rules alone: what they have read as the system must not be what the list shows.
    rule_line_ids = fields.One2many(
        comodel_name="bizuno.statement.mailing.line",
        inverse_name="mailing_id",
        string="All Lines",
        readonly=True,
        groups=fields.NO_ACCESS,
    )
    is_announced = fields.Boolean(
        readonly=True, help=("The sender was notified that all statements have been sent.")
    )

    # how far it is
    customer_count = fields.Integer(string="Customers", compute="_compute_counts")
    sent_count = fields.Integer(string="Sent", compute="_compute_counts")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    queued_count = fields.Integer(string="In the Mail Queue", compute="_compute_counts")
    failed_count = fields.Integer(string="Not Sent", compute="_compute_counts")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        counts = {
            (mailing.id, state): count
            for mailing, state, count in self.env["bizuno.statement.mailing.line"]._read_group(
                [("mailing_id", "in", self.ids)], ["mailing_id", "state"], ["__count"]
            )
        }
        for mailing in self:
            by_state = {
                state: counts.get((mailing._origin.id, state), 0)
                for state in ("sent", "queued", "waiting", "failed")
            }
            mailing.sent_count = by_state["sent"]
            mailing.queued_count = by_state["queued"]
            mailing.waiting_count = by_state["waiting"]
            mailing.failed_count = by_state["failed"]
            mailing.customer_count = sum(by_state.values())

    @api.depends("date")
    def _compute_display_name(self):
        for mailing in self:
            mailing.display_name = self.env._(
                "Statements as of %(date)s",
                date=self.env["ir.qweb.field.date"].value_to_html(mailing.date, {}),
            )

    def action_retry(self):
        """Send again what could not be sent, because an address was missing or the mail server
        refused it; nobody gets a statement of this mailing twice.

        :return: a notification
        :raise AccessError: without the right Receivables: Add
        """
        self.ensure_one()
        self.check_access("read")
        # those that the user sees
        lines = self.env["bizuno.statement.mailing.line"]
        failed = lines.search([("mailing_id", "=", self.id), ("state", "=", "failed")]).sudo()
        if not (self.env.su or self.env.user.has_group("bizuno_crm.group_receivable_add")):
            raise AccessError(messages.statement_not_sent(self.env, failed.partner_id))
        # The e-mail that failed goes nowhere any more, whoever presses Retry on it.
        failed.mail_id.filtered(lambda mail: mail.state != "sent").cancel()
        failed.write({"state": "waiting", "error": False, "mail_id": False})
        self.sudo().is_announced = False
        self.env.ref("bizuno_crm.ir_cron_statement").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": messages.statements_tried_again(self.env, len(failed)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _announce(self):
        """Tell the sender that everything has been tried, by e-mail or in the inbox, as the sender
        wants to be told."""
        for mailing in self:
            mailing.is_announced = True
            own = mailing.with_context(lang=mailing.user_id.lang)
            self.env["mail.thread"].message_notify(
                partner_ids=mailing.user_id.partner_id.ids,
                subject=own.display_name,
                body=messages.statements_are_out(own.env, own),
            )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("is_announced",))
