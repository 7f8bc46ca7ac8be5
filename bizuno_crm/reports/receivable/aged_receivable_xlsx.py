"""The aged receivables or payables as a workbook: one sheet per company, real numbers and dates,
totals that follow the filter of the sheet."""

import re

from ...logic.aging import AMOUNTS
from ...logic.workbook import amount_format

# Excel ends at 1,048,576 rows.
_ROWS_PER_SHEET = 1_000_000
_HEADER = 3
# SUBTOTAL's code for a sum of the rows that a filter leaves visible
_VISIBLE_SUM = 109


def write(report, stream):
    """Write a report to a binary stream, row by row.

    :param report: one record of `bizuno.aged.receivable.report` or `bizuno.aged.payable.report`,
        as the user who may see its rows
    """
    import xlsxwriter  # noqa: PLC0415  (as Odoo does: only who exports needs it)

    workbook = xlsxwriter.Workbook(stream, {"constant_memory": True})
    controls = {
        control["company"].id: control
        for control in report._get_aged()._get_ledger_reconciliations()
    }
    sheet = None
    for row in report._iter_rows():
        place = (row.company_id, row.currency_id)
        if sheet is None or sheet.place != place or sheet.is_full:
            if sheet:
                last = sheet.company.id != row.company_id
                sheet.finish(controls.pop(sheet.company.id, None) if last else None)
            sheet = _Sheet(workbook, report, *place)
        sheet.add(row)
    if sheet is None:
        company = report.company_ids[:1] or report.env.company
        sheet = _Sheet(workbook, report, company.id, company.currency_id.id)
    sheet.finish(controls.pop(sheet.company.id, None))
    workbook.close()


class _Sheet:
    """One company's rows, in one currency. Rows are written in order and never touched again: that
    is what keeps the memory constant."""

    def __init__(self, workbook, report, company_id, currency_id):
        self.report, self.env, self.place = report, report.env, (company_id, currency_id)
        self.company = self.env["res.company"].browse(company_id)
        self.currency = self.env["res.currency"].browse(currency_id)
        self.sheet = workbook.add_worksheet(self._get_name(workbook))
        number = amount_format(self.currency)
        self.bold = workbook.add_format({"bold": True})
        self.heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.amount = workbook.add_format({"num_format": number})
        self.ledger = workbook.add_format({"num_format": amount_format(self.company.currency_id)})
        # As a document states it, in its own currency.
        self.stated = {
            currency.name: workbook.add_format({"num_format": amount_format(currency)})
            for currency in self.env["res.currency"].search([])
        }
        self.date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self.total = workbook.add_format({"bold": True, "top": 1, "num_format": number})
        self.is_detail = report.detail == "detail"
        self.columns = self._get_columns()
        self.first_amount = len(self.columns) - len(AMOUNTS)
        self.sums = [0.0] * len(AMOUNTS)
        self.row = _HEADER
        self._write_head()

    @property
    def is_full(self):
        return self.row >= _ROWS_PER_SHEET

    def add(self, row):
        """Write one row. Text is written as text, whatever it begins with."""
        self.row += 1
        sheet, line = self.sheet, self.row
        texts = [row.partner_name or self.report._get_no_customer_label(), row.contact_id, row.rep]
        if self.is_detail:
            texts += [row.reference, row.customer_reference]
        for column, text in enumerate(texts):
            if text:
                sheet.write_string(line, column, text)
        if self.is_detail:
            sheet.write_datetime(line, 5, row.date, self.date)
            if row.date_due:
                sheet.write_datetime(line, 6, row.date_due, self.date)
            sheet.write_number(line, 7, row.days_late)
            sheet.write_string(line, 8, row.document_currency or "")
            stated = self.stated.get(row.document_currency, self.amount)
            sheet.write_number(line, 9, row.amount_document, stated)
        for position, amount in enumerate(row.amounts):
            self.sums[position] += amount
            sheet.write_number(line, self.first_amount + position, amount, self.amount)

    def finish(self, control):
        """Write the totals below the rows, then the ledger's balance beside them."""
        from xlsxwriter.utility import xl_range  # noqa: PLC0415

        first, last = _HEADER + 1, self.row
        self.sheet.autofilter(_HEADER, 0, max(last, first), len(self.columns) - 1)
        # An empty row keeps the totals out of the filter.
        line = max(last, first) + 2
        self.sheet.write_string(line, 0, self.env._("Total"), self.total)
        for position, amount in enumerate(self.sums):
            column = self.first_amount + position
            cells = xl_range(first, column, max(last, first), column)
            value = self.currency.round(amount)
            self.sheet.write_formula(
                line, column, f"=SUBTOTAL({_VISIBLE_SUM},{cells})", self.total, value
            )
        if control:
            self._write_control(line + 2, control)

    def _write_control(self, line, control):
        *_columns, ledger, open_items, of_all = self.report._get_sheet_labels()
        if not self.report._is_everything():
            text = of_all
            self.sheet.write_string(line, 0, text)
            line += 1
        if self.currency != self.company.currency_id:
            text = self.env._("In %(currency)s", currency=self.company.currency_id.name)
            self.sheet.write_string(line, 0, text)
            line += 1
        for label, key in (
            (ledger, "ledger"),
            (open_items, "items"),
            (self.env._("Difference"), "difference"),
        ):
            self.sheet.write_string(line, 0, label, self.bold)
            self.sheet.write_number(line, self.first_amount, control[key], self.ledger)
            line += 1
        for entry, amount in control["entries"]:
            self.sheet.write_string(line, 0, entry.move_name or "")
            self.sheet.write_datetime(line, 1, entry.date, self.date)
            self.sheet.write_number(line, self.first_amount, amount, self.ledger)
            line += 1

    def _write_head(self):
        self.sheet.write_string(0, 0, self.company.name, self.bold)
        self.sheet.write_string(1, 0, self.report._get_title(), self.bold)
        self.sheet.write_string(2, 0, self.report._get_filters_text())
        for column, (label, width) in enumerate(self.columns):
            self.sheet.set_column(column, column, width)
            self.sheet.write_string(_HEADER, column, label, self.heading)
        self.sheet.freeze_panes(_HEADER + 1, 1)
        # printed as it is read: across the sheet, all columns on it, the heads on each
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(_HEADER)

    def _get_columns(self):
        partner, reference, *_words = self.report._get_sheet_labels()
        columns = [
            (partner, 32),
            (self.env._("Contact ID"), 14),
            (self.env._("Salesperson"), 18),
        ]
        if self.is_detail:
            columns += [
                (self.env._("Document"), 20),
                (reference, 16),
                (self.env._("Date"), 11),
                (self.env._("Due Date"), 11),
                (self.env._("Days Late"), 9),
                (self.env._("Currency"), 9),
                (self.env._("In Document's Currency"), 14),
            ]
        return columns + [(label, 14) for label in self.report._get_labels()]

    def _get_name(self, workbook):
        """What Excel allows as a sheet's name: 31 characters, some not, each name once."""
        name = re.sub(r"[\[\]:*?/\\']", " ", self.company.name).strip()[:27] or "Sheet"
        if self.report.in_document_currency:
            name = f"{name[:23].strip()} {self.currency.name}"
        taken = {sheet.name.lower() for sheet in workbook.worksheets()}
        number, wanted = 1, name
        while wanted.lower() in taken:
            number += 1
            wanted = f"{name} {number}"
        return wanted
