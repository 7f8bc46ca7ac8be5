from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ...logic import aging
from ...logic.aging import AMOUNTS

# Rows fetched at a time: what the report holds in memory does not grow with the ledger.
_CHUNK = 2000
# The most lines of a PDF that a browser's request lives to see, on a busy machine too: Odoo ends it
# after two minutes, and 17,500 lines take one of the processor.
MAX_PDF_LINES = 15000
_DOCUMENT_COLUMNS = ("reference", "customer_reference", "date")


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
    # the currency of the amounts
    currency_id: int
    amounts: tuple


class BizunoAgedReportRowsMixin(models.AbstractModel):
    """The rows that a report of open items shows, read from the database bit by bit."""

    _name = "bizuno.aged.report.rows.mixin"
    _description = "Rows of a Report of Open Items"

    def _count_lines_too_many(self):
        """:return: the number of lines on paper if a PDF cannot be made of so many, 0 otherwise"""
        items, partners = self._get_aged()._read_group(
            self._get_domain(), [], ["__count", "partner_id:count_distinct"]
        )[0]
        lines = items + 2 * partners if self.detail == "detail" else partners
        return lines if lines > MAX_PDF_LINES else 0

    def _iter_rows(self):
        """The rows of the report in its order: company, customer, due date.

        :return: a generator of `Row`
        """
        self.ensure_one()
        self.env["res.partner"].flush_model(["complete_name", "name", "ref"])
        return self._iter_items() if self.detail == "detail" else self._iter_customers()

    def _iter_customers(self):
        """A row for each customer in each company (and currency). Who has nothing in any column,
        because invoices and credit notes of one age cancel each other, has no row."""
        figures = self._get_figures()
        partner_ids = {partner_id for _company, _currency, partner_id in figures if partner_id}
        query = SQL(
            """
            SELECT customer.id, customer.complete_name, customer.ref, rep.name
              FROM res_partner customer
              LEFT JOIN res_users ON res_users.id = customer.user_id
              LEFT JOIN res_partner rep ON rep.id = res_users.partner_id
             WHERE customer.id = ANY(%s)
             ORDER BY customer.complete_name, customer.id
            """,
            list(partner_ids),
        )
        customers = [*self.env.execute_query(query), (None, None, None, None)]
        nothing = (None,) * (len(Row._fields) - 7)
        for company_id, currency_id in sorted({key[:2] for key in figures}):
            round_ = self.env["res.currency"].browse(currency_id).round
            for customer in customers:
                amounts = figures.get((company_id, currency_id, customer[0]))
                rounded = tuple(map(round_, amounts)) if amounts is not None else ()
                if any(rounded):
                    yield Row(company_id, *customer, *nothing, currency_id, rounded)

    def _get_figures(self):
        """:return: {(company's id, currency's id, customer's id or None): values of `AMOUNTS`}"""
        aged, domain = self._get_aged(), self._get_domain()
        if not self.in_document_currency:
            currencies = {company.id: company.currency_id.id for company in self.env.companies}
            currencies |= {company.id: company.currency_id.id for company in self.company_ids}
            return {
                (company_id, currencies[company_id], partner_id): amounts
                for (company_id, partner_id), amounts in aged._get_figures(domain).items()
            }
        figures = {}
        for company, currency, partner, bucket, amount in aged._read_group(
            domain,
            ["company_id", "document_currency_id", "partner_id", "bucket"],
            ["amount_document:sum"],
        ):
            own = figures.setdefault(
                (company.id, currency.id, partner.id or None), [0.0] * len(AMOUNTS)
            )
            self._add(own, aging.amounts_of(bucket, amount))
        return figures

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
            SQL.identifier(rep, "name"),
        ]
        document = [
            *(SQL.identifier(table, name) for name in _DOCUMENT_COLUMNS),
            # a payment is never due
            SQL(
                "CASE WHEN %s <> %s THEN %s END",
                SQL.identifier(table, "bucket"),
                aging.UNAPPLIED,
                SQL.identifier(table, "date_due"),
            ),
            SQL.identifier(table, "days_late"),
            SQL.identifier(currency, "name"),
            SQL.identifier(table, "amount_document"),
        ]
        by_currency = self.in_document_currency
        document.append(
            SQL.identifier(table, "document_currency_id" if by_currency else "currency_id")
        )
        amounts = [SQL.identifier(table, name) for name in (*AMOUNTS, "bucket")]
        query.order = SQL(", ").join(
            [
                customer[0],
                *([document[-1]] if by_currency else []),
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
                    amounts = row[head:-1]
                    if by_currency:
                        amounts = aging.amounts_of(row[-1], row[head - 2])
                    yield Row(*row[:head], amounts)
        finally:
            cursor.execute(SQL("CLOSE bizuno_aged_rows"))

    @staticmethod
    def _add(sums, amounts):
        for position, amount in enumerate(amounts):
            sums[position] += amount
