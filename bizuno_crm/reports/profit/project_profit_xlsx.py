"""Profit and loss of a project as a workbook: real numbers, and totals that are formulas."""

from ...logic.workbook import amount_format

_HEADER = 3


def write(project, stream):
    """
    :param project: one `bizuno.project`, as the user who sees its figures
    :param stream: a binary one
    """
    import xlsxwriter  # noqa: PLC0415  (as Odoo does: only who exports needs it)
    from xlsxwriter.utility import xl_rowcol_to_cell as cell  # noqa: PLC0415

    env, table = project.env, project._get_profit_table()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = workbook.add_worksheet(env._("Profit and Loss")[:31])
    number = amount_format(project.currency_id)
    bold = workbook.add_format({"bold": True})
    heading = workbook.add_format({"bold": True, "bottom": 1, "align": "right"})
    amount = workbook.add_format({"num_format": number})
    total = workbook.add_format({"bold": True, "top": 1, "num_format": number})

    sheet.set_column(0, 0, 42)
    sheet.set_column(1, len(table["months"]) + 1, 14)
    sheet.write_string(0, 0, project.display_name, bold)
    sheet.write_string(1, 0, table["subtitle"])
    for column, label in enumerate([*table["months"], env._("Total")], start=1):
        sheet.write_string(_HEADER, column, label, heading)
    sheet.freeze_panes(_HEADER + 1, 1)

    def write_sums(line, label, formulas, values):
        sheet.write_string(line, 0, label, total)
        for column, (formula, value) in enumerate(zip(formulas, values, strict=True), start=1):
            sheet.write_formula(line, column, formula, total, value)

    line, width, lines_of_totals = _HEADER + 1, len(table["months"]), []
    for section in table["sections"]:
        sheet.write_string(line, 0, section["label"], bold)
        first = line + 1
        for row in section["rows"]:
            line += 1
            sheet.write_string(line, 0, row["label"])
            for column, value in enumerate(row["amounts"], start=1):
                sheet.write_number(line, column, value, amount)
            sheet.write_formula(
                line,
                width + 1,
                f"=SUM({cell(line, 1)}:{cell(line, max(width, 1))})",
                total,
                row["total"],
            )
        line += 1
        sums = [
            f"=SUM({cell(first, column)}:{cell(max(line - 1, first), column)})"
            if section["rows"]
            else "=0"
            for column in range(1, width + 2)
        ]
        write_sums(line, section["total_label"], sums, [*section["amounts"], section["total"]])
        lines_of_totals.append(line)
        line += 2
    revenue, cost = lines_of_totals
    write_sums(
        line,
        env._("Margin"),
        [f"={cell(revenue, column)}-{cell(cost, column)}" for column in range(1, width + 2)],
        [*table["amounts"], table["total"]],
    )
    workbook.close()
