from odoo import api, models

_DOCUMENTS = ("sale.order.line", "account.move.line")
_AMOUNTS = ("total_included_currency", "total_included")
_MANUAL = ("manual_total_excluded_currency", "manual_total_excluded", "manual_tax_amounts")


class AccountTax(models.Model):
    # A down payment or a discount keeps what it came to, so that no cent is lost: as data of its
    # line, which whoever writes lines can write. It decides about cents, and nothing more.

    _inherit = "account.tax"

    @api.model
    def _import_base_line_extra_tax_data(self, base_line, extra_tax_data):
        results = super()._import_base_line_extra_tax_data(base_line, extra_tax_data)
        if "price_unit" not in results or not self._is_credit_line(base_line["record"]):
            return results
        plain = {**base_line, "computation_key": None, **dict.fromkeys(_MANUAL)}
        company = base_line["record"].company_id or self.env.company
        for line in (plain, imported := {**plain, **results}):
            self._add_tax_details_in_base_line(line, company)
            self._round_base_lines_tax_details([line], company)
        # Worked out with several lines together it may differ by what each of them was rounded.
        rounding = max(base_line["currency_id"].rounding, company.currency_id.rounding)
        units = 2 + len(plain["tax_details"]["taxes_data"])
        together = self._count_credit_lines(base_line["record"])
        for name in _AMOUNTS:
            expected, amount = (variant["tax_details"][name] for variant in (plain, imported))
            cents = max(units, min(units * together, abs(expected) / 1000 / rounding)) * rounding
            # NaN is no difference of cents either.
            if not abs(amount - expected) <= cents:
                return {key: value for key, value in results.items() if key == "computation_key"}
        return results

    @api.model
    def _count_credit_lines(self, record):
        """:return: how many lines a discount or a down payment may have been worked out from"""
        record = record.sudo()
        lines = record if record._name == "sale.order.line" else record.sale_line_ids
        return len(lines.order_id.order_line)

    @api.model
    def _is_credit_line(self, record):
        """Whether it is a line of an order or of a customer's invoice, in a database in which the
        credit policy stops anything."""
        if not isinstance(record, models.BaseModel) or record._name not in _DOCUMENTS:
            return False
        if not self.env["res.company"]._is_credit_controlled():
            return False
        return record._name == "sale.order.line" or record.move_id.is_sale_document(True)
