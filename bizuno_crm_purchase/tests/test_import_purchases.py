"""What is bought comes over from the dumps of the real Bizuno, where there is the Purchase app."""

from unittest.mock import patch

from odoo import fields
from odoo.addons.bizuno_crm.tests.importer.test_import_orders import BooksCommon
from odoo.tests import Form, freeze_time, tagged

# In company A: an order of 100 gears and its line, an order of 10, a bill of the first vendor's and
# its line.
ORDER = "'VPO00001','0','0','2026-10-27','2026-10-27',0,'0',NULL,64"
LINE = "(401,120,0,'itm',0,'0',1,'GEAR-10',100,"
OTHER_LINE = "'GEAR-20',10,'Gear, 20 teeth',240,0,24"
BILL = (
    ("'vend1@example.com','0','2000-00','0','','USD',1,0,NULL,0,1,0,'0'),\n(187,",
     "'vend1@example.com','0','2000-00','0','','USD',1,120,NULL,0,1,0,'0'),\n(187,"),
    ("(619,186,0,'itm',0,'0',1,NULL,1,", "(619,186,401,'itm',0,'0',1,'GEAR-10',37,"),
)  # fmt: skip
NO_QUANTITY = "'GEAR-20',0,'Gear, 20 teeth',240,0,24"
# A customer's price sheet for GEAR-20, which is to be one of vendor 66.
SHEET = (
    '(25,75,\'price_c\',\'{\\"_rID\\":0,\\"_table\\":\\"contacts\\",\\"_refID\\":75,'
    '\\"cType\\":\\"c\\"'
)
OF_VENDOR = SHEET.replace("(25,75,'price_c'", "(25,66,'price_v'")
LEVEL = (
    '\\"qty\\":20,\\"source\\":1,\\"adjType\\":0,\\"adjValue\\":0,\\"rndType\\":0,'
    '\\"rndValue\\":0,\\"price\\":17.25,\\"margin\\":\\"\\"}]},'
    '\\"title\\":\\"Special GEAR-20\\"'
)
OF_COST = LEVEL.replace('source\\":1', 'source\\":2').replace(
    'adjType\\":0,\\"adjValue\\":0', 'adjType\\":2,\\"adjValue\\":4'
)


class PurchaseCommon(BooksCommon):
    def _bought(self, number):
        return self.env["purchase.order"].search([("name", "=", number)])

    def _prices(self, code):
        sellers = self.env["product.product"].search([("default_code", "=", code)]).seller_ids
        return sorted((one.partner_id.ref, one.min_qty, one.price) for one in sellers)


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestPurchasesOf7(PurchaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"po_lock": "lock", "po_double_validation": "two_step",
                               "po_double_validation_amount": 100.0})  # fmt: skip
        cls.mails = cls.env["mail.mail"].search_count([])
        cls.run_a = cls._import()

    def test_orders_are_confirmed_and_quotations_stay_requests(self):
        self.assertEqual(self.run_a.counts["purchase_orders"], {"read": 3, "created": 3})
        self.assertNotIn("is not installed", self._wizard().analysis)
        self.assertEqual(
            {
                number: (order.state, order.partner_id.ref, order.amount_total, order.locked)
                for number in ("VPO00001", "VPO00002", "VQ00001")
                for order in self._bought(number)
            },
            {
                "VPO00001": ("purchase", "VEND-1", 1250.0, True),
                "VPO00002": ("purchase", "VEND-6", 240.0, True),
                "VQ00001": ("draft", "VEND-4", 12.5, False),
            },
        )
        order = self._bought("VPO00001")
        self.assertEqual(
            [
                (line.product_id.default_code, line.name, line.product_qty, line.price_unit,
                 line.qty_invoiced, line.tax_ids.ids)
                for line in order.order_line
            ],
            [("GEAR-10", "Gear, 10 teeth", 100, 12.5, 0, [])],
        )  # fmt: skip
        for moment in (order.date_order, order.date_approve):
            day = fields.Datetime.context_timestamp(order, moment).date()
            self.assertEqual(str(day), "2026-10-27")
        self.assertEqual(order.currency_id, self.env.company.currency_id)
        terms = self._bought("VPO00002").payment_term_id._get_bizuno_terms()
        self.assertEqual(terms.type, 6)
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails)
        # That an order was placed says nothing of what the vendor takes the next time.
        self.assertEqual(self._prices("GEAR-10"), [])
        self.assertFalse(self._told(self.run_a, "purchase order, is open"))

    def test_a_second_run_writes_nothing_and_undo_removes_them(self):
        orders = self._bought("VPO00001") | self._bought("VQ00001")
        vendor = orders[0].partner_id
        self.assertUnchanged(self._import())
        named = self.env["ir.model.data"].search_count(
            [("model", "=", "purchase.order"), ("res_id", "in", orders.ids),
             ("module", "=", "__bizuno__")]
        )  # fmt: skip
        self.assertEqual(named, 2)
        self.run_a.action_undo()
        self.assertFalse(orders.exists() or vendor.exists())
        self.assertFalse(self.run_a.sudo().record_ids.filtered("was_created"))

    def test_a_newer_dump_changes_and_ends_what_nobody_has_used(self):
        order = self._bought("VPO00001")
        fewer = (LINE, LINE.replace(",100,", ",80,"))
        self._import(data=self._changed("company_a", fewer))
        self.assertEqual((order.state, order.order_line.product_qty), ("purchase", 80))
        self.assertEqual(order.order_line.price_unit, 15.625)
        ended = self._changed("company_a", (ORDER, ORDER.replace("1','0'", "1','1'")))
        run = self._import(data=ended)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(run.counts["purchase_orders"]["updated"], 1)
        self.assertUnchanged(self._import(data=ended))
        self._import()
        self.assertEqual((order.state, order.order_line.product_qty), ("purchase", 100))

    def test_an_order_of_which_something_came_here_is_kept_and_told(self):
        order = self._bought("VPO00001")
        self._receive(order)
        ended = self._changed("company_a", (ORDER, ORDER.replace("1','0'", "1','1'")))
        run = self._import(data=ended)
        self.assertEqual(order.state, "purchase")
        self.assertEqual(self._told(run, "no longer open in Bizuno, but it has already been used"),
                         [("journal_main", "120", "closed", "VPO00001")])  # fmt: skip
        self.run_a.action_undo()
        self.assertTrue(order.exists())

    def _receive(self, order):
        """Four of a hundred come, with or without Inventory."""
        line = order.order_line
        if line.qty_received_method == "manual":
            line.qty_received = 4
            return
        order.picking_ids.move_ids.write({"quantity": 4, "picked": True})
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        self.assertEqual(line.qty_received, 4)

    def test_only_what_has_not_been_billed_is_open(self):
        order = self._bought("VPO00001")
        data = self._changed("company_a", *BILL)
        run = self._import(data=data)
        self.assertEqual((order.state, order.order_line.product_qty), ("purchase", 63))
        self.assertEqual(order.order_line.price_unit, 12.5)
        self.assertFalse(self._told(run, "different total"))
        self.assertUnchanged(self._import(data=data))

    def test_a_line_with_an_amount_and_no_quantity_is_told(self):
        order = self._bought("VPO00002")
        run = self._import(data=self._changed("company_a", (OTHER_LINE, NO_QUANTITY)))
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self._told(run, "has an amount and no quantity"),
                         [("journal_item", "523", "qty", "240.00")])  # fmt: skip

    def test_a_price_sheet_of_all_items_is_told(self):
        self.assertEqual(self.run_a.counts["vendor_prices"], {"read": 1, "skipped": 1})
        self.assertEqual(
            self._told(self.run_a, "names no item"),
            [("common_meta", "164", "levels", "Vendor sheet")],
        )

    def test_a_price_sheet_of_a_vendor_and_an_item_is_the_vendors_price(self):
        sheet = (SHEET, OF_VENDOR)
        data = self._changed("company_a", sheet, (LEVEL, OF_COST))
        run = self._import(data=data)
        # The cost of 11.25 less 4 %.
        self.assertEqual(self._prices("GEAR-20"), [("VEND-3", 1.0, 19.5), ("VEND-3", 20.0, 10.8)])
        self.assertEqual(run.counts["vendor_prices"], {"read": 3, "created": 2, "skipped": 1})
        self.assertEqual(
            self._told(run, "calculates this price from the cost"),
            [("contacts_meta", "25", "levels", "Special GEAR-20: 2")],
        )
        with Form(self.env["purchase.order"]) as order:
            order.partner_id = self._partner("VEND-3")
            with order.order_line.new() as line:
                line.product_id = self.env["product.product"].search(
                    [("default_code", "=", "GEAR-20")]
                )
                self.assertEqual(line.price_unit, 19.5)
                line.product_qty = 25
                self.assertEqual(line.price_unit, 10.8)
        self.assertUnchanged(self._import(data=data))
        # One level less, and then none; what somebody has changed stays.
        self._import(data=self._changed("company_a", sheet, (LEVEL, LEVEL.replace("20,", "9,", 1))))
        self.assertEqual(self._prices("GEAR-20"), [("VEND-3", 1.0, 19.5), ("VEND-3", 9.0, 17.25)])
        price = self._partner("VEND-3").env["product.supplierinfo"].search(
            [("partner_id", "=", self._partner("VEND-3").id), ("min_qty", "=", 9)]
        )  # fmt: skip
        price.price = 18.0
        run = self._import()
        self.assertEqual(self._prices("GEAR-20"), [("VEND-3", 9.0, 18.0)])
        self.assertEqual(len(self._told(run, "no longer has this level")), 1)


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestPurchasesBeforeTheApp(PurchaseCommon):
    def test_what_was_left_out_comes_once_there_is_the_app(self):
        runs = type(self.env["bizuno.import.run"])
        sheet = (SHEET, OF_VENDOR)
        data = self._changed("company_a", sheet)
        with patch.object(runs, "_get_purchases", lambda self: None):
            run = self._import(data=data)
        self.assertEqual(run.counts["purchase_orders"], {"read": 3, "skipped": 3})
        self.assertEqual(run.counts["vendor_prices"], {"read": 2, "skipped": 2})
        self.assertEqual(
            [row[3] for row in self._told(run, "the Purchase app is not installed")],
            ["VPO00001", "VPO00002", "VQ00001", "Special GEAR-20"],
        )
        again = self._import(data=data)
        self.assertEqual(again.counts["purchase_orders"], {"read": 3, "created": 3})
        self.assertEqual(again.counts["vendor_prices"], {"read": 3, "created": 2, "skipped": 1})
        self.assertUnchanged(self._import(data=data))
