"""Profit and loss of all projects as a workbook: real numbers, margins and totals as formulas."""

from ...logic.workbook import amount_format

# Excel's code for a sum that leaves out the sums among its cells, and the rows that a filter hides
_SUM = 109
_HEADER = 3
_TEXTS = ("number", "name", "partner_id", "market_id", "user_id", "stage_id")


def write(report, stream):
    """
    :param report: one `bizuno.project.portfolio`, as the user who sees its figures
    :param stream: a binary one
    """
    import xlsxwriter  # noqa: PLC0415  (as Odoo does: only who exports needs it)

    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    _Sheet(workbook, report).fill()
    workbook.close()


class _Sheet:
    def __init__(self, workbook, report):
        self.report, self.env = report, report.env
        self.sheet = workbook.add_worksheet(self.env._("Projects")[:31])
        number = amount_format(report.currency_id)
        self.bold = workbook.add_format({"bold": True})
        self.heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.amount = workbook.add_format({"num_format": number})
        self.part = workbook.add_format({"num_format": "0.0%"})
        self.total = workbook.add_format({"bold": True, "top": 1, "num_format": number})
        self.total_part = workbook.add_format({"bold": True, "top": 1, "num_format": "0.0%"})
        self.names = report._get_amount_names()
        self.line = _HEADER

    def fill(self):
        self._write_head()
        sections = self.report._get_sections()
        first = self.line + 1
        for section in sections:
            begin = self.line + 1
            for row in section["rows"]:
                self._write_row(row)
            if section["label"]:
                label = self.env._("Total %(group)s", group=section["label"])
                self._write_sums(label, begin, section)
        amounts = self.report._sum_amounts(section["amounts"] for section in sections)
        # An empty row keeps the total out of what somebody sorts.
        self.line += 1
        self._write_sums(
            self.env._("Total"),
            first,
            {"amounts": amounts, "percent": self.report._get_percent(amounts)},
        )

    def _write_head(self):
        labels = self.report._get_labels()
        self.sheet.write_string(0, 0, self.report._get_title(), self.bold)
        self.sheet.write_string(1, 0, self.report._get_subtitle())
        columns = [*_TEXTS, *self.names, "margin_percent"]
        for column, name in enumerate(columns):
            self.sheet.write_string(_HEADER, column, labels[name], self.heading)
        self.sheet.set_column(0, 0, 10)
        self.sheet.set_column(1, 2, 28)
        self.sheet.set_column(3, len(columns) - 1, 14)
        self.sheet.freeze_panes(_HEADER + 1, 2)

    def _write_row(self, row):
        """Text is written as text, whatever it begins with."""
        self.line += 1
        project = row["project"]
        for column, name in enumerate(_TEXTS):
            value = project[name]
            text = value if isinstance(value, str) else value.display_name
            self.sheet.write_string(self.line, column, text or "")
        for name, value in zip(self.names, row["amounts"], strict=True):
            if name != "margin":
                self.sheet.write_number(self.line, self._column(name), value, self.amount)
        self._write_margin(row, self.amount, self.part)

    def _write_sums(self, label, first, sums):
        """
        :param int first: the line of the first row that is summed up; the last is the one before
        """
        from xlsxwriter.utility import xl_range  # noqa: PLC0415

        last = max(self.line, first)
        self.line += 1
        for column in range(len(_TEXTS)):
            self.sheet.write_string(self.line, column, "" if column else label, self.total)
        for name, value in zip(self.names, sums["amounts"], strict=True):
            cells = xl_range(first, self._column(name), last, self._column(name))
            self.sheet.write_formula(
                self.line, self._column(name), f"=SUBTOTAL({_SUM},{cells})", self.total, value
            )
        self._write_margin(sums, self.total, self.total_part)

    def _write_margin(self, row, amount, part):
        from xlsxwriter.utility import xl_rowcol_to_cell as cell  # noqa: PLC0415

        revenue, cost, margin = (
            cell(self.line, self._column(name)) for name in ("revenue", "cost", "margin")
        )
        value = row["amounts"][self.names.index("margin")]
        self.sheet.write_formula(
            self.line, self._column("margin"), f"={revenue}-{cost}", amount, value
        )
        self.sheet.write_formula(
            self.line,
            len(_TEXTS) + len(self.names),
            f'=IF({revenue}=0,"",{margin}/{revenue})',
            part,
            "" if row["percent"] is None else row["percent"],
        )

    def _column(self, name):
        return len(_TEXTS) + self.names.index(name)
