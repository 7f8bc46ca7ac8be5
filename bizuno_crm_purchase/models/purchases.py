"""What is bought: open purchase orders and quotations of vendors, and what vendors charge."""

from odoo.addons.bizuno_crm.logic.bizuno_dump import orders
from odoo.addons.bizuno_crm.logic.bizuno_dump.prices import as_prices
from odoo.addons.bizuno_crm.models.importer.orders import OpenOrders


class PurchaseOrders(OpenOrders):
    """Those of vendors."""

    step, model, confirmed = "purchase_orders", "purchase.order", orders.PURCHASE_ORDER
    quantity, reference = "product_qty", "partner_ref"

    def _confirm(self, bizuno_order, order):
        order.button_confirm()
        order.date_approve = self._moment(bizuno_order.date)

    def _cancel(self, order):
        order._cancel_for_bizuno()

    def _reopen(self, order):
        order.button_draft()

    def _own_vals(self, bizuno_order, is_order):
        # The amounts are in the company's currency, and the prices those that were agreed.
        company = self.importer.run.company_id
        vals = {"currency_id": company.currency_id.id}
        if not bizuno_order.terms:
            partner = self.env["res.partner"].browse(self.importer.partners[bizuno_order.contact])
            term = partner.with_company(company).property_supplier_payment_term_id
            vals["payment_term_id"] = term.id
        if bizuno_order.last_day and bizuno_order.last_day > bizuno_order.date:
            vals["date_planned"] = self._moment(bizuno_order.last_day)
        return vals

    def _taxes(self, line):
        # Bizuno has an amount, and no rate.
        return []


class Purchases:
    """Brings over what is bought.

    :param importer: the running `Importer`
    """

    def __init__(self, importer):
        self.importer = importer

    def bring_orders(self):
        PurchaseOrders(self.importer, self.importer.purchase_orders()).bring_over()

    def bring_prices(self, sheets):
        """Each level of a price sheet is a price of the vendor on the product.

        :param sheets: [(price sheet for one item, id of the vendor in Bizuno)]
        """
        importer, items = self.importer, []
        by_id = {product.id: product for product in importer.company.products.values()}
        for sheet, vendor in sheets:
            product = importer.product_of(sheet)
            is_known = importer.counting or product
            if vendor not in importer.partners or not is_known or sheet.item not in by_id:
                importer.leave_sheet(sheet, "orphan", "vendor_prices")
                continue
            items += self._prices_of(sheet, vendor, product, by_id[sheet.item])
        importer.save("vendor_prices", importer.env["product.supplierinfo"], items)
        importer.remove_gone_levels(
            "vendor_prices", "product.supplierinfo", items, "vendor_price.%"
        )

    def _prices_of(self, sheet, vendor, product, bizuno_product):
        importer = self.importer
        vals = importer.sheet_vals(sheet) | {
            "partner_id": importer.partners[vendor],
            "product_tmpl_id": product.product_tmpl_id.id,
        }
        prices = as_prices(sheet.levels, bizuno_product.cost, bizuno_product.price)
        problems = {level.number: "price_source" for level in sheet.levels}
        for level, _price, is_reckoned in prices:
            problems[level.number] = "price_vendor_fixed" if is_reckoned else ""
        for number, code in problems.items():
            if code:
                importer.tell_sheet(sheet, code, f"{sheet.title}: {number}")
        # Of several that apply Odoo takes the lowest one, as Bizuno does.
        return [
            (
                f"vendor_price.{sheet.id}.{level.number}",
                vals | {"min_qty": level.quantity, "price": float(price)},
            )
            for level, price, _is_reckoned in prices
        ]
