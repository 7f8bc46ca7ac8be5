from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import messages
from ..logic import aging

_SENDERS = "bizuno_crm.group_receivable_add,sales_team.group_sale_salesman"


class BizunoStatement(models.TransientModel):
    """Statements of account of some customers, on a date: to print in one PDF or to send, each
    customer's in the customer's language."""

    _name = "bizuno.statement"
    _description = "Statements of Account"

    date = fields.Date(
        string="As Of", required=True, default=lambda self: fields.Date.context_today(self)
    )
    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    note = fields.Text(string="Message", help="A line of your own in the e-mail and on the PDF.")
    without_address = fields.Char(compute="_compute_without_address")

    @api.depends("partner_ids")
    def _compute_without_address(self):
        for statement in self:
            missing = statement.partner_ids.filtered(lambda p: not p._get_statement_recipient())
            statement.without_address = ", ".join(missing.mapped("display_name"))

    def action_print(self):
        """:return: the action that prints all statements as one PDF
        :raises AccessError: for a customer whose figures the user may not see
        """
        self.ensure_one()
        self._check_visible()
        return self.env.ref("bizuno_crm.report_statement").report_action(self)

    def action_send(self):
        """Send each customer's statement to the customer, one e-mail each, and log it there.

        Customers without an e-mail address are named, not dropped in silence.

        :return: a notification of what was sent
        :raises AccessError: for a customer whose figures the user may not see, and without the
            right Receivables: Add; reps may write to their own customers
        :raises UserError: when no customer has an address
        """
        self.ensure_one()
        self._check_visible()
        if not self.env.user.has_groups(_SENDERS):
            raise AccessError(messages.statement_not_sent(self.env, self.partner_ids))
        recipients = {partner: partner._get_statement_recipient() for partner in self.partner_ids}
        if not any(recipients.values()):
            raise UserError(
                messages.statement_without_address(
                    self.env, ", ".join(self.partner_ids.mapped("display_name"))
                )
            )
        sent = 0
        for partner, recipient in recipients.items():
            if recipient:
                self._send(partner, recipient)
                sent += 1
        text = self.env._("%(count)s statements sent.", count=sent)
        if self.without_address:
            text += " " + self.env._(
                "Without an e-mail address: %(names)s", names=self.without_address
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "warning" if self.without_address else "success",
                "sticky": bool(self.without_address),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_visible(self):
        """A statement without the figures that somebody else would see says something wrong."""
        self.env["bizuno.aged.receivable"].check_access("read")
        if hidden := self.partner_ids.filtered(lambda partner: not partner.is_aging_visible):
            raise AccessError(messages.receivables_hidden(self.env, hidden))

    def _send(self, partner, recipient):
        lang = partner.lang or self.env.lang
        own = self.create(
            {"date": self.date, "partner_ids": [(6, 0, partner.ids)], "note": self.note}
        ).with_context(lang=lang)
        pdf, _type = self.env["ir.actions.report"]._render_qweb_pdf(
            "bizuno_crm.report_statement_document", own.ids
        )
        company = self.env.company
        subject = own.env._("Statement of account from %(company)s", company=company.name)
        body = own.env["ir.qweb"]._render(
            "bizuno_crm.statement_email",
            {"statement": own, "partner": partner.with_context(lang=lang), "company": company},
            lang=lang,
        )
        partner.message_post(
            subject=subject,
            body=body,
            partner_ids=recipient.ids,
            attachments=[(f"{own._get_title(partner)}.pdf", pdf)],
            # Logged with the customer; the addressee alone gets the e-mail.
            subtype_xmlid="mail.mt_note",
            email_layout_xmlid="mail.mail_notification_light",
        )

    # what is printed

    def _get_title(self, partner=None):
        self.ensure_one()
        name = (partner or self.partner_ids[:1]).display_name if self.partner_ids else ""
        if not partner and len(self.partner_ids) > 1:
            return self.env._("Statements of Account")
        return self.env._("Statement of Account %(customer)s", customer=name)

    def _get_pages(self):
        """:return: [(customer, [{"company", "rows", "totals"}])] for those who owe, or are owed,
        something; a customer asked for alone is printed in any case"""
        self.ensure_one()
        self._check_visible()
        partners = self.partner_ids.commercial_partner_id
        statements = self.env["res.partner"]._get_statements(partners.ids, self.date)
        nothing = [
            {
                "company": self.env.company,
                "rows": self.env["bizuno.aged.receivable"],
                "totals": self.env["bizuno.aged.receivable"]._get_totals(),
            }
        ]
        alone = len(partners) == 1
        return [
            (partner, statements[partner.id] or nothing)
            for partner in partners
            if statements[partner.id] or alone
        ]

    def _get_bucket_labels(self):
        """:return: [(label, name of the amount)] of the ageing footer, in the language at hand"""
        labels = dict(
            self.env["bizuno.aged.receivable"]._fields["bucket"]._description_selection(self.env)
        )
        return [(labels[b.key], b.amount_field) for b in aging.BUCKETS]
