import ast
from collections import defaultdict

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import messages
from ...logic import aging
from ...logic.aging import AMOUNTS
from ...reports.receivable.bizuno_aged_report_rows_mixin import MAX_PDF_LINES


class BizunoAgedReceivableReport(models.TransientModel):
    """What a user wants to see of the aged receivables, and the ways to see it: the screen, the PDF
    and the XLSX show the rows of one domain on `bizuno.aged.receivable`."""

    _name = "bizuno.aged.receivable.report"
    _inherit = ["bizuno.aged.report.rows.mixin"]
    _description = "Aged Receivables Report"
    # the rows, the same summed up by partner, and the actions that show either and print them
    _item_model = "bizuno.aged.receivable"
    _partner_model = "bizuno.aged.customer"
    _items_action = "bizuno_crm.bizuno_aged_receivable_action_documents"
    _partners_action = "bizuno_crm.bizuno_aged_customer_action"
    _items_by_partner_view = "bizuno_crm.bizuno_aged_receivable_view_list_by_customer"
    _print_action = "bizuno_crm.report_aged_receivable"
    _xlsx_route = "/bizuno_crm/aged_receivable"

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
        comodel_name="res.company",
        string="Companies",
        required=True,
        default=lambda self: self.env.companies,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    # who has an account; who is not active any more may still owe
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        domain=["|", ("parent_id", "=", False), ("is_company", "=", True)],
        context={"active_test": False},
    )
    user_ids = fields.Many2many(
        comodel_name="res.users", string="Sales Reps", domain=[("share", "=", False)]
    )
    category_ids = fields.Many2many(comodel_name="res.partner.category", string="Tags")
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

    in_document_currency = fields.Boolean(
        string="In the Document's Currency",
        help="One block per currency, with the amounts on the documents. For PDF and XLSX.",
    )
    # what the page of aged receivables was showing when its PDF or XLSX was asked for
    page_model = fields.Char(readonly=True)
    page_domain = fields.Char(readonly=True)

    @api.constrains("date")
    def _check_date(self):
        for report in self:
            self.env[self._item_model]._check_aged_at(report.date)

    def action_open(self):
        """Show the rows on the screen.

        :return: a window action on the model of the items or of their sums by partner
        """
        self.ensure_one()
        self._check_sight()
        # The sums by customer know whole customers: what is late of them is shown item by item.
        is_detail = self.detail == "detail" or self.only_past_due
        action = self.env["ir.actions.act_window"]._for_xml_id(
            self._items_action if is_detail else self._partners_action
        )
        action["display_name"] = self._get_title()
        action["domain"] = list(self._get_domain() if is_detail else self._get_customers_domain())
        action["context"] = self._get_picture()
        if is_detail:
            view = self.env.ref(self._items_by_partner_view)
            action["views"] = [
                (view.id if kind == "list" else view_id, kind) for view_id, kind in action["views"]
            ]
        return action

    def action_print(self):
        """:return: the action that prints the PDF
        :raise UserError: for more lines than a PDF can be made of
        """
        self.ensure_one()
        self._check_sight()
        if lines := self._count_lines_too_many():
            raise UserError(messages.aging_pdf_too_long(self.env, lines, MAX_PDF_LINES))
        return self.env.ref(self._print_action).report_action(self)

    def action_download_xlsx(self):
        """:return: the action that downloads the XLSX"""
        self.ensure_one()
        self._check_sight()
        return {
            "type": "ir.actions.act_url",
            "url": f"{self._xlsx_route}/{self.id}.xlsx",
            "target": "download",
        }

    def action_send_statements(self):
        """Open the statements of the customers that the report shows.

        :return: a window action
        """
        self.ensure_one()
        self._check_sight()
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
        return self.env[self._item_model].with_context(
            **self._get_picture(), allowed_company_ids=companies.ids
        )

    def _check_sight(self):
        """:raise AccessError: for who would get a report of zeros for want of a right"""
        self._get_aged()._check_sight()

    def _get_domain(self):
        """A domain of the model of the items."""
        self.ensure_one()
        domain = self._get_choice_domain()
        if self.only_past_due:
            domain &= Domain("bucket", "not in", ("current", aging.UNAPPLIED))
        if self.page_domain:
            domain &= self._get_page_domain()
        if self.hide_zero:
            zero = defaultdict(list)
            for company, partner in self._get_aged()._read_group(
                domain, ["company_id", "partner_id"], having=[("balance:sum", "=", 0)]
            ):
                zero[company.id].append(partner.id)
            # A row is of one company: what is zero over several is zero in none of them.
            for company_id, partner_ids in zero.items():
                domain &= Domain("company_id", "!=", company_id) | Domain(
                    "partner_id", "not in", partner_ids
                )
        return domain

    def _get_choice_domain(self):
        domain = Domain("company_id", "in", (self.company_ids or self.env.companies).ids)
        if self.partner_ids:
            domain &= Domain("partner_id", "in", self.partner_ids.commercial_partner_id.ids)
        if self.user_ids:
            domain &= Domain("user_id", "in", self.user_ids.ids)
        if self.category_ids:
            domain &= Domain("partner_id.category_id", "child_of", self.category_ids.ids)
        return domain

    def _get_customers_domain(self):
        """The same choices as a domain of the sums by partner: of whole partners."""
        self.ensure_one()
        domain = self._get_choice_domain()
        if self.hide_zero:
            domain &= Domain("balance", "!=", 0)
        return domain

    def _get_page_domain(self):
        """What the page's search found; of its customers all the documents."""
        try:
            domain = Domain(ast.literal_eval(self.page_domain))
        except (ValueError, SyntaxError, TypeError) as problem:
            text = self.page_domain
            raise UserError(messages.aging_domain_not_understood(self.env, text)) from problem
        if self.page_model != self._partner_model:
            return domain
        partner_ids_by_company = defaultdict(list)
        aged = self._get_aged()
        rows = self.env[self._partner_model].with_context(**aged.env.context)
        for company, partner in rows._read_group(domain, ["company_id", "partner_id"]):
            partner_ids_by_company[company.id].append(partner.id)
        return Domain.OR(
            Domain("company_id", "=", company_id) & Domain("partner_id", "in", partner_ids)
            for company_id, partner_ids in partner_ids_by_company.items()
        )

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
        if not self._get_aged()._sees_all():
            words.append(self._get_own_label())
        for label, records in (
            (self._get_partners_label(), self.partner_ids),
            (self.env._("Sales reps"), self.user_ids),
            (self.env._("Tags"), self.category_ids),
        ):
            if records:
                words.append(f"{label}: {', '.join(records.mapped('display_name'))}")
        if self.detail == "summary":
            words.append(dict(self._fields["detail"]._description_selection(self.env))["summary"])
        if self.only_past_due:
            words.append(self.env._("Only past due"))
        if self.hide_zero:
            words.append(self.env._("Without zero balances"))
        if self.in_document_currency:
            words.append(self.env._("In the document's currency"))
        if self.page_domain:
            words.append(self._get_not_all_label())
        return " · ".join(words)

    # what it says of customers, and of vendors otherwise

    def _get_no_customer_label(self):
        return self.env._("No customer")

    def _get_own_label(self):
        return self.env._("Your customers only")

    def _get_partners_label(self):
        return self.env._("Customers")

    def _get_not_all_label(self):
        return self.env._("Not all customers: only those searched or ticked on the page")

    def _get_sheet_labels(self):
        """The words of the XLSX: partner, its reference, what the ledger's balance is of, whose
        open items, and that they are not those above alone."""
        return (
            self.env._("Customer"),
            self.env._("Customer PO"),
            self.env._("Receivable accounts in the ledger"),
            self.env._("Open items of all customers"),
            self.env._("For all customers, not only those above"),
        )

    def _format_amount(self, amount, company):
        """An amount without the currency's symbol, which would not fit into twelve columns."""
        return self._get_amount_formatter(company.currency_id)(amount)

    def _get_stated_formatters(self):
        """:return: {currency's name: a function that writes an amount in it: "JPY 200"}"""
        # A few hundred names at most.
        currencies = self.env["res.currency"].with_context(active_test=False).search([])  # pylint: disable=no-search-all
        return {
            currency.name: lambda amount, name=currency.name, own=own: f"{name} {own(amount)}"
            for currency in currencies
            for own in [self._get_amount_formatter(currency)]
        }

    def _get_amount_formatter(self, currency):
        """A function for the many amounts of a report: what the language and the currency ask for
        is looked up once."""
        digits = currency.decimal_places
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
        described = self.env[self._item_model].fields_get(AMOUNTS, ["string"])
        return [described[name]["string"] for name in AMOUNTS]

    # the PDF

    def _get_sections(self):
        """:return: [{"company", "currency", "font", "lines"}] by company and currency; the
        font's size is in pixels, a line is {"kind": "customer", "item", "subtotal", "total" or
        "control", ...}
        """
        self.ensure_one()
        self._check_sight()
        own = {}
        for line in self._get_lines():
            own.setdefault(line["section"], []).append(line)
        companies, currencies = self.env["res.company"], self.env["res.currency"]
        order = {company.id: n for n, company in enumerate(self.company_ids or self.env.companies)}
        sections = []
        for company_id, currency_id in sorted(own, key=lambda key: (order[key[0]], key[1])):
            company, currency = companies.browse(company_id), currencies.browse(currency_id)
            lines = own[company_id, currency_id]
            format_ = self._get_amount_formatter(currency)
            longest = max(
                len(format_(amount))
                for line in lines
                for amount in (line["amounts"] if line["kind"] == "total" else (0,))
            )
            sections.append(
                {
                    "company": company,
                    "currency": currency,
                    "font": _font_size(longest),
                    "lines": lines,
                }
            )
        return sections

    def _get_lines(self):
        totals, subtotal, previous = {}, None, None
        for row in self._iter_rows():
            section = (row.company_id, row.currency_id)
            self._add(totals.setdefault(section, [0.0] * len(AMOUNTS)), row.amounts)
            line = {"section": section, "kind": "item", "row": row}
            if self.detail == "detail" and previous != (*section, row.partner_id):
                if subtotal:
                    yield subtotal
                previous = (*section, row.partner_id)
                subtotal = {**line, "kind": "subtotal", "amounts": [0.0] * len(AMOUNTS)}
                yield {**line, "kind": "customer"}
            if subtotal:
                self._add(subtotal["amounts"], row.amounts)
            yield {**line, "amounts": row.amounts}
        if subtotal:
            yield subtotal
        controls = {
            control["company"].id: control
            for control in self._get_aged()._get_ledger_reconciliations()
        }
        for company in self.company_ids or self.env.companies:
            section = (company.id, company.currency_id.id)
            sections = [key for key in totals if key[0] == company.id] or [section]
            for key in sections:
                amounts = totals.get(key, [0.0] * len(AMOUNTS))
                yield {"section": key, "kind": "total", "amounts": amounts}
            if company.id in controls:
                # In the company's currency: on the page of that, or below the last one.
                place = section if section in sections else sections[-1]
                control = controls[company.id]
                yield {"section": place, "kind": "control", "control": control}
                for line, amount in control["entries"]:
                    yield {
                        "section": place,
                        "kind": "difference",
                        "entry": line,
                        "amount": amount,
                    }

    def _is_everything(self):
        """Whether the totals are of all customers, as the ledger's balance is."""
        return not (
            self.partner_ids
            or self.user_ids
            or self.category_ids
            or self.only_past_due
            or self.page_domain
        )


def _font_size(length):
    """In which the longest total of a page, of so many characters, fits into its column."""
    return 11 if length <= 12 else 10 if length == 13 else 9 if length <= 15 else 8
