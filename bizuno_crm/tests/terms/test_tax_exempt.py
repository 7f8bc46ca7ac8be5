from ast import literal_eval
from datetime import timedelta

from lxml import etree
from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tests import Form, freeze_time, tagged

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestTaxExempt(BizunoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product_a.taxes_id = cls.tax_sale_a
        cls.today = Date.context_today(cls.env.user)

    def _order(self, partner=None, product=None):
        return self.env["sale.order"].create(
            {
                "partner_id": (partner or self.customer).id,
                "order_line": [
                    Command.create(
                        {"product_id": (product or self.product_a).id, "price_unit": 100}
                    )
                ],
            }
        )

    def _invoice(self, partner=None, date=None, move_type="out_invoice"):
        return self.init_invoice(
            move_type, partner or self.customer, date or self.today, products=self.product_a
        )

    def test_no_tax_while_exempt_tax_again_when_expired(self):
        before = self._order()
        self.assertTrue(before.amount_tax)
        self.customer.write({"tax_exempt": True, "tax_exempt_certificate": "C-1"})
        self.assertFalse(self._order().amount_tax)
        self.assertFalse(self._invoice().amount_tax)
        self.customer.tax_exempt_expiration = self.today
        self.assertFalse(self._order().amount_tax, "valid through its last day")
        self.customer.tax_exempt_expiration = self.today - timedelta(days=1)
        self.assertTrue(self._order().amount_tax)
        self.assertTrue(self._invoice().amount_tax)
        self.assertEqual(self._order().fiscal_position_id, before.fiscal_position_id)

    def test_it_is_the_companys_fiscal_position(self):
        self.customer.tax_exempt = True
        order = self._order()
        position = self.env.company.tax_exempt_fiscal_position_id
        self.assertTrue(position)
        self.assertEqual(order.fiscal_position_id, position)
        self.assertFalse(self.customer.property_account_position_id)
        self.assertEqual(self._order().fiscal_position_id, position, "made once")

    def test_an_invoice_follows_its_own_date(self):
        self.customer.write(
            {"tax_exempt": True, "tax_exempt_expiration": self.today - timedelta(days=10)}
        )
        self.assertFalse(self._invoice(date=self.today - timedelta(days=20)).amount_tax)
        self.assertTrue(self._invoice(date=self.today - timedelta(days=5)).amount_tax)

    def test_fiscal_position_for_other_reasons_is_kept(self):
        export = self.env["account.fiscal.position"].create(
            {"name": "Export", "tax_ids": [Command.set(self.tax_sale_b.ids)]}
        )
        self.customer.property_account_position_id = export
        self.customer.tax_exempt = True
        order, invoice = self._order(), self._invoice()
        self.assertEqual(order.fiscal_position_id, export)
        self.assertEqual(invoice.fiscal_position_id, export)
        self.assertFalse(order.amount_tax)
        self.assertFalse(invoice.amount_tax)
        self.customer.tax_exempt = False
        self.assertEqual(self.customer.property_account_position_id, export)
        self.assertTrue(self._order().amount_tax)

    def test_one_document_can_be_taxed_all_the_same(self):
        self.customer.tax_exempt = True
        order = self._order()
        order.fiscal_position_id = self.env["account.fiscal.position"].create(
            {"name": "Taxed", "tax_ids": [Command.set(self.tax_sale_b.ids)]}
        )
        order.action_update_taxes()
        self.assertTrue(order.amount_tax)

    def test_contacts_of_an_exempt_company_are_exempt(self):
        self.customer.tax_exempt = True
        child = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self.assertFalse(self._order(child).amount_tax)
        self.assertFalse(self._invoice(child).amount_tax)

    def test_purchases_and_credit_notes(self):
        self.customer.tax_exempt = True
        self.product_a.supplier_taxes_id = self.tax_purchase_a
        self.assertTrue(self._invoice(move_type="in_invoice").amount_tax)
        self.assertFalse(self._invoice(move_type="out_refund").amount_tax)

    def test_invoice_of_an_exempt_order_made_by_a_rep(self):
        self.customer.tax_exempt = True
        self.product_a.invoice_policy = "order"
        order = (
            self.env["sale.order"]
            .with_user(self.users["rep"])
            .create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [Command.create({"product_id": self.product_a.id})],
                }
            )
        )
        order.action_confirm()
        invoice = order.sudo()._create_invoices()
        self.assertFalse(invoice.amount_tax)
        self.assertEqual(invoice.fiscal_position_id, order.fiscal_position_id)

    def test_other_company_has_its_own_position(self):
        other = self.setup_other_company()["company"]
        self.customer.tax_exempt = True
        here = self._order().fiscal_position_id
        there = (
            self.env["sale.order"]
            .with_company(other)
            .create({"partner_id": self.customer.id, "company_id": other.id})
            .fiscal_position_id
        )
        self.assertEqual(there, other.tax_exempt_fiscal_position_id)
        self.assertNotEqual(here, there)

    # the end of the exemption

    def _expire(self, days=1):
        self.customer.tax_exempt_expiration = self.today - timedelta(days)
        self.env.flush_all()

    def _exempt(self, days=0):
        self.customer.write({
            "tax_exempt": True, "tax_exempt_certificate": "C-9",
            "tax_exempt_expiration": self.today + timedelta(days),
        })  # fmt: skip

    def test_it_ends_at_every_step_that_gives_a_date(self):
        self._exempt()
        self.product_a.invoice_policy = "order"
        rep, bookkeeper = self.users["rep"], self.users["bookkeeper"]
        quotation, confirmed, updated = self._order(), self._order(), self._order()
        draft = self._invoice()
        draft.invoice_date = False
        done = self._invoice()
        confirmed.action_confirm()
        done.action_post()
        self._expire()
        quotation.with_user(rep).action_confirm()
        updated.with_user(rep).action_update_taxes()
        draft.with_user(bookkeeper).action_post()
        for document in (quotation, updated, draft, quotation._create_invoices(),
                         done.with_user(bookkeeper).copy(), quotation.copy()):  # fmt: skip
            self.assertTrue(document.amount_tax, document)
            self.assertNotEqual(
                document.fiscal_position_id, self.env.company.tax_exempt_fiscal_position_id
            )
        self.assertIn("ended on", str(quotation.message_ids.mapped("body")))
        # Confirmed while it was valid, but billed afterwards.
        self.assertFalse(confirmed.amount_tax)
        self.assertTrue(confirmed._create_invoices().amount_tax)
        self.assertFalse(done.amount_tax)
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=done.ids
        )
        action = reversal.create({"journal_id": done.journal_id.id}).refund_moves()
        credit = self.env["account.move"].browse(action["res_id"])
        credit.action_post()
        self.assertFalse(credit.amount_tax, "as what it credits")

    def test_copies_of_a_recurring_invoice_are_taxed(self):
        self._exempt(days=20)
        invoice = self._invoice()
        invoice.auto_post = "monthly"
        invoice.action_post()
        self.assertFalse(invoice.amount_tax)
        copied = self.env["account.move"].search([("auto_post_origin_id", "=", invoice.id)])
        copied -= invoice
        self.assertGreater(copied.invoice_date, self.customer.tax_exempt_expiration)
        self.assertTrue(copied.amount_tax)

    def test_with_a_fiscal_position_of_its_own_too(self):
        self.customer.property_account_position_id = self.env["account.fiscal.position"].create(
            {"name": "Export", "tax_ids": [Command.set(self.tax_sale_b.ids)]}
        )
        self._exempt()
        order, invoice = self._order(), self._invoice()
        invoice.invoice_date = False
        self.assertFalse(order.amount_tax or invoice.amount_tax)
        self._expire()
        order.action_confirm()
        invoice.action_post()
        self.assertTrue(order.amount_tax)
        self.assertTrue(invoice.amount_tax)

    def test_the_exempt_position_is_nobody_elses(self):
        position = self.env.company._get_tax_exempt_position()
        order = self._order()
        order.with_user(self.users["rep"]).fiscal_position_id = position
        order.with_user(self.users["rep"]).action_update_taxes()
        self.assertTrue(order.amount_tax)

    def test_a_rep_is_told_on_the_order(self):
        self._exempt()
        form = Form(self.env["sale.order"].with_user(self.users["rep"]))
        form.partner_id = self.customer
        self.assertFalse(form.tax_exempt_message)
        self._expire(3)
        form = Form(self.env["sale.order"].with_user(self.users["rep"]))
        form.partner_id = self.customer
        self.assertIn("Harbour Supply ended on", form.tax_exempt_message)
        self.assertIn("Harbour Supply ended on", str(self._invoice().alerts))

    def test_a_tax_that_a_line_names_does_not_survive(self):
        self._exempt(5)
        taxes = [Command.set(self.tax_sale_b.ids)]
        order, invoice = self._order(), self._invoice()
        named = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [
                Command.create({"product_id": self.product_a.id, "tax_ids": taxes}),
            ],
        })  # fmt: skip
        bill = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.customer.id,
            "invoice_line_ids": [
                Command.create({"name": "Work", "price_unit": 70, "tax_ids": taxes}),
            ],
        })  # fmt: skip
        order.with_user(self.users["rep"]).order_line.tax_ids = self.tax_sale_b
        invoice.with_user(self.users["bookkeeper"]).invoice_line_ids.tax_ids = self.tax_sale_b
        bill.write({"invoice_line_ids": [
            Command.update(bill.invoice_line_ids.id, {"tax_ids": taxes}),
        ]})  # fmt: skip
        for document in (order, invoice, named, bill):
            self.assertFalse(document.amount_tax, document)
        bill.action_post()
        self.assertFalse(bill.amount_tax)

    def test_update_taxes_on_an_invoice_and_receipts(self):
        """*Update Taxes and Accounts* on the page of an invoice asks the certificate again."""
        bookkeeper = self.users["bookkeeper"]
        self._exempt(4)
        invoice = self._invoice().with_user(bookkeeper)
        receipt = self.env["account.move"].with_user(bookkeeper).create({
            "move_type": "out_receipt", "partner_id": self.customer.id,
            "invoice_line_ids": [
                Command.create({"product_id": self.product_a.id}),
                Command.create({"name": "Work", "price_unit": 30,
                                "tax_ids": [Command.set(self.tax_sale_b.ids)]}),
            ],
        })  # fmt: skip
        self.assertFalse(invoice.amount_tax or receipt.amount_tax)
        invoice.action_update_fpos_values()
        self.assertFalse(invoice.amount_tax, "valid still")
        self._expire()
        invoice.action_update_fpos_values()
        self.assertTrue(invoice.amount_tax)
        self.assertFalse(receipt.amount_tax)
        receipt.action_post()
        self.assertTrue(receipt.amount_tax, "it gets its date")
        self.assertIn("ended on", str(receipt.message_ids.mapped("body")))

    def test_a_tax_that_an_import_names_does_not_survive(self):
        self._exempt(5)
        moves = self.env["account.move"].with_user(self.users["bookkeeper"])
        result = moves.load(
            ["move_type", "partner_id/.id", "invoice_line_ids/name", "invoice_line_ids/price_unit",
             "invoice_line_ids/tax_ids/.id"],
            [["out_invoice", str(self.customer.id), "Work", "70", str(self.tax_sale_b.id)]],
        )  # fmt: skip
        self.assertFalse(result["messages"])
        invoice = moves.browse(result["ids"])
        self.assertFalse(invoice.amount_tax)
        orders = self.env["sale.order"].with_user(self.users["rep"])
        result = orders.load(
            ["partner_id/.id", "order_line/product_id/.id", "order_line/price_unit",
             "order_line/tax_ids/.id"],
            [[str(self.customer.id), str(self.product_a.id), "70", str(self.tax_sale_b.id)]],
        )  # fmt: skip
        self.assertFalse(result["messages"])
        self.assertFalse(orders.browse(result["ids"]).amount_tax)
        # A line added afterwards, and one saved with the form
        invoice.web_save(
            {"invoice_line_ids": [Command.create({
                "name": "More", "price_unit": 5, "tax_ids": [Command.set(self.tax_sale_a.ids)],
            })]}, {},
        )  # fmt: skip
        self.assertFalse(invoice.amount_tax)
        # The customer of a taxed draft becomes an exempt one.
        other = self._create_customer("Taxed")
        draft = self._invoice()
        draft.partner_id = other
        draft.action_update_fpos_values()
        self.assertTrue(draft.amount_tax)
        draft.partner_id = self.customer
        draft.action_post()
        self.assertFalse(draft.amount_tax)

    def test_named_before_the_customer_was_exempt(self):
        order, invoice = self._order(), self._invoice()
        self._exempt(5)
        for document in (order, invoice):
            document.fiscal_position_id = self.env.company._get_tax_exempt_position()
            self.assertTrue(document.amount_tax)
        order.action_confirm()
        invoice.action_post()
        self.assertFalse(order.amount_tax or invoice.amount_tax)

    def test_unless_accounting_says_so_on_the_document(self):
        self._exempt(5)
        self.product_a.invoice_policy = "order"
        rep, bookkeeper = self.users["rep"], self.users["bookkeeper"]
        order = self._order()
        for values in ({"taxed_despite_exemption": True},):
            with self.assertRaisesRegex(AccessError, "Only accounting or a Bizuno Manager"):
                order.with_user(rep).write(values)
            with self.assertRaisesRegex(AccessError, "Only accounting or a Bizuno Manager"):
                order.with_user(rep).create({"partner_id": self.customer.id, **values})
            orders = order.with_user(rep).with_context(default_taxed_despite_exemption=True)
            with self.assertRaisesRegex(AccessError, "Only accounting or a Bizuno Manager"):
                orders.create({"partner_id": self.customer.id})
        bookkeeper.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        with Form(order.with_user(bookkeeper)) as form:
            form.taxed_despite_exemption = True
        order.with_user(rep).order_line.tax_ids = self.tax_sale_b
        self.assertTrue(order.amount_tax)
        order.with_user(rep).action_confirm()
        invoice = order.with_user(rep)._create_invoices().sudo()
        self.assertTrue(invoice.taxed_despite_exemption)
        invoice.action_post()
        self.assertEqual(invoice.amount_tax, order.amount_tax)
        draft = self._invoice()
        with Form(draft.with_user(bookkeeper)) as form:
            form.taxed_despite_exemption = True
        draft.invoice_line_ids.tax_ids = self.tax_sale_b
        self.assertTrue(draft.amount_tax)
        draft.taxed_despite_exemption = False
        self.assertFalse(draft.amount_tax)

    # default tax and account

    def test_default_tax_where_the_product_names_none(self):
        self.customer.default_tax_id = self.tax_sale_b
        plain = self.product_b
        plain.taxes_id = False
        self.assertEqual(self._order(product=plain).order_line.tax_ids, self.tax_sale_b)
        self.assertEqual(self._order().order_line.tax_ids, self.tax_sale_a)
        invoice = self.init_invoice("out_invoice", self.customer, self.today, products=plain)
        self.assertEqual(invoice.invoice_line_ids.tax_ids, self.tax_sale_b)
        invoice = self._invoice()
        self.assertEqual(invoice.invoice_line_ids.tax_ids, self.tax_sale_a)
        self.customer.tax_exempt = True
        self.assertFalse(self._order(product=plain).order_line.tax_ids)

    def test_default_revenue_account_where_the_product_names_none(self):
        mine, theirs = [
            self.env["account.account"].create(
                {"name": name, "code": code, "account_type": "income"}
            )
            for name, code in (("Dealers", "400901"), ("Hardware", "400902"))
        ]
        self.customer.property_income_account_id = mine
        self.product_a.property_account_income_id = False
        self.product_b.property_account_income_id = theirs
        invoice = self.init_invoice(
            "out_invoice", self.customer, self.today, products=self.product_a + self.product_b
        )
        self.assertEqual(invoice.invoice_line_ids.mapped("account_id"), mine + theirs)
        bare = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [
                    Command.create({"name": "Work", "price_unit": 5}),
                    Command.create({"name": "Parts", "price_unit": 5, "account_id": theirs.id}),
                ],
            }
        )
        self.assertEqual(bare.invoice_line_ids.mapped("account_id"), mine + theirs)
        self.product_a.categ_id.property_account_income_categ_id = theirs
        self.assertEqual(self._invoice().invoice_line_ids.account_id, theirs)

    def test_defaults_come_from_the_settings(self):
        account = self.env["account.account"].create(
            {"name": "Sales", "code": "400903", "account_type": "income"}
        )
        receivable = self.company_data["default_account_receivable"].copy()
        settings = self.env["res.config.settings"].create(
            {
                "contact_income_account_id": account.id,
                "contact_tax_id": self.tax_sale_b.id,
                "contact_receivable_account_id": receivable.id,
            }
        )
        settings.execute()
        customer = self._create_customer("New")
        self.assertRecordValues(
            customer,
            [
                {
                    "property_income_account_id": account.id,
                    "default_tax_id": self.tax_sale_b.id,
                    "property_account_receivable_id": receivable.id,
                }
            ],
        )
        self.assertFalse(self.customer.property_income_account_id)

    # warning

    def _warn(self):
        with self.enter_registry_test_mode():
            self.env.ref("bizuno_crm.ir_cron_tax_exempt").method_direct_trigger()
        self.env.invalidate_all()

    @property
    def _activities(self):
        kind = self.env.ref("bizuno_crm.mail_activity_type_tax_exempt")
        return self.customer.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    @freeze_time("2026-03-01")
    def test_bookkeeper_is_warned_once_thirty_days_ahead(self):
        self.env.company.bookkeeper_id = self.users["bookkeeper"]
        self.customer.company_id = self.env.company
        self.customer.write({"tax_exempt": True, "tax_exempt_expiration": "2026-04-01"})
        self._warn()
        self.assertFalse(self._activities, "31 days ahead")
        self.customer.tax_exempt_expiration = "2026-03-31"
        self._warn()
        self._warn()
        self.assertEqual(self._activities.user_id, self.users["bookkeeper"])
        self.assertEqual(self._activities.date_deadline, Date.to_date("2026-03-31"))
        self.customer.tax_exempt_expiration = "2027-03-31"
        self.assertFalse(self._activities, "renewed")
        self.customer.tax_exempt_expiration = "2026-03-05"
        self._warn()
        self.assertEqual(len(self._activities), 1)
        self.customer.tax_exempt = False
        self.assertFalse(self._activities)

    @freeze_time("2026-03-01")
    def test_subsidiaries_have_certificates_of_their_own(self):
        self.env.company.bookkeeper_id = self.users["bookkeeper"]
        self.customer.is_company = True
        subsidiary, person = self.env["res.partner"].create([
            {"name": "Below", "is_company": True, "parent_id": self.customer.id},
            {"name": "Person", "parent_id": self.customer.id},
        ])  # fmt: skip
        subsidiary.write({"tax_exempt": True, "tax_exempt_expiration": "2026-03-20"})
        self.customer.write({"tax_exempt": True, "tax_exempt_expiration": "2026-03-21"})
        self.assertTrue(person.tax_exempt)
        self._warn()
        self.assertEqual(subsidiary.activity_ids.user_id, self.users["bookkeeper"])
        self.assertEqual(len(self._activities), 1)
        self.assertFalse(person.activity_ids, "of the company's certificate the company is warned")

    def test_somebody_with_invoicing_rights_is_warned_without_a_setting(self):
        user = self.env.company._get_bookkeeper()
        self.assertTrue(user.has_group("account.group_account_invoice"))
        self.assertFalse(user.has_group("base.group_system"))

    def test_it_is_a_bookkeeper_of_the_company_that_sells(self):
        """Not the administrator who happens to be in the first company."""
        first = self.env["res.company"].search([], limit=1)
        other = self.setup_other_company()["company"]
        beth = self.users["bookkeeper"].copy({
            "login": "beth", "company_id": other.id, "company_ids": [Command.set(other.ids)],
        })  # fmt: skip
        self.env.companies.bookkeeper_id = False
        first.bookkeeper_id = False
        self._exempt(5)
        self.customer.company_id = False
        self.env["sale.order"].with_company(other).create(
            {"partner_id": self.customer.id, "company_id": other.id}
        )
        self.assertEqual(self.customer.sudo()._get_bookkeeper(), beth)
        self._invoice().action_post()
        self.assertIn(self.env.company, self.customer.sudo()._get_bookkeeper().company_ids)
        self.env.company.bookkeeper_id = self.users["accountant"]
        self.assertEqual(self.customer.sudo()._get_bookkeeper(), self.users["accountant"])

    @freeze_time("2026-03-01")
    def test_the_reminder_says_what_is_the_case(self):
        from ... import messages  # noqa: PLC0415

        for certificate, expires, words in (
            ("TX-3", "2026-03-20", "The certificate TX-3 of Harbour Supply expires on 03/20/2026."),
            ("TX-3", "2026-02-20", "The certificate TX-3 of Harbour Supply expired on 02/20/2026."),
            (False, "2026-03-20", "Harbour Supply expires on 03/20/2026. There is no certificate."),
            (" ", "2026-02-20", "Harbour Supply expired on 02/20/2026. There is no certificate"),
        ):
            self.customer.write({
                "tax_exempt": True, "tax_exempt_certificate": certificate,
                "tax_exempt_expiration": expires,
            })  # fmt: skip
            self.assertIn(words, messages.tax_exempt_expires(self.env, self.customer))

    def _filtered(self, name):
        view = self.env["res.partner"].get_view(
            self.env.ref("base.view_res_partner_filter").id, "search"
        )
        [domain] = etree.fromstring(view["arch"]).xpath(f"//filter[@name='{name}']/@domain")
        return self.env["res.partner"].search(literal_eval(domain))

    def test_filters_for_the_auditor(self):
        soon, expired, valid, bare = (
            self._create_customer(
                name, tax_exempt=True, tax_exempt_certificate=certificate,
                tax_exempt_expiration=days is not None and self.today + timedelta(days),
            )
            for name, certificate, days in (
                ("Soon", "S", 30), ("Expired", "E", -1), ("Valid", "V", 31), ("Bare", "", None)
            )
        )  # fmt: skip
        every = soon + expired + valid + bare
        for name, expected in (
            ("tax_exempt", soon + valid + bare),
            ("tax_exempt_expiring", soon),
            ("tax_exempt_expired", expired),
            ("tax_exempt_uncertified", bare),
        ):
            self.assertEqual(self._filtered(name) & every, expected, name)
