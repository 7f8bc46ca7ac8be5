"""What is open in Bizuno besides invoices and bills: quotations, orders, payments; price sheets."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .test_import import ImportCommon

# In company A: the lines of payments that name what they pay, and what they may name instead.
RECEIPT = ("(457,139,105,'pmt'", "(457,139,0,'pmt'")
REFUND = ("(318,94,86,'pmt'", "(318,94,0,'pmt'")
VENDOR_REFUND = ("(564,170,164,'pmt'", "(564,170,999999,'pmt'")
# An invoice of 392.47 that 20 was paid of, and an order.
INVOICE = "(105,10,12,0,'Sales: Terms house T0x',0,0,7.5,392.47,NULL,'INV00075','0'"
ORDER = "120,'Bestellung Nr. 5½','SO00003','0'"
BEGUN = "'SO00001','0','0','2026-09-07'"
ORDER_LINE = "'GEAR-20',5,'Gear, 20 teeth',0,120,24"


class BooksCommon(ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["account.account"].create(
            {"code": "BIZ999", "name": "Opening", "account_type": "equity"}
        )

    @classmethod
    def _import(cls, name="company_a", data=None, **values):
        return super()._import(name, data, opening_account_id=cls.account.id, **values)

    def _order(self, number):
        return self.env["sale.order"].search([("name", "=", number)])

    def _told(self, run, words):
        return [row[:4] for row in self._problems(run) if words in row[4]]


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestOrdersOf7(BooksCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.credit_policy = "block"
        cls.held = cls.env["res.partner"].create(
            {"name": "Held", "ref": "UNI-1", "role_customer": True, "account_status": "hold"}
        )
        cls.gear = cls.env["product.product"].create(
            {"name": "Our gear", "default_code": "GEAR-20", "list_price": 24.0, "taxes_id": False}
        )
        cls.mails = cls.env["mail.mail"].search_count([])
        cls.run_a = cls._import()

    def test_quotations_stay_quotations_and_orders_are_confirmed(self):
        self.assertEqual(self.run_a.counts["orders"], {"read": 5, "created": 5})
        self.assertEqual(self.run_a.counts["purchase_orders"], {"read": 3, "skipped": 3})
        self.assertEqual(
            [row[3] for row in self._told(self.run_a, "the Purchase app is not installed")],
            ["VPO00001", "VPO00002", "VQ00001"],
        )
        found = {
            number: (order.state, order.amount_untaxed)
            for number in ("QU00001", "QU00002", "QU00003", "SO00001", "SO00002", "SO00003",
                           "SO00004", "SO00005")
            if (order := self._order(number))
        }  # fmt: skip
        self.assertEqual(
            found,
            {
                "QU00002": ("draft", 1149.96), "QU00003": ("draft", 37.5),
                # Seven of ten gears, four of four hubs, three of six hours were invoiced.
                "SO00001": ("sale", 3 * 24 + 3 * 85), "SO00003": ("sale", 120.0),
                "SO00004": ("sale", 999.9),
            },
        )  # fmt: skip
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails)

    def test_analyse_says_what_is_left_out_without_the_purchase_app(self):
        self.assertIn("vendors (3) and price sheets of vendors (1)", self._wizard().analysis)

    def test_an_order_has_its_customer_dates_terms_and_references(self):
        order = self._order("SO00001")
        self.assertEqual(order.partner_id, self._partner("FL-ALL"))
        self.assertEqual(str(fields.Datetime.context_timestamp(order, order.date_order).date()),
                         "2026-09-07")  # fmt: skip
        self.assertEqual(order.client_order_ref, "RFQ-77")
        self.assertEqual(order.origin, "QU00002")
        self.assertEqual(order.user_id, self.mabel)
        terms = order.payment_term_id._get_bizuno_terms()
        self.assertEqual((terms.discount, terms.discount_days, terms.net_days), (2, 10, 30))
        self.assertEqual(order.currency_id.name, "USD")
        self.assertEqual(
            [
                (line.product_id.default_code, line.name, line.product_uom_qty, line.price_unit)
                for line in order.order_line
            ],
            [("GEAR-20", "Gear, 20 teeth", 3, 24), ("SVC-HR", "Service hour", 3, 85)],
        )
        self.assertFalse(order.order_line.tax_ids)
        quotation = self._order("QU00002")
        self.assertEqual(str(quotation.validity_date), "2026-09-27")

    def test_products_that_are_needed_come_and_who_is_here_is_kept(self):
        codes = ("GEAR-10", "GEAR-20", 'HUB "A"', "SVC-HR", "CABLE-M", "BOX-S", "OLD-1")
        products = self.env["product.product"].search([("default_code", "in", codes)])
        by_code = {one.default_code: one for one in products}
        self.assertEqual({*by_code}, {"GEAR-10", "GEAR-20", 'HUB "A"', "SVC-HR"})
        self.assertEqual(by_code["GEAR-20"], self.gear)
        self.assertEqual(self.gear.name, "Our gear")
        self.assertEqual(self._order("SO00003").order_line.product_id, self.gear)
        hub = by_code['HUB "A"']
        self.assertEqual((hub.name, hub.list_price), ('Hub 2" steel', 99.99))
        self.assertEqual(hub.with_company(self.env.company).standard_price, 50.0)
        self.assertEqual(by_code["SVC-HR"].type, "service")

    def test_a_credit_policy_stops_no_order_of_old_and_every_new_one(self):
        self.assertEqual(self._order("SO00003").partner_id, self.held)
        self.assertEqual(self.held.account_status, "hold")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.held.id,
                "order_line": [Command.create({"product_id": self.gear.id})],
            }
        )
        for forged in ({}, {"bizuno_import": True}, {"bizuno_import": self.run_a.id}):
            with self.assertRaises(UserError):
                order.with_context(**forged).action_confirm()

    def test_a_newer_dump_changes_and_ends_orders_that_nobody_has_used(self):
        order = self._order("SO00003")
        self._import(
            data=self._changed("company_a", (ORDER_LINE, ORDER_LINE.replace(",5,", ",4,")))
        )
        self.assertEqual((order.state, order.order_line.product_uom_qty), ("sale", 4))
        self.assertEqual(order.order_line.price_unit, 30.0)
        self.assertEqual(order.name, "SO00003")
        ended = self._changed("company_a", (ORDER, ORDER.replace("'0'", "'1'")))
        run = self._import(data=ended)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(run.counts["orders"]["updated"], 1)
        self.assertNotIn("updated", self._import(data=ended).counts["orders"])
        self._import()
        self.assertEqual((order.state, order.order_line.product_uom_qty), ("sale", 5))

    def test_an_order_that_was_invoiced_here_is_kept_and_told(self):
        order = self._order("SO00003")
        order._create_invoices()
        run = self._import(data=self._changed("company_a", (ORDER, ORDER.replace("'0'", "'1'"))))
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._told(run, "no longer open in Bizuno, but it has already been used"),
                         [("journal_main", "149", "closed", "SO00003")])  # fmt: skip
        self.run_a.action_undo()
        self.assertTrue(order.exists())

    def test_an_order_of_which_something_was_delivered_here_is_kept_and_told(self):
        order = self._order("SO00001")
        hours = order.order_line.filtered(lambda line: line.product_id.default_code == "SVC-HR")
        hours.qty_delivered = 1
        ended = self._changed("company_a", (BEGUN, BEGUN.replace("1','0'", "1','1'")))
        told = self._told(self._import(data=ended), "open in Bizuno, but it has already been used")
        self.assertEqual([row[3] for row in told], ["SO00001"])
        self.run_a.action_undo()
        self.assertEqual(order.state, "sale")

    def test_undo_takes_orders_products_and_price_lists_away(self):
        orders = self._order("SO00001") | self._order("QU00003")
        hub = self.env["product.product"].search([("default_code", "=", 'HUB "A"')])
        lists = self.env["product.pricelist"].search([("name", "in", ("Gold", "Direct by qty"))])
        self.assertEqual((len(orders), len(hub), len(lists)), (2, 1, 2))
        self.run_a.action_undo()
        self.assertFalse(orders.exists() or hub.exists() or lists.exists())
        self.assertTrue(self.gear.exists())
        self.assertFalse(self.run_a.sudo().record_ids.filtered("was_created"))

    # price sheets
    def _price(self, contact_id, code, quantity):
        partner = self._partner(contact_id).with_company(self.env.company)
        product = self.env["product.product"].search([("default_code", "=", code)])
        return partner.specific_property_product_pricelist._get_product_price(product, quantity)

    def test_price_sheets_are_price_lists_with_the_same_prices(self):
        self.gear.standard_price = 11.25
        for contact, code, quantity, price in (
            ("PS-1", "GEAR-20", 1, 22.8),  # Gold: 5 % off
            ("PS-1", "GEAR-20", 10, 21.6),  # 10 %
            ("PS-1", "GEAR-20", 100, 18.95),  # 20 % off level 1, ends in .95
            ("PS-2", "GEAR-20", 1, 16.0),  # cost plus 40 %, rounded up: 15.75
            ("PS-2", "GEAR-20", 25, 13.75),  # cost plus 2.5
            ("PS-3", "GEAR-20", 1, 22.5),  # 1.5 off
            ("PS-4", "GEAR-20", 1, 9.99),  # inactive, and used all the same
            ("PS-5", "GEAR-20", 1, 10.0),
            ("PS-5", "GEAR-20", 5, 9.5),
            ("PS-5", "GEAR-20", 500, 7.0),
            ("PS-1", "GEAR-10", 1, 12.5),  # the sheet of the item
            ("PS-1", "GEAR-10", 12, 11.0),
            ("FL-ALL", 'HUB "A"', 20, 17.25),  # of its own
            ("FL-ALL", "GEAR-20", 10, 21.6),  # and the rest as Gold
            ("BIGPAY", "GEAR-20", 1, 19.5),
            ("BIGPAY", "SVC-HR", 1, 85.0),
        ):
            with self.subTest(f"{contact} {code} {quantity}"):
                self.assertAlmostEqual(self._price(contact, code, quantity), price)

    def test_what_price_lists_cannot_say_is_told_sheet_by_sheet(self):
        self.assertEqual(
            [row[1] for row in self._told(self.run_a, "this price sheet names no item")], ["164"]
        )
        self.assertEqual(
            {row[3] for row in self._told(self.run_a, "rounds the price")},
            {"Gold: 3", 'Cost plus "K": 1', 'Cost plus "K": 2'},
        )
        self.assertEqual([row[1] for row in self._told(self.run_a, "on top of another")], ["161"])
        self.assertEqual([row[3] for row in self._told(self.run_a, "one of their own")],
                         ["Retail default"])  # fmt: skip
        self.assertEqual(self._told(self.run_a, "price sheet that no longer exists"),
                         [("contacts", "60", "price_sheet", "987654")])  # fmt: skip

    def test_the_default_account_is_one_of_its_type_and_then_the_chosen_one(self):
        # 4000-21 is no account of the chart of the tests.
        partner = self._partner("FL-ALL").with_company(self.env.company)
        self.assertEqual(
            partner.property_income_account_id.account_type, "income", "as it was proposed"
        )
        income = self.env["account.account"].create(
            {"code": "4000.21", "name": "Sales of gears", "account_type": "income"}
        )
        wizard = self._wizard("company_a")
        choice = wizard.choice_ids.filtered(
            lambda one: (one.kind, one.code) == ("account", "4000-21")
        )
        self.assertTrue(choice.is_remembered)
        choice.account_id = income
        wizard.action_run()
        self.assertEqual(partner.property_income_account_id, income)
        # A vendor, too, and its account is one of purchases.
        both = self._partner("BOTH-2").with_company(self.env.company)
        self.assertFalse(both.property_income_account_id)

    def test_what_has_no_field_stands_in_the_notes(self):
        self.assertIn("Store in Bizuno: ", self._partner("FL-ALL").comment)
        self.assertIn("Default account in Bizuno: ", self._partner("VEND-1").comment)


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestOrdersBefore7(BooksCommon):
    def test_lines_without_an_item_and_old_price_sheets(self):
        run = self._import("company_c_pre7")
        self.assertEqual(run.counts["orders"], {"read": 2, "created": 2})
        self.assertNotIn("Purchase app", self._wizard("company_c_pre7").analysis)
        order = self._order("SO0001")
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 310.0))
        self.assertEqual(order.client_order_ref, "SO-REF")
        self.assertEqual(order.order_line.name, "Old goods")
        self.assertEqual(self._order("QU1000").order_line.product_id, order.order_line.product_id)
        partner = self._partner("CUST-02").with_company(self.env.company)
        pricelist = partner.specific_property_product_pricelist
        self.assertEqual(pricelist.name, "Old direct")
        product = order.order_line.product_id
        for quantity, price in ((1, 9.5), (100, 8.0), (1000, 9.95)):
            # The third is 5 % off the first, 9.03, and ends in .95: Bizuno would take the second.
            self.assertAlmostEqual(pricelist._get_product_price(product, quantity), price)
        self.assertEqual([row[3] for row in self._told(run, "lowest of all levels")],
                         ["Old direct: 3"])  # fmt: skip

    def test_days_on_which_a_promotion_was_sent_are_its_history(self):
        self._import("company_c_pre7")
        promo = self.env["bizuno.promo"].with_context(active_test=False).search(
            [("name", "=", "Old spring")]
        )  # fmt: skip
        self.assertEqual({str(one.date.date()) for one in promo.history_ids},
                         {"2026-03-05", "2026-03-06"})  # fmt: skip
        self.assertEqual({*promo.history_ids.mapped("state")}, {"done"})


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestUnappliedPayments(BooksCommon):
    def _unapplied(self, contact_id):
        partner = self._partner(contact_id)
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("journal_id.code", "=", "BZU"),
                ("account_id", "!=", self.account.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return [(line.name, line.amount_residual, str(line.date)) for line in lines]

    def _proof(self, run):
        """:return: (by the file, here) of the customer with three open invoices"""
        [row] = [row for row in run.proof if row[0] == "Terms house T0x"]
        return round(row[2], 2), round(row[3], 2)

    def test_what_pays_nothing_is_open_and_in_no_bucket(self):
        run = self._import(data=self._changed("company_a", RECEIPT, REFUND, VENDOR_REFUND))
        self.assertEqual(self._unapplied("TERM-T0x"), [("139", -20.0, "2026-11-06")])
        self.assertEqual(self._unapplied("FL-ALL"), [("RF-1", 64.2, "2026-10-07")])
        self.assertEqual(self._unapplied("VEND-3"), [("VRF-1", -21.0, "2026-11-16")])
        self.assertFalse([row for row in run.proof if round(row[2], 2) != round(row[3], 2)])
        self.assertEqual(self._proof(run), (932.67, 932.67))
        aged = self.env["bizuno.aged.receivable"].with_context(aged_at="2026-11-26")
        [(total, unapplied)] = aged._read_group(
            [("partner_id", "=", self._partner("TERM-T0x").id)],
            [],
            ["amount_total:sum", "unapplied:sum"],
        )
        self.assertEqual((round(total, 2), unapplied), (952.67, 20.0))
        again = self._import(data=self._changed("company_a", RECEIPT, REFUND, VENDOR_REFUND))
        count = again.counts["documents"]
        self.assertEqual(count["read"], count["unchanged"])
        run.action_undo()
        self.assertFalse(self.env["account.journal"].search([("code", "=", "BZU")]))

    def test_a_newer_dump_changes_what_is_open_here(self):
        run = self._import(data=self._changed("company_a", RECEIPT))
        invoice = self.env["account.move"].search([("name", "=", "INV00075")])
        self.assertEqual(invoice.amount_residual, 392.47)
        applied = self._import()
        self.assertEqual(applied.counts["documents"]["updated"], 2)
        self.assertEqual(invoice.amount_residual, 372.47)
        self.assertEqual((invoice.state, invoice.name), ("posted", "INV00075"))
        self.assertEqual(self._unapplied("TERM-T0x"), [])
        self.assertFalse([row for row in applied.proof if round(row[2], 2) != round(row[3], 2)])
        paid = self._import(data=self._changed("company_a", (INVOICE, INVOICE[:-3] + "'1'")))
        self.assertEqual(invoice.state, "cancel")
        self.assertEqual(paid.counts["documents"]["updated"], 1)
        run.action_undo()
        self.assertFalse(invoice.exists())

    def test_a_document_that_was_partly_paid_here_is_kept_and_told(self):
        self._import(data=self._changed("company_a", RECEIPT))
        invoice = self.env["account.move"].search([("name", "=", "INV00075")])
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": 100.0})._create_payments()
        self.assertEqual(invoice.amount_residual, 292.47)
        run = self._import()
        self.assertEqual(invoice.amount_residual, 292.47)
        self.assertEqual(self._told(run, "but it has already been used in Odoo"),
                         [("journal_main", "105", "balance", "372.47")])  # fmt: skip
        # Less what was paid here; what was unapplied is applied there, and gone here.
        self.assertEqual(self._proof(run), (932.67, 852.67))


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestDocumentsOf7(BooksCommon):
    def test_a_document_has_its_currency_terms_and_salesperson(self):
        self.env.ref("base.EUR").active = True
        run = self._import()
        moves = self.env["account.move"].search([("journal_id.code", "=", "BZS")])
        foreign = moves.filtered(lambda move: move.currency_id.name == "EUR")
        self.assertEqual({*foreign.partner_id.mapped("ref")}, {"EURO-1"})
        self.assertEqual(
            {(move.name, move.amount_total, move.amount_total_signed) for move in foreign},
            {("INV00051", 600.01, 652.18), ("INV00092", 77.77, 81.86)},
        )
        told = {row[3] for row in self._told(run, "not active in Odoo")}
        self.assertEqual(told, {"GBP", "JPY"})
        self.assertFalse([row for row in run.proof if round(row[2], 2) != round(row[3], 2)])
        move = moves.filtered(lambda move: move.name == "INV00047")
        terms = move.invoice_payment_term_id._get_bizuno_terms()
        self.assertEqual((terms.discount, terms.discount_days, terms.net_days), (2, 10, 30))
        self.assertEqual(move.invoice_user_id, self.mabel)
        # Bizuno's aging gives thirty days to what is due at once.
        odd = moves.filtered(lambda move: not move.invoice_payment_term_id)
        self.assertTrue(odd)
