from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_list, groupby

from ... import messages
from ...logic import aging
from ...logic.moments import days_later
from ...models.receivable.bizuno_customer_statement_mixin import SENDERS

# Up to so many are sent while the user waits.
_AT_ONCE = 20
# So many are printed within what a server gives a request: 0.17 s each, as invoices take.
_PRINTED = 500
# Customers named in a sentence; more are counted.
_NAMES = 10
# Customers printed by one run of wkhtmltopdf, which holds all their pages in memory.
_PER_RUN = 20


class BizunoStatement(models.TransientModel):
    """Statements of account of some customers, on a date: to print in one PDF or to send, each
    customer's in the customer's language."""

    _name = "bizuno.statement"
    _description = "Statements of Account"

    date = fields.Date(
        string="As Of", required=True, default=lambda self: fields.Date.context_today(self)
    )
    kind = fields.Selection(
        selection=[("open", "Open Items"), ("activity", "Activity for a Period")],
        string="Shows",
        required=True,
        default="open",
        help="Open items: what is not paid yet. Activity: opening balance, invoices, credit notes "
        "and payments of the period, closing balance.",
    )
    date_from = fields.Date(
        string="From",
        compute="_compute_date_from",
        store=True,
        readonly=False,
        help="The first day of the period; the opening balance is as of the day before.",
    )
    # who is not active any more may still owe
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        required=True,
        context={"active_test": False},
    )
    note = fields.Text(string="Message", help="Your own note in the e-mail and on the PDF.")
    partner_count = fields.Integer(string="Customers Selected", compute="_compute_partner_count")
    recipient = fields.Char(
        string="To", compute="_compute_recipient", help="Who receives the statement by e-mail."
    )
    without_address = fields.Char(compute="_compute_recipient")

    @api.depends("date", "kind")
    def _compute_date_from(self):
        """The month before the statement's month, and that month up to its date."""
        for statement in self:
            if statement.kind != "activity":
                statement.date_from = False
            elif statement.date and not statement.date_from:
                before = days_later(fields.Date.start_of(statement.date, "month"), -1)
                statement.date_from = fields.Date.start_of(before, "month")

    @api.constrains("kind", "date_from", "date")
    def _check_period(self):
        for statement in self:
            days = [statement.date]
            if statement.kind == "activity" and statement.date_from:
                days.append(statement.date_from)
            for day in days:
                self.env["bizuno.aged.receivable"]._check_aged_at(day)
            if statement.kind == "activity" and not (
                statement.date_from and statement.date_from <= statement.date
            ):
                raise ValidationError(messages.statement_period(self.env, statement))

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for statement in self:
            statement.partner_count = len(statement.partner_ids)

    @api.depends("partner_ids")
    def _compute_recipient(self):
        """Of one customer the address; of many, how many have one: *Statements Sent* names them."""
        for statement in self:
            customers = statement.partner_ids.commercial_partner_id
            missing = customers.filtered(lambda p: not p._get_statement_recipient())
            statement.without_address = messages.names_of(missing, limit=_NAMES)
            if len(customers) > 1:
                statement.recipient = messages.statement_recipients(
                    self.env, len(customers) - len(missing), len(customers)
                )
            else:
                statement.recipient = customers and (
                    customers._get_statement_recipient().email_formatted
                )

    def action_print(self):
        """:return: the action that prints all statements as one PDF
        :raise AccessError: for a customer whose figures the user may not see
        :raise UserError: for several customers, when there is nothing to state, and for more than
            one request can print
        """
        self.ensure_one()
        self._check_visible()
        customers = self.partner_ids.commercial_partner_id
        if len(customers) > 1:
            customers = self._get_customers_with_content(customers)
            if not customers:
                raise UserError(messages.statements_without_open_items(self.env, self.date))
            if len(customers) > _PRINTED:
                raise UserError(messages.statements_too_many(self.env, len(customers), _PRINTED))
        return self.env.ref("bizuno_crm.report_statement").report_action(self)

    def action_send(self):
        """Send each customer's statement to the customer, one e-mail each. A few go to the mail
        server at once, more one by one in the background; *Statements Sent* says what became of
        each.

        Customers without a valid e-mail address are named, not dropped in silence; of several
        customers, those for whom there is nothing to state get none.

        :return: a notification
        :raise AccessError: for a customer whose figures the user may not see, and without the
            right Receivables: Add; reps may write to their own customers
        :raise UserError: when no customer has an address, or there is nothing to state
        """
        self.ensure_one()
        self._check_visible()
        if not self.env.user.has_groups(SENDERS):
            raise AccessError(messages.statement_not_sent(self.env, self.partner_ids))
        customers = self.partner_ids.commercial_partner_id
        reachable = customers.filtered(lambda partner: partner._get_statement_recipient())
        if not reachable:
            raise UserError(messages.statement_without_address(self.env, customers))
        if len(customers) > 1:
            customers = self._get_customers_with_content(customers)
            if not customers:
                raise UserError(messages.statements_without_open_items(self.env, self.date))
        mailing = self._create_mailing(customers)
        waiting = mailing.line_ids.filtered(lambda line: line.state == "waiting")
        if len(waiting) > _AT_ONCE:
            self.env.ref("bizuno_crm.ir_cron_statement").sudo()._trigger()
            return self._get_notification(
                messages.statements_in_background(self.env, len(waiting)), mailing
            )
        waiting._send()
        # The mail server is asked once the transaction holds, then the lines say what it said.
        waiting.mail_id.send_after_commit()
        mailing.is_announced = True
        missing = mailing.line_ids.filtered(lambda line: not line.mail_id).partner_id
        return self._get_notification(
            messages.statements_on_their_way(
                self.env, mailing, names_missing=messages.names_of(missing, _NAMES)
            ),
            mailing,
            is_warning=bool(missing),
        )

    def _get_customers_with_content(self, customers):
        statements = self.env["res.partner"]._get_statements(
            customers.ids, self.date, self._get_date_from()
        )
        return customers.filtered(lambda partner: statements[partner.id])

    def _get_date_from(self):
        return self.date_from if self.kind == "activity" else None

    def _create_mailing(self, customers):
        """:return: the `bizuno.statement.mailing`, as the system: its lines are not for users to
        write; customers whose statement of this date waits already have none"""
        lines = self.env["bizuno.statement.mailing.line"].sudo()
        customers -= lines.search(
            [
                ("state", "=", "waiting"),
                ("partner_id", "in", customers.ids),
                ("company_id", "=", self.env.company.id),
                ("date", "=", self.date),
            ]
        ).partner_id.with_env(self.env)
        if not customers:
            raise UserError(messages.statements_wait_already(self.env, self.date))
        return (
            self.env["bizuno.statement.mailing"]
            .sudo()
            .create(
                {
                    "date": self.date,
                    "date_from": self._get_date_from(),
                    "kind": self.kind,
                    "note": self.note,
                    "user_id": self.env.user.id,
                    "company_id": self.env.company.id,
                    "company_ids": [(6, 0, self.env.companies.ids)],
                    "line_ids": [(0, 0, {"partner_id": partner.id}) for partner in customers],
                }
            )
        )

    def _get_notification(self, text, mailing, is_warning=False):
        """:return: the action that says a text, with the way to what became of the statements for
        those who may see it"""
        links = []
        if self.env["bizuno.statement.mailing"].has_access("read"):
            url = f"/odoo/bizuno-statements-sent/{mailing.id}"
            links.append({"label": self.env._("Statements Sent"), "url": url})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                # Beside links the client takes the text for a pattern: a name may have "%s" in it.
                "message": text.replace("%", "%%") + " %s" if links else text,
                "links": links,
                "type": "warning" if is_warning else "info",
                "sticky": is_warning,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_visible(self):
        """A statement without the figures that somebody else would see says something wrong."""
        self.env["bizuno.aged.receivable"].check_access("read")
        if hidden := self.partner_ids.filtered(lambda partner: not partner.is_aging_visible):
            raise AccessError(messages.receivables_hidden(self.env, hidden))

    def _make_email(self, line):
        """The e-mail with the statement of one customer, in Odoo's mail queue.

        It hangs on the line of the mailing, which only those read who see figures; the customer's
        own log, that everybody reads, says only that a statement was sent.

        :param line: `bizuno.statement.mailing.line` it is for, with the system's rights
        :return: a `mail.mail`; an empty one without a valid address
        """
        self.ensure_one()
        self._check_visible()
        partner = self.partner_ids.ensure_one()
        recipient = partner._get_statement_recipient()
        mails = self.env["mail.mail"].sudo()
        if not recipient:
            return mails
        lang = partner.lang or self.env.lang
        own = self.with_context(lang=lang)
        pdf, _type = self.env["ir.actions.report"]._render_qweb_pdf(
            "bizuno_crm.report_statement_document", own.ids
        )
        [[_partner, blocks]] = own._get_pages()
        companies = self.env["res.company"].union(*[block["company"] for block in blocks])
        names = format_list(own.env, companies.mapped("name"))
        body = own.env["ir.qweb"]._render(
            "bizuno_crm.statement_email",
            {
                "statement": own,
                "partner": partner.with_context(lang=lang),
                "blocks": blocks,
                "several": len(companies) > 1,
                "company": companies[0].sudo(),
                "sender": names,
                "portal_url": f"{partner.get_base_url()}/my/statement",
                "people": self._get_people(partner),
            },
            lang=lang,
        )
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{own._get_title(partner)}.pdf",
                    "raw": pdf,
                    "mimetype": "application/pdf",
                    "res_model": line._name,
                    "res_id": line.id,
                }
            )
        )
        sender = self.env.user.email_formatted or companies[0].sudo().email_formatted
        return mails.create(
            {
                "subject": own.env._("Statement of account from %(company)s", company=names),
                "body_html": body,
                "model": line._name,
                "res_id": line.id,
                "author_id": self.env.user.partner_id.id,
                "email_from": sender,
                "reply_to": sender,
                "recipient_ids": [(4, recipient.id)],
                "attachment_ids": [(4, attachment.id)],
                "auto_delete": False,
            }
        )

    def _get_people(self, partner):
        """:return: [(name, telephone)] of those whom the customer may call: who sends, and the
        salesperson"""
        users = self.env.user | partner.user_id.filtered("active")
        company_phone = self.env.company.sudo().phone
        return [(user.name, user.sudo().phone or company_phone) for user in users]

    # what is printed

    def _get_title(self, partner=None):
        self.ensure_one()
        name = (partner or self.partner_ids[:1]).display_name if self.partner_ids else ""
        if not partner and len(self.partner_ids) > 1:
            return self.env._("Statements of Account")
        return self.env._("Statement of Account %(customer)s", customer=name)

    def _get_pages(self):
        """:return: [(customer, [block])] for those about whom there is something to state; a
        customer asked for alone is printed in any case. A block is that of
        `res.partner._get_statements`
        """
        self.ensure_one()
        self._check_visible()
        partners = self.partner_ids.commercial_partner_id
        statements = self.env["res.partner"]._get_statements(
            partners.ids, self.date, self._get_date_from()
        )
        aged, company = self.env["bizuno.aged.receivable"], self.env.company
        nothing = [
            aged._get_statement_block(company, company.sudo().currency_id, aged.browse(), {})
        ]
        alone = len(partners) == 1
        return [
            (partner, statements[partner.id] or nothing)
            for partner in partners
            if statements[partner.id] or alone
        ]

    def _get_documents(self):
        """:return: [(customer, company, [block])]: each is a document of its own, on the paper of
        the company, its pages numbered"""
        return [
            (partner, company, blocks)
            for partner, page in self._get_pages()
            for company, blocks in groupby(page, lambda block: block["company"])
        ]

    def _split_to_print(self):
        """wkhtmltopdf reads the heads of all documents for each of its pages, and keeps them: a run
        of many takes more than as many runs of a few.

        :return: the statements that say the same, of a few customers each
        """
        parts = self.browse()
        for statement in self:
            partners = statement.partner_ids.commercial_partner_id
            if len(partners) <= _PER_RUN:
                parts += statement
                continue
            # Of a customer alone there would be a page without anything to state.
            partners = statement._get_customers_with_content(partners)
            for at in range(0, len(partners), _PER_RUN):
                ids = partners[at : at + _PER_RUN].ids
                parts += statement.copy({"partner_ids": [Command.set(ids)]})
        return parts

    def _get_bucket_labels(self):
        """:return: [(label, name of the amount)] of the aging footer, in the language at hand"""
        labels = dict(
            self.env["bizuno.aged.receivable"]._fields["bucket"]._description_selection(self.env)
        )
        return [(labels[b.key], b.amount_field) for b in aging.BUCKETS]
