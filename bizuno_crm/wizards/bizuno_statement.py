from math import ceil

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list

from .. import messages
from ..logic import aging, paging

_SENDERS = "bizuno_crm.group_receivable_add,sales_team.group_sale_salesman"
# Up to so many are sent while the user waits.
_AT_ONCE = 20
# Customers named in a sentence; more are counted.
_NAMES = 10

# The page of a statement in pixels, as the style in statement_templates.xml sets them. A4 has 1,323
# of them between its margins: the rest is for what wraps although it was not expected to.
_PAGE = 1220
_LINE = 16
_LINE_MARGIN = 5
_LOGO = 64
# Heading, customer number and so on of the first page; heads of its tables; what further pages have
# instead.
_TITLE = 36 + 4 * _LINE
_GAPS = 60
_NEXT_HEAD = 80
# Balance, ageing and payment advice, without the lines of its bank accounts.
_FOOT = 250
# Characters that surely fit in a line of the address, the message and a column of the table.
_ADDRESS_WIDTH, _NOTE_WIDTH, _DOCUMENT_WIDTH, _REFERENCE_WIDTH = 50, 95, 26, 22


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
    partner_count = fields.Integer(string="Customers Selected", compute="_compute_partner_count")
    without_address = fields.Char(compute="_compute_without_address")

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for statement in self:
            statement.partner_count = len(statement.partner_ids)

    @api.depends("partner_ids")
    def _compute_without_address(self):
        for statement in self:
            missing = statement.partner_ids.filtered(lambda p: not p._get_statement_recipient())
            statement.without_address = messages.names_of(missing, limit=_NAMES)

    def action_print(self):
        """:return: the action that prints all statements as one PDF
        :raises AccessError: for a customer whose figures the user may not see
        """
        self.ensure_one()
        self._check_visible()
        return self.env.ref("bizuno_crm.report_statement").report_action(self)

    def action_send(self):
        """Send each customer's statement to the customer, one e-mail each, and log it there. A few
        are sent at once, more one by one in the background.

        Customers without an e-mail address are named, not dropped in silence; of several
        customers, those without open items get none.

        :return: a notification of what was sent
        :raises AccessError: for a customer whose figures the user may not see, and without the
            right Receivables: Add; reps may write to their own customers
        :raises UserError: when no customer has an address, or none has open items
        """
        self.ensure_one()
        self._check_visible()
        if not self.env.user.has_groups(_SENDERS):
            raise AccessError(messages.statement_not_sent(self.env, self.partner_ids))
        customers = self.partner_ids.commercial_partner_id
        reachable = customers.filtered(lambda partner: partner._get_statement_recipient())
        if not reachable:
            raise UserError(
                messages.statement_without_address(self.env, messages.names_of(customers, _NAMES))
            )
        if len(customers) > 1:
            customers = self._get_customers_with_open_items(customers)
            if not customers:
                raise UserError(messages.statements_without_open_items(self.env, self.date))
        mailing = self._create_mailing(customers)
        waiting = mailing.line_ids.filtered(lambda line: line.state == "waiting")
        if len(waiting) > _AT_ONCE:
            self.env.ref("bizuno_crm.ir_cron_statement").sudo()._trigger()
            return self._get_notification(
                self.env._(
                    "%(count)s statements are being sent in the background. You will be told when "
                    "all are out.",
                    count=len(waiting),
                )
            )
        waiting._send()
        mailing.is_announced = True
        text = self.env._("%(count)s statements sent.", count=mailing.sent_count)
        missing = mailing.line_ids.filtered(lambda line: line.state == "failed").partner_id
        if missing:
            text += " " + self.env._(
                "Without an e-mail address: %(names)s", names=messages.names_of(missing, _NAMES)
            )
        return self._get_notification(text, is_warning=bool(missing))

    def _get_customers_with_open_items(self, customers):
        aged = self.env["bizuno.aged.receivable"].with_context(
            aged_at=fields.Date.to_string(self.date)
        )
        groups = aged._read_group(
            [("partner_id", "in", customers.ids), ("company_id", "in", self.env.companies.ids)],
            ["partner_id"],
        )
        return customers & customers.browse().union(*[partner for [partner] in groups])

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
                    "note": self.note,
                    "user_id": self.env.user.id,
                    "company_id": self.env.company.id,
                    "company_ids": [(6, 0, self.env.companies.ids)],
                    "line_ids": [(0, 0, {"partner_id": partner.id}) for partner in customers],
                }
            )
        )

    def _get_notification(self, text, is_warning=False):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "warning" if is_warning else "success",
                "sticky": is_warning,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_visible(self):
        """A statement without the figures that somebody else would see says something wrong."""
        self.env["bizuno.aged.receivable"].check_access("read")
        if hidden := self.partner_ids.filtered(lambda partner: not partner.is_aging_visible):
            raise AccessError(messages.receivables_hidden(self.env, hidden))

    def _send(self):
        """Send the statement of one customer.

        :return: the address it goes to; False without one
        """
        self.ensure_one()
        self._check_visible()
        partner = self.partner_ids.ensure_one()
        recipient = partner._get_statement_recipient()
        if not recipient:
            return False
        lang = partner.lang or self.env.lang
        own = self.with_context(lang=lang)
        pdf, _type = self.env["ir.actions.report"]._render_qweb_pdf(
            "bizuno_crm.report_statement_document", own.ids
        )
        companies = self.env["res.company"].union(
            *[statement["company"] for _partner, pages in own._get_pages() for statement in pages]
        )
        names = format_list(own.env, companies.mapped("name"))
        body = own.env["ir.qweb"]._render(
            "bizuno_crm.statement_email",
            {"statement": own, "partner": partner.with_context(lang=lang), "sender": names},
            lang=lang,
        )
        # The frame of the e-mail is a company's too: not of one that has nothing to do with it.
        partner.with_company(companies[0]).message_post(
            subject=own.env._("Statement of account from %(company)s", company=names),
            body=body,
            partner_ids=recipient.ids,
            attachments=[(f"{own._get_title(partner)}.pdf", pdf)],
            # Logged with the customer; the addressee alone gets the e-mail.
            subtype_xmlid="mail.mt_note",
            email_layout_xmlid="mail.mail_notification_light",
        )
        return recipient.email

    # what is printed

    def _get_title(self, partner=None):
        self.ensure_one()
        name = (partner or self.partner_ids[:1]).display_name if self.partner_ids else ""
        if not partner and len(self.partner_ids) > 1:
            return self.env._("Statements of Account")
        return self.env._("Statement of Account %(customer)s", customer=name)

    def _get_pages(self):
        """:return: [(customer, [{"company", "rows", "totals", "sheets"}])] for those who owe, or
        are owed, something; a customer asked for alone is printed in any case"""
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
            (
                partner,
                [
                    {**statement, "sheets": self._get_sheets(partner, **statement)}
                    for statement in statements[partner.id] or nothing
                ],
            )
            for partner in partners
            if statements[partner.id] or alone
        ]

    def _get_sheets(self, partner, company, rows, totals):
        """The rows of a statement, cut into sheets of paper.

        :return: [{"rows", "number", "count"}]
        """
        company = company.sudo()

        def height(row):
            # An amount in another currency, and that it is a payment, stand on a line of their own.
            is_double = (
                row.document_currency_id != company.currency_id or row.bucket == aging.UNAPPLIED
            )
            lines = max(
                _count_lines(row.reference, _DOCUMENT_WIDTH) + (row.bucket == aging.UNAPPLIED),
                _count_lines(row.customer_reference, _REFERENCE_WIDTH),
                1 + is_double,
            )
            return lines * _LINE + _LINE_MARGIN

        sender = _count_address_lines(company.partner_id, ("phone", "email", "vat"))
        head = max((_LOGO if company.logo else 0) + sender * _LINE, _TITLE) + _GAPS
        head += _count_address_lines(partner, ()) * _LINE
        head += (_count_lines(self.note, _NOTE_WIDTH) + 1) * _LINE if self.note else 0
        banks = company.partner_id.bank_ids[:2]
        cut = paging.cut(
            rows,
            _PAGE - _NEXT_HEAD,
            height,
            head=head - _NEXT_HEAD,
            foot=_FOOT + len(banks) * _LINE,
        )
        # Rows of the same picture, which have been read already.
        return paging.number([{"rows": rows.browse([row.id for row in sheet])} for sheet in cut])

    def _get_bucket_labels(self):
        """:return: [(label, name of the amount)] of the ageing footer, in the language at hand"""
        labels = dict(
            self.env["bizuno.aged.receivable"]._fields["bucket"]._description_selection(self.env)
        )
        return [(labels[b.key], b.amount_field) for b in aging.BUCKETS]


def _count_lines(text, width):
    return sum(max(ceil(len(line) / width), 1) for line in (text or " ").splitlines())


def _count_address_lines(partner, more):
    address = partner._display_address(without_company=True).split("\n")
    lines = [partner.name, *address, *(partner[name] for name in more)]
    return sum(_count_lines(line, _ADDRESS_WIDTH) for line in lines if line and line.strip())
