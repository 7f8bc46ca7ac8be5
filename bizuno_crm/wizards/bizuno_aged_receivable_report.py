from typing import NamedTuple

from markupsafe import Markup
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .. import messages
from ..logic import aging, paging
from ..logic.aging import AMOUNTS

# Rows fetched at a time: what the report holds in memory does not grow with the ledger.
_CHUNK = 2000
# One page of the PDF; and the most pages a browser's request lives to see.
_LINES_PER_PAGE = 36
_MAX_PDF_LINES = 25000

_DOCUMENT_COLUMNS = ("reference", "customer_reference", "date", "date_due", "days_late")


class Row(NamedTuple):
    """One row of the report: an open item, or (then without a document) a customer."""

    company_id: int
    partner_id: int | None
    partner_name: str | None
    contact_id: str | None
    rep: str | None
    reference: str | None
    customer_reference: str | None
    date: object
    date_due: object
    days_late: int | None
    document_currency: str | None
    amount_document: float | None
    amounts: tuple


class BizunoAgedReceivableReport(models.TransientModel):
    """What a user wants to see of the aged receivables, and the ways to see it: the screen, the PDF
    and the XLSX show the rows of one domain on `bizuno.aged.receivable`."""

    _name = "bizuno.aged.receivable.report"
    _description = "Aged Receivables Report"

    date = fields.Date(
        string="As Of", required=True, default=lambda self: fields.Date.context_today(self)
    )
    aging_basis = fields.Selection(
        selection=[("due_date", "Due Date"), ("invoice_date", "Invoice Date")],
        string="Age By",
        required=True,
        default=lambda self: self.env.company.aging_basis,
    )
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        required=True,
        default=lambda self: self.env.companies,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", domain=[("parent_id", "=", False)]
    )
    user_ids = fields.Many2many("res.users", string="Sales Reps", domain=[("share", "=", False)])
    category_ids = fields.Many2many("res.partner.category", string="Tags")
    detail = fields.Selection(
        selection=[("detail", "Every Document"), ("summary", "One Line per Customer")],
        string="Show",
        required=True,
        default="detail",
    )
    only_past_due = fields.Boolean(help="Only documents that are past due.")
    hide_zero = fields.Boolean(
        string="Hide Zero Balances", help="Leave out customers whose balance is zero."
    )

    def action_open(self):
        """Show the rows on the screen.

        :return: a window action on `bizuno.aged.receivable`
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_aged_receivable_action"
        )
        action["display_name"] = self._get_title()
        action["domain"] = list(self._get_domain())
        action["context"] = self._get_picture()
        return action

    def action_print(self):
        """:return: the action that prints the PDF
        :raises UserError: for more lines than a PDF can be made of
        """
        self.ensure_one()
        count = self._get_aged()._read_group(
            self._get_domain(), [], ["__count", "partner_id:count_distinct"]
        )[0]
        lines = count[0] + 2 * count[1] if self.detail == "detail" else count[1]
        if lines > _MAX_PDF_LINES:
            raise UserError(messages.aging_pdf_too_long(self.env, lines, _MAX_PDF_LINES))
        return self.env.ref("bizuno_crm.report_aged_receivable").report_action(self)

    def action_download_xlsx(self):
        """:return: the action that downloads the XLSX"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/bizuno_crm/aged_receivable/{self.id}.xlsx",
            "target": "download",
        }

    def action_send_statements(self):
        """Open the statements of the customers that the report shows.

        :return: a window action
        """
        self.ensure_one()
        groups = self._get_aged()._read_group(self._get_domain(), ["partner_id"])
        partners = self.env["res.partner"].union(*[partner for [partner] in groups])
        return partners._get_statement_action(self.date)

    # what the report shows

    def _get_picture(self):
        """The context keys of the rows."""
        self.ensure_one()
        return {"aged_at": fields.Date.to_string(self.date), "aging_basis": self.aging_basis}

    def _get_aged(self):
        """The rows' model, as the user and with the user's companies alone."""
        companies = self.company_ids or self.env.companies
        return self.env["bizuno.aged.receivable"].with_context(
            **self._get_picture(), allowed_company_ids=companies.ids
        )

    def _get_domain(self):
        self.ensure_one()
        domain = Domain("company_id", "in", (self.company_ids or self.env.companies).ids)
        if self.partner_ids:
            domain &= Domain("partner_id", "in", self.partner_ids.commercial_partner_id.ids)
        if self.user_ids:
            domain &= Domain("user_id", "in", self.user_ids.ids)
        if self.category_ids:
            domain &= Domain("partner_id.category_id", "child_of", self.category_ids.ids)
        if self.only_past_due:
            domain &= Domain("bucket", "not in", ("current", aging.UNAPPLIED))
        if self.hide_zero:
            zero = self._get_aged()._read_group(
                domain, ["partner_id"], having=[("balance:sum", "=", 0)]
            )
            domain &= Domain("partner_id", "not in", [partner.id for [partner] in zero])
        return domain

    def _get_title(self):
        self.ensure_one()
        return self.env._(
            "Aged Receivables as of %(date)s",
            date=self.env["ir.qweb.field.date"].value_to_html(self.date, {}),
        )

    def _get_filters_text(self):
        """The choices in words, for the head of a printed report."""
        self.ensure_one()
        basis = dict(self._fields["aging_basis"]._description_selection(self.env))
        words = [self.env._("Aged by: %(basis)s", basis=basis[self.aging_basis])]
        for label, records in (
            (self.env._("Customers"), self.partner_ids),
            (self.env._("Sales reps"), self.user_ids),
            (self.env._("Tags"), self.category_ids),
        ):
            if records:
                words.append(f"{label}: {', '.join(records.mapped('display_name'))}")
        if self.only_past_due:
            words.append(self.env._("Only past due"))
        if self.hide_zero:
            words.append(self.env._("Without zero balances"))
        return " · ".join(words)

    def _iter_rows(self):
        """The rows of the report in its order: company, customer, due date.

        :return: a generator of `Row`
        """
        self.ensure_one()
        self.env["res.partner"].flush_model(["complete_name", "ref"])
        return self._iter_items() if self.detail == "detail" else self._iter_customers()

    def _iter_customers(self):
        """A row for each customer in each company."""
        figures = self._get_aged()._get_figures(self._get_domain())
        partner_ids = {partner_id for _company_id, partner_id in figures if partner_id}
        query = SQL(
            """
            SELECT customer.id, customer.complete_name, customer.ref, rep.complete_name
              FROM res_partner customer
              LEFT JOIN res_users ON res_users.id = customer.user_id
              LEFT JOIN res_partner rep ON rep.id = res_users.partner_id
             WHERE customer.id = ANY(%s)
             ORDER BY customer.complete_name, customer.id
            """,
            list(partner_ids),
        )
        customers = [*self.env.execute_query(query), (None, None, None, None)]
        nothing = (None,) * (len(Row._fields) - 6)
        for company_id in sorted({company_id for company_id, _partner_id in figures}):
            round_ = self.env["res.company"].browse(company_id).currency_id.round
            for customer in customers:
                amounts = figures.get((company_id, customer[0]))
                if amounts is not None:
                    yield Row(company_id, *customer, *nothing, tuple(map(round_, amounts)))

    def _iter_items(self):
        """A row for each open item; read through a cursor of the database, so that a large report
        needs no more memory than a small one."""
        aged = self._get_aged()
        table = aged._table
        query = aged._search(self._get_domain())
        if query.is_empty():
            return
        partner = query.left_join(table, "partner_id", "res_partner", "id", "partner_id")
        user = query.left_join(table, "user_id", "res_users", "id", "user_id")
        rep = query.left_join(user, "partner_id", "res_partner", "id", "partner_id")
        currency = query.left_join(
            table, "document_currency_id", "res_currency", "id", "document_currency_id"
        )
        customer = [
            SQL.identifier(table, "company_id"),
            SQL.identifier(table, "partner_id"),
            SQL.identifier(partner, "complete_name"),
            SQL.identifier(partner, "ref"),
            SQL.identifier(rep, "complete_name"),
        ]
        document = [
            *(SQL.identifier(table, name) for name in _DOCUMENT_COLUMNS),
            SQL.identifier(currency, "name"),
            SQL.identifier(table, "amount_document"),
        ]
        amounts = [SQL.identifier(table, name) for name in AMOUNTS]
        query.order = SQL(", ").join(
            [
                customer[0],
                customer[2],
                customer[1],
                SQL.identifier(table, "date_due"),
                SQL.identifier(table, "id"),
            ]
        )
        head = len(Row._fields) - 1
        cursor, statement = self.env.cr, query.select(*customer, *document, *amounts)
        self.env.flush_query(statement)
        # The name is the same for every report: two are never read in one transaction at once.
        cursor.execute(SQL("DECLARE bizuno_aged_rows NO SCROLL CURSOR FOR %s", statement))
        try:
            while True:
                cursor.execute(SQL("FETCH %s FROM bizuno_aged_rows", _CHUNK))
                rows = cursor.fetchall()
                if not rows:
                    break
                for row in rows:
                    yield Row(*row[:head], row[head:])
        finally:
            cursor.execute(SQL("CLOSE bizuno_aged_rows"))

    def _get_no_customer_label(self):
        return self.env._("No customer")

    def _format_amount(self, amount, company):
        """An amount without the currency's symbol, which would not fit into twelve columns."""
        return self._get_amount_formatter(company)(amount)

    def _get_amount_formatter(self, company):
        """A function for the many amounts of a report: what the language and the currency ask for
        is looked up once."""
        digits = company.currency_id.decimal_places
        language = self.env["res.lang"]._get_data(code=self.env.lang or self.env.user.lang)
        separators = str.maketrans(
            {",": language.thousands_sep or "", ".": language.decimal_point or "."}
        )
        # Python groups by thousands, as nearly every language; the others get theirs from Odoo.
        if language.grouping == "[3,0]":
            return lambda amount: f"{round(amount, digits) + 0.0:,.{digits}f}".translate(separators)
        slow = self.env["res.lang"]._lang_get(language.code)
        return lambda amount: slow.format(f"%.{digits}f", round(amount, digits) + 0.0, True)

    def _get_amount_cells(self, amounts, formatter, zeros=True):
        """The table cells of a line: one piece of markup, where a report has ten thousands."""
        return Markup("").join(
            Markup('<td class="o_number">%s</td>') % (formatter(amount) if zeros or amount else "")
            for amount in amounts
        )

    def _get_labels(self):
        """Column headings, in the order of `AMOUNTS`."""
        described = self.env["bizuno.aged.receivable"].fields_get(AMOUNTS, ["string"])
        return [described[name]["string"] for name in AMOUNTS]

    # the PDF

    def _get_pages(self):
        """The PDF, cut into pages by itself: page numbers and the company's head have to stand in
        the body to be printed by any build of wkhtmltopdf.

        :return: [{"company", "number", "count", "lines"}]; a line is {"kind": "customer", "item",
            "subtotal", "total" or "control", ...}
        """
        self.ensure_one()
        return paging.number(
            [
                {"company": company, "lines": lines}
                for company, own in self._by_company(self._get_lines())
                for lines in paging.cut(own, _LINES_PER_PAGE)
            ]
        )

    def _by_company(self, lines):
        own = {}
        for company in self.company_ids or self.env.companies:
            own[company.id] = (company, [])
        for line in lines:
            own[line["company_id"]][1].append(line)
        return [(company, found) for company, found in own.values() if found]

    def _get_lines(self):
        totals, subtotal, previous = {}, None, None
        for row in self._iter_rows():
            self._add(totals.setdefault(row.company_id, [0.0] * len(AMOUNTS)), row.amounts)
            line = {"company_id": row.company_id, "kind": "item", "row": row}
            if self.detail == "detail" and previous != (row.company_id, row.partner_id):
                if subtotal:
                    yield subtotal
                previous = (row.company_id, row.partner_id)
                subtotal = {**line, "kind": "subtotal", "amounts": [0.0] * len(AMOUNTS)}
                yield {**line, "kind": "customer"}
            if subtotal:
                self._add(subtotal["amounts"], row.amounts)
            yield {**line, "amounts": row.amounts}
        if subtotal:
            yield subtotal
        controls = {
            control["company"].id: control for control in self._get_aged()._get_control_accounts()
        }
        for company in self.company_ids or self.env.companies:
            amounts = totals.get(company.id, [0.0] * len(AMOUNTS))
            yield {"company_id": company.id, "kind": "total", "amounts": amounts}
            if company.id in controls:
                control = controls[company.id]
                yield {"company_id": company.id, "kind": "control", "control": control}
                for line, amount in control["entries"]:
                    yield {
                        "company_id": company.id,
                        "kind": "difference",
                        "entry": line,
                        "amount": amount,
                    }

    @staticmethod
    def _add(sums, amounts):
        for position, amount in enumerate(amounts):
            sums[position] += amount
