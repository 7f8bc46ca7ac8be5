from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditKinds(CreditCommon):
    """Ways round the credit wall by way of another record: another customer's order, another
    orderer, another account, another rate. Tried as the person who has the right to send the call.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_policy = "block"
        cls.company.credit_scope = "invoices_and_orders"
        cls.bookkeeper = cls.users["bookkeeper"]
        cls.able = cls._create_customer("Able", is_company=True, credit_limit=1000.0)
        cls.free = cls._create_customer("Free", is_company=True)
        cls.free.credit_limit = 0.0
        cls.company.contact_default_terms = "3:0:0:30:1000"

    def _refused(self, way, text, error=UserError):
        self._stopped(way, text, error)

    def _new_customer(self, name):
        partner = self.env["res.partner"].with_user(self.rep)
        return partner.create({"name": name, "role_customer": True}).sudo().with_env(self.env)

    # what another customer has ordered

    def test_an_invoice_takes_over_its_own_customers_orders_only(self):
        order = self._confirmed(5000, self.free)
        invoice = order._create_invoices().with_user(self.bookkeeper)
        invoice.partner_id = self.able
        self._refused(invoice.action_post, "Able is over the credit limit")
        self._refused(lambda: invoice.write({"state": "posted"}), "Able is over the credit limit")
        other = self._invoice(4000, partner=self.able).with_user(self.bookkeeper)
        other.invoice_line_ids.sale_line_ids = order.order_line
        self._refused(other.action_post, "Able is over the credit limit")
        # To a contact of who has ordered it goes on.
        contact = self.env["res.partner"].create({"name": "Free's", "parent_id": self.free.id})
        invoice.partner_id = contact
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_what_was_approved_was_for_who_ordered_as_well(self):
        self.company.credit_policy = "approval"
        held = self._create_customer("Held Harbour", account_status="hold")
        approvals = self.env["bizuno.credit.approval"].with_user(self.users["accountant"])
        order = self._order(1500, self.able)
        approvals.create({"order_id": order.id, "amount": 1500, "reason": "Paid tomorrow"})
        mine = order.with_user(self.rep)
        mine.write({"partner_id": held.id, "partner_invoice_id": self.able.id})
        self._refused(mine.action_confirm, "Held Harbour is on credit hold")
        mine.write({"partner_id": self.able.id, "partner_invoice_id": self.able.id})
        mine.action_confirm()
        self._refused(
            lambda: mine.write({"partner_id": held.id, "partner_invoice_id": self.able.id}),
            "Held Harbour",
        )

    def test_what_was_approved_is_billed_once_whoever_is_credited(self):
        self.company.credit_policy = "approval"
        order = self._order(1500, self.able)
        self.env["bizuno.credit.approval"].with_user(self.users["accountant"]).create(
            {"order_id": order.id, "amount": 1500, "reason": "Known"}
        )
        order.action_confirm()
        order._create_invoices().action_post()

        def bill(partner, move_type):
            move = self._invoice(1500, partner=partner, move_type=move_type)
            move = move.with_user(self.bookkeeper)
            move.invoice_line_ids.sale_line_ids = order.order_line
            move.action_post()
            return move

        bill(self.free, "out_refund")
        self._refused(lambda: bill(self.able, "out_invoice"), "Able is over the credit limit")
        # Nor by a day on which another currency was worth little.
        currency = self.env["res.currency"].create({"name": "LIT", "symbol": "l"})
        self.env["res.currency.rate"].create([
            {"currency_id": currency.id, "company_id": self.company.id, "name": day, "rate": rate}
            for day, rate in (("2020-01-01", 500), ("2021-01-01", 1))
        ])  # fmt: skip
        bill(self.able, "out_refund")
        small = self._invoice(
            9000, partner=self.able, currency_id=currency.id, invoice_date="2020-06-01"
        ).with_user(self.bookkeeper)
        small.invoice_line_ids.sale_line_ids = order.order_line
        self._refused(small.action_post, "Able is over the credit limit")
        self.assertEqual(bill(self.able, "out_invoice").state, "posted")

    # what an invoice comes to

    def test_a_rate_of_ones_own_makes_no_debt_smaller(self):
        currency = self.env["res.currency"].create({"name": "CHE", "symbol": "c"})
        self.env["res.currency.rate"].create({
            "currency_id": currency.id, "company_id": self.company.id, "name": "2020-01-01",
            "rate": 2,
        })  # fmt: skip
        for post in (
            lambda move: (move.write({"invoice_currency_rate": 1000.0}), move.action_post()),
            lambda move: move.write({"invoice_currency_rate": 1000.0, "state": "posted"}),
            lambda move: move.web_save({"invoice_currency_rate": 999.0, "state": "posted"}, {}),
        ):
            draft = self._invoice(6000, partner=self.able, currency_id=currency.id)
            self._refused(lambda: post(draft.with_user(self.bookkeeper)), "3,000.00")  # noqa: B023
            self.assertEqual(draft.state, "draft")
        draft = self._invoice(1100, partner=self.able).with_user(self.bookkeeper)
        draft.write({"invoice_currency_rate": 50.0})
        self._refused(draft.action_post, "1,100.00")
        # At a dearer one it is what the ledger says.
        draft = self._invoice(600, partner=self.able, currency_id=currency.id)
        draft.invoice_currency_rate = 0.5
        self._refused(draft.with_user(self.bookkeeper).action_post, "1,200.00")
        draft.invoice_currency_rate = 2.1
        draft.with_user(self.bookkeeper).action_post()
        self.assertEqual(draft.state, "posted")

    def test_a_day_of_ones_own_makes_no_order_smaller(self):
        currency = self.env["res.currency"].create({"name": "DRE", "symbol": "d"})
        self.env["res.currency.rate"].create([
            {"currency_id": currency.id, "company_id": self.company.id, "name": day, "rate": rate}
            for day, rate in (("2020-01-01", 40), ("2021-01-01", 2))
        ])  # fmt: skip
        pricelist = self.env["product.pricelist"].create({"name": "D", "currency_id": currency.id})
        order = self._order(6000, self.able, pricelist_id=pricelist.id)
        mine = order.with_user(self.rep)
        mine.date_order = "2020-06-01 10:00:00"
        for way in (
            lambda: mine.write({"state": "sale"}),
            lambda: mine.web_save({"state": "sale", "date_order": "2020-07-01 10:00:00"}, {}),
            lambda: mine.copy({"state": "sale", "date_order": "2020-07-01 10:00:00"}),
            mine.action_confirm,
        ):
            self._refused(way, "Able exceeds the credit limit")
        self.assertEqual(order.state, "draft")
        # Nor does one that is confirmed grow by it.
        mine.order_line.price_unit = 1500
        mine.action_confirm()
        mine.write({"date_order": "2020-06-01 10:00:00"})
        self._refused(lambda: mine.order_line.write({"price_unit": 9000}), "Able exceeds")

    def test_a_day_of_ones_own_makes_no_invoice_smaller(self):
        currency = self.env["res.currency"].create({"name": "DRI", "symbol": "d"})
        self.env["res.currency.rate"].create([
            {"currency_id": currency.id, "company_id": self.company.id, "name": day, "rate": rate}
            for day, rate in (("2020-01-01", 40), ("2021-01-01", 2))
        ])  # fmt: skip
        for day, amount in (("2020-06-01", 6000), ("2021-06-01", 6000)):
            draft = self._invoice(
                amount, partner=self.able, currency_id=currency.id, invoice_date=day
            ).with_user(self.bookkeeper)
            self._refused(draft.action_post, "3,000.00")
            self._refused(lambda: draft.write({"state": "posted"}), "3,000.00")  # noqa: B023
        draft = self._invoice(
            1900, partner=self.able, currency_id=currency.id, invoice_date="2020-06-01"
        ).with_user(self.bookkeeper)
        draft.action_post()
        self.assertEqual((draft.state, draft.amount_total_signed), ("posted", 47.5))

    def test_what_is_confirmed_together_is_judged_together_in_any_currency(self):
        self.company.credit_scope = "invoices"
        currency = self.env["res.currency"].create({"name": "TOG", "symbol": "t"})
        self.env["res.currency.rate"].create({
            "currency_id": currency.id, "company_id": self.company.id, "name": "2020-01-01",
            "rate": 4,
        })  # fmt: skip
        pricelist = self.env["product.pricelist"].create({"name": "T", "currency_id": currency.id})
        own = self._order(700, self.able)
        foreign = self._order(1600, self.able, pricelist_id=pricelist.id)
        both = (own + foreign).with_user(self.rep)
        self._refused(both.action_confirm, "Able exceeds the credit limit")
        self.assertEqual(set(both.mapped("state")), {"draft"})
        foreign.order_line.price_unit = 1000
        both.action_confirm()
        self.assertEqual(set(both.mapped("state")), {"sale"})

    def test_a_debt_is_always_somebodys(self):
        invoice = self._invoice(800, partner=self.able, post=True).with_user(self.bookkeeper)
        item = invoice.line_ids - invoice.invoice_line_ids
        for way in (
            lambda: item.write({"partner_id": False}),
            lambda: item.web_save({"partner_id": False}, {}),
            lambda: invoice.with_context(skip_readonly_check=True).write(
                {"line_ids": [Command.update(item.id, {"partner_id": 0})]}
            ),
            lambda: invoice.with_context(skip_readonly_check=True).write({"partner_id": False}),
            lambda: invoice.with_context(skip_readonly_check=True).web_save(
                {"partner_id": False}, {}
            ),
        ):
            self._refused(way, "The receivable of INV/.* needs a customer")
            self.assertEqual(item.partner_id, self.able)
        position = self.able._get_credit_positions(self.company)[self.able.id]
        self.assertEqual(position.open, 800)

    def test_a_negative_credit_note_is_an_invoice(self):
        refund = self._invoice(-5000, partner=self.able, move_type="out_refund")
        mine = refund.with_user(self.bookkeeper)
        self._refused(lambda: mine.write({"state": "posted"}), "Able is over the credit limit")
        self._refused(mine.action_post, "negative total")
        # What is given back is never stopped.
        refund = self._invoice(5000, partner=self.able, move_type="out_refund")
        refund.with_user(self.bookkeeper).action_post()
        self.assertEqual(refund.state, "posted")

    def test_each_installment_is_owed_by_somebody(self):
        baker = self._create_customer("Baker", is_company=True)
        baker.credit_limit = 0.0
        term = self.env["account.payment.term"].create({
            "name": "Two", "line_ids": [
                Command.create({"value": "percent", "value_amount": 1, "nb_days": 0}),
                Command.create({"value": "percent", "value_amount": 99, "nb_days": 30}),
            ],
        })  # fmt: skip
        invoice = self._invoice(5000, partner=self.free, invoice_payment_term_id=term.id)
        invoice.action_post()
        first, second = (invoice.line_ids - invoice.invoice_line_ids).sorted("date_maturity")
        first.partner_id = baker
        self._refused(
            lambda: second.with_user(self.bookkeeper).write({"partner_id": self.able.id}),
            "Able is over the credit limit",
        )

    def test_delivered_goods_are_billed_without_taxes_of_ones_own(self):
        order = self._without_control(lambda: self._confirmed(5000, self.able))
        order.order_line.qty_delivered = 1
        tax = self.env["account.tax"].create(
            {"name": "Nine", "amount": 900, "type_tax_use": "sale", "company_id": self.company.id}
        )
        invoice = order._create_invoices().with_user(self.bookkeeper)
        invoice.invoice_line_ids.tax_ids = tax
        self._refused(invoice.action_post, "Able is over the credit limit")
        # The product's own come with the law, though the order had none.
        self.product.taxes_id = tax
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    # what is owed and ordered, put on another account

    def test_a_rep_brings_no_account_over_its_limit_by_moving_contacts(self):
        self._confirmed(900, self.able)
        # Commands are carried out as who began the transaction: the rep, as in a remote call.
        transaction, origin = self.env.transaction, self.env.transaction.default_env
        self.addCleanup(setattr, transaction, "default_env", origin)
        transaction.default_env = self.env(user=self.rep.id, su=False)
        for number, door in enumerate((
            lambda one: one.write({"parent_id": self.able.id}),
            lambda one: one.web_save({"parent_id": self.able.id}, {}),
            lambda one: self.able.with_user(self.rep).write(
                {"child_ids": [Command.link(one.id)]}
            ),
            lambda one: self.env["res.partner"].with_user(self.rep).load(
                [".id", "parent_id/.id"], [[str(one.id), str(self.able.id)]]
            ),
        )):  # fmt: skip
            kim = self._new_customer("Kim")
            self._confirmed(150, kim)
            try:
                with self.env.cr.savepoint():
                    refusal = str(door(kim.with_user(self.rep)))
            except UserError as error:
                refusal = str(error)
            self.env.invalidate_all()
            with self.subTest(number):
                self.assertIn("put Able over the credit limit", refusal)
            self.assertFalse(kim.parent_id)
        fits = self._new_customer("Lee")
        self._confirmed(90, fits)
        fits.with_user(self.rep).parent_id = self.able
        self.assertEqual(fits.commercial_partner_id, self.able)
        # Whoever may raise the limit may do it.
        transaction.default_env = origin
        kim.with_user(self.bookkeeper).parent_id = self.able
        self.assertEqual(kim.commercial_partner_id, self.able)

    def test_nor_by_taking_out_who_owes_much(self):
        lee = self.env["res.partner"].create({"name": "Lee", "parent_id": self.free.id})
        self._confirmed(7000, lee)
        self._refused(
            lambda: lee.with_user(self.rep).write({"parent_id": False}),
            "put Lee over the credit limit",
        )
        self._refused(
            lambda: lee.with_user(self.rep).write({"is_company": True}),
            "put Lee over the credit limit",
        )

    def test_nor_by_merging_doubles(self):
        self._confirmed(700, self.able)
        double = self._new_customer("Able")
        self._invoice(400, partner=double, post=True)
        merge = self.env["base.partner.merge.automatic.wizard"].with_user(self.rep)
        merge = merge.create({
            "partner_ids": [Command.set((self.able + double).ids)], "dst_partner_id": self.able.id,
        })  # fmt: skip
        self._refused(merge.action_merge, "put Able over the credit limit")
        self.assertTrue(double.exists())
        (self.able + double).write({"user_id": self.rep.id, "email": "able@example.com"})
        lead = self.env["res.partner"].create({
            "name": "Able", "role_lead": True, "user_id": self.rep.id, "email": "able@example.com",
        })  # fmt: skip
        self._without_control(lambda: self._confirmed(600, lead))
        convert = self.env["bizuno.lead.convert"].with_user(self.rep).create({"lead_ids": lead.ids})
        convert.line_ids.write({"decision": "merge", "target_id": self.able.id})
        self._refused(convert.action_confirm, "put Able over the credit limit")

    def test_a_person_who_gets_a_company_takes_the_account_along(self):
        kim = self._create_customer("Kim", company_name="Kim Inc", user_id=self.rep.id)
        kim.credit_limit = 400
        self._without_control(lambda: self._confirmed(500, kim))
        # More than the limit before and after: nothing is lent by it.
        kim.with_user(self.rep).create_company()
        self.assertEqual(kim.commercial_partner_id.name, "Kim Inc")
        self.assertEqual(kim.commercial_partner_id.credit_limit, 400)
        self._refused(
            self._order(10, kim.commercial_partner_id).with_user(self.rep).action_confirm,
            "Kim Inc",
        )

    def test_where_the_company_only_warns_contacts_move_freely(self):
        self.company.credit_policy = "warn"
        self._confirmed(900, self.able)
        kim = self._new_customer("Kim")
        self._confirmed(900, kim)
        kim.with_user(self.rep).parent_id = self.able
        self.assertEqual(kim.commercial_partner_id, self.able)

    # what Odoo's own dialogs do to a confirmed order

    def test_dialogs_of_a_confirmed_order(self):
        self.company.sale_discount_product_id = self.env["product.product"].create(
            {"name": "Discount", "type": "service", "taxes_id": [Command.clear()]}
        )
        order = self._confirmed(900, self.able)
        self.product.lst_price = 3000
        self.product.taxes_id = self.env["account.tax"].create(
            {"name": "50", "amount": 50, "type_tax_use": "sale", "company_id": self.company.id}
        )
        mine = order.with_user(self.rep)

        def discount(**values):
            wizard = self.env["sale.order.discount"].with_user(self.rep)
            return wizard.create({"sale_order_id": order.id, **values}).action_apply_discount

        for way in (
            mine.action_update_prices,
            mine.action_update_taxes,
            discount(discount_type="amount", discount_amount=-2000),
            discount(discount_type="so_discount", discount_percentage=-1.5),
            discount(discount_type="sol_discount", discount_percentage=-1.5),
        ):
            self._refused(way, "Able exceeds the credit limit")
            self.assertEqual(order.amount_total, 900)
        discount(discount_type="amount", discount_amount=300)()
        self.assertEqual(order.amount_total, 600)
        self.product.taxes_id = [Command.clear()]
        self._confirmed(350, self.able)
        # The discount is not taken off again.
        self._refused(
            lambda: mine.write(
                {"order_line": [Command.update(order.order_line[-1].id, {"price_unit": 0})]}
            ),
            "Able",
        )

    def test_what_is_copied_or_corrected_is_judged_again(self):
        invoice = self._invoice(900, partner=self.able, post=True).with_user(self.bookkeeper)
        copied = invoice.copy()
        self._refused(copied.action_post, "Able is over the credit limit")
        reversal = self.env["account.move.reversal"].with_user(self.bookkeeper)
        reversal = reversal.with_context(active_model="account.move", active_ids=invoice.ids)
        action = reversal.create({"journal_id": invoice.journal_id.id}).modify_moves()
        draft = invoice.browse(action["res_id"])
        draft.invoice_line_ids.price_unit = 1200
        self._refused(draft.action_post, "Able is over the credit limit")
        draft.invoice_line_ids.price_unit = 1000
        draft.action_post()
        self.assertEqual(draft.state, "posted")

    def test_no_payment_of_another_order_is_linked(self):
        order = self._order(5000, self.able)
        self._refused(
            lambda: order.with_user(self.rep).write({"transaction_ids": [Command.link(1)]}),
            "the system calculates it",
            AccessError,
        )
