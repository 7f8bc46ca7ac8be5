from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestPriceSheet(BizunoCommon):
    def test_installation_has_switched_pricelists_on(self):
        self.assertTrue(
            self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist")
        )
        self.assertTrue(self.users["rep"].has_group("product.group_product_pricelist"))

    def test_a_customer_gets_the_prices_of_its_sheet(self):
        sheet = self.env["product.pricelist"].create(
            {
                "name": "Dealer",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 25}),
                ],
            }
        )
        self.product_a.lst_price = 200
        self.customer.with_user(self.users["bookkeeper"]).property_product_pricelist = sheet
        for partner in (
            self.customer,
            self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id}),
        ):
            order = (
                self.env["sale.order"]
                .with_user(self.users["rep"])
                .create(
                    {
                        "partner_id": partner.id,
                        "order_line": [Command.create({"product_id": self.product_a.id})],
                    }
                )
            )
            self.assertEqual(order.pricelist_id, sheet)
            self.assertEqual(order.order_line.price_subtotal, 150)

    def test_it_is_called_price_sheet(self):
        # Labels are read in somebody's language: without one, Odoo gives the names in the code.
        partners = self.env["res.partner"].with_context(lang="en_US")
        field = partners.fields_get(["property_product_pricelist"])
        self.assertEqual(field["property_product_pricelist"]["string"], "Price Sheet")


@tagged("post_install", "-at_install")
class TestPriceSheetOnInvoices(BizunoCommon):
    """An invoice without an order is priced like an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product_a.write({"lst_price": 200, "taxes_id": [Command.clear()]})
        cls.product_b.write({"lst_price": 40, "taxes_id": [Command.clear()]})
        cls.sheet = cls.env["product.pricelist"].create({
            "name": "Dealer",
            "item_ids": [
                Command.create({
                    "compute_price": "percentage", "percent_price": 10,
                    "applied_on": "1_product", "product_tmpl_id": cls.product_a.product_tmpl_id.id,
                }),
                Command.create({
                    "compute_price": "fixed", "fixed_price": 150, "min_quantity": 12,
                    "applied_on": "1_product", "product_tmpl_id": cls.product_a.product_tmpl_id.id,
                }),
                Command.create({
                    "compute_price": "percentage", "percent_price": 50,
                    "applied_on": "1_product", "product_tmpl_id": cls.product_b.product_tmpl_id.id,
                    "date_start": "2031-01-01 00:00:00", "date_end": "2031-12-31 23:59:59",
                }),
            ],
        })  # fmt: skip
        cls.customer.specific_property_product_pricelist = cls.sheet
        cls.plain = cls._create_customer("Plain")
        cls.plain.specific_property_product_pricelist = cls.env["product.pricelist"].create(
            {"name": "Empty"}
        )

    def _create(self, lines, partner=None, **values):
        """By remote call, as the bookkeeper."""
        moves = self.env["account.move"].with_user(self.users["bookkeeper"])
        return moves.create({
            "move_type": "out_invoice", "partner_id": (partner or self.customer).id,
            "invoice_date": "2026-02-03",
            "invoice_line_ids": [Command.create(line) for line in lines], **values,
        })  # fmt: skip

    def _form(self, partner=None):
        moves = self.env["account.move"].with_user(self.users["bookkeeper"])
        form = Form(moves.with_context(default_move_type="out_invoice"))
        form.partner_id = partner or self.customer
        return form

    def test_a_bookkeeper_types_an_invoice(self):
        form = self._form()
        with form.invoice_line_ids.new() as line:
            line.product_id = self.product_a
            self.assertEqual(line.price_unit, 180)
            line.quantity = 20
            self.assertEqual(line.price_unit, 150)
            line.quantity = 3
            self.assertEqual(line.price_unit, 180)
        with form.invoice_line_ids.new() as line:
            line.product_id = self.product_a
            line.price_unit = 171
            line.quantity = 20
            self.assertEqual(line.price_unit, 171, "given")
        with form.invoice_line_ids.new() as line:
            line.product_id = self.product_b
            self.assertEqual(line.price_unit, 40, "the sheet has no price for it")
        invoice = form.save()
        self.assertEqual(invoice.invoice_line_ids.mapped("price_unit"), [180, 171, 40])
        with Form(invoice) as form, form.invoice_line_ids.edit(0) as line:
            line.quantity = 12
        self.assertEqual(invoice.invoice_line_ids[0].price_unit, 150)

    def test_changing_the_customer_offers_new_prices(self):
        form = self._form(self.plain)
        with form.invoice_line_ids.new() as line:
            line.product_id = self.product_a
        invoice = form.save()
        self.assertEqual(invoice.invoice_line_ids.price_unit, 200)
        with Form(invoice) as form:
            self.assertFalse(form.show_update_prices)
            form.partner_id = self.customer
            self.assertTrue(form.show_update_prices)
        self.assertEqual(invoice.invoice_line_ids.price_unit, 200)
        invoice.action_update_prices()
        self.assertEqual(invoice.invoice_line_ids.price_unit, 180)
        self.assertIn("Dealer", str(invoice.message_ids[0].body))

    def test_by_remote_call(self):
        invoice = self._create([
            {"product_id": self.product_a.id, "quantity": 15},
            {"product_id": self.product_a.id, "price_unit": 199},
            {"name": "Work", "price_unit": 5},
        ])  # fmt: skip
        self.assertEqual(invoice.invoice_line_ids.mapped("price_unit"), [150, 199, 5])
        invoice.invoice_line_ids[0].quantity = 2
        invoice.invoice_line_ids[1].quantity = 2
        self.assertEqual(invoice.invoice_line_ids.mapped("price_unit"), [180, 199, 5])

    def test_on_the_day_of_the_invoice_and_in_its_currency(self):
        other = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        lines = [{"product_id": self.product_a.id}, {"product_id": self.product_b.id}]
        invoice = self._create(lines, invoice_date="2031-05-01", currency_id=other.id)
        self.assertEqual(invoice.invoice_line_ids.mapped("price_unit"), [90, 10])

    def test_credit_notes_orders_and_bills_keep_theirs(self):
        invoice = self._create([{"product_id": self.product_a.id, "price_unit": 90}])
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"journal_id": invoice.journal_id.id}).refund_moves()
        credit = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(credit.invoice_line_ids.price_unit, 90)
        self.assertEqual(invoice.copy().invoice_line_ids.price_unit, 90)
        self.product_a.invoice_policy = "order"
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [Command.create({"product_id": self.product_a.id, "price_unit": 77})],
        })  # fmt: skip
        order.action_confirm()
        billed = order._create_invoices()
        billed.action_update_prices()
        self.assertEqual(billed.invoice_line_ids.price_unit, 77)
        # what the sheet proposes as well was agreed all the same
        billed.invoice_line_ids.price_unit = 180
        billed.with_user(self.users["bookkeeper"]).invoice_line_ids.quantity = 12
        self.assertEqual(billed.invoice_line_ids.price_unit, 180)
        self.product_a.standard_price = 60
        bill = self._create([{"product_id": self.product_a.id}], move_type="in_invoice")
        self.assertEqual(bill.invoice_line_ids.price_unit, 60)

    def test_only_where_it_is_switched_on(self):
        self.assertTrue(self.env.company.price_sheet_on_invoices)
        self.env["res.config.settings"].create({"price_sheet_on_invoices": False}).execute()
        line = {"product_id": self.product_a.id}
        self.assertEqual(self._create([line]).invoice_line_ids.price_unit, 200)
        self.env.company.price_sheet_on_invoices = True
        self.assertEqual(self._create([line]).invoice_line_ids.price_unit, 180)

    def test_price_lists_switched_off_in_settings(self):
        """As the administrator does it: field and prices go, and come again."""
        line = {"product_id": self.product_a.id}
        # Odoo keeps price lists on where a second currency is.
        self.env["res.currency"].search(
            [("id", "!=", self.env.company.currency_id.id)]
        ).active = False
        for is_on, price in ((False, 200), (True, 180)):
            with self.subTest(is_on):
                # Odoo warns that the price lists will be archived.
                with (
                    mute_logger("odoo.tests.form.onchange"),
                    Form(self.env["res.config.settings"]) as settings,
                ):
                    settings.group_product_pricelist = is_on
                settings.record.execute()
                # Archived with the setting, and not brought back by it.
                self.sheet.active = True
                self.env.invalidate_all()
                partners = self.env["res.partner"].with_user(self.users["bookkeeper"])
                form = partners.get_view(view_type="form")["arch"]
                self.assertEqual('name="property_product_pricelist"' in form, is_on)
                search = partners.get_view(view_type="search")["arch"]
                self.assertEqual('name="group_price_sheet"' in search, is_on)
                self.assertEqual(self._create([line]).invoice_line_ids.price_unit, price)
                form = self._form()
                with form.invoice_line_ids.new() as typed:
                    typed.product_id = self.product_a
                    self.assertEqual(typed.price_unit, price)

    def test_receipts_are_priced_and_update_prices_is_for_those_who_invoice(self):
        receipt = self._create([{"product_id": self.product_a.id}], move_type="out_receipt")
        self.assertEqual(receipt.invoice_line_ids.price_unit, 180)
        receipt.invoice_line_ids.price_unit = 199
        rule = self.sheet.item_ids.filtered(lambda one: one.percent_price == 10)
        rule.percent_price = 25
        with self.assertRaises(AccessError):
            receipt.with_user(self.users["rep"]).action_update_prices()
        receipt.with_user(self.users["bookkeeper"]).action_update_prices()
        self.assertEqual(receipt.invoice_line_ids.price_unit, 150)
        # What is posted stays.
        receipt.action_post()
        rule.percent_price = 50
        receipt.with_user(self.users["bookkeeper"]).action_update_prices()
        self.assertEqual(receipt.invoice_line_ids.price_unit, 150)

    def test_an_import_says_its_own_price(self):
        moves = self.env["account.move"].with_user(self.users["bookkeeper"])
        columns = [
            "move_type", "partner_id/.id", "invoice_date", "invoice_line_ids/product_id/.id",
            "invoice_line_ids/quantity", "invoice_line_ids/price_unit",
        ]  # fmt: skip
        product, customer = str(self.product_a.id), str(self.customer.id)
        rows = [
            ["out_invoice", customer, "2026-02-03", product, "20", "123.45"],
            ["", "", "", product, "1", "0"],
        ]
        result = moves.load(columns, rows)
        self.assertFalse(result["messages"])
        lines = moves.browse(result["ids"]).invoice_line_ids
        self.assertEqual(lines.mapped("price_unit"), [123.45, 0])
        without = [[row[0], row[1], row[2], row[3], row[4]] for row in rows]
        result = moves.load(columns[:-1], without)
        self.assertFalse(result["messages"])
        lines = moves.browse(result["ids"]).invoice_line_ids
        self.assertEqual(lines.mapped("price_unit"), [150, 180])

    def test_rules_are_looked_up_once(self):
        def queries(count):
            lines = self._create([{"product_id": self.product_a.id}] * count).invoice_line_ids
            self.env.flush_all()
            self.env.invalidate_all()
            lines.mapped("product_id.uom_id.name")
            before = self.env.cr.sql_log_count
            lines._get_price_sheet_rules()
            return self.env.cr.sql_log_count - before

        queries(2)
        self.assertEqual(queries(2), queries(30))
