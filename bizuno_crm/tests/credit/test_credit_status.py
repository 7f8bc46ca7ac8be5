import itertools

from lxml import etree
from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from ..common_credit import CreditCommon
from ..common_pages import recorded_queries


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15")
class TestCreditStatus(CreditCommon):
    def test_the_first_that_applies(self):
        self.assertEqual(self._status(self.customer), "ok")
        self.assertFalse(self.customer.credit_message)
        self._invoice(900, post=True, invoice_date="2025-11-01")
        self.assertEqual(self._status(self.customer), "past_due")
        self.assertIn("900.00", self.customer.credit_message)
        self._invoice(200, post=True)
        self.assertEqual(self._status(self.customer), "over_limit")
        self.assertRegex(
            self.customer.credit_message, "limit of .*1,000.00.* by .*100.00.*1,100.00"
        )
        self.customer.write({"account_status": "hold", "account_status_reason": "Cheque bounced"})
        self.assertEqual(self._status(self.customer), "hold")
        self.assertIn("Cheque bounced", self.customer.credit_message)
        self.customer.account_status = "locked"
        self.assertEqual(self._status(self.customer), "locked")

    def test_past_due_is_the_figure_of_the_aged_receivables(self):
        self._invoice(900, post=True, invoice_date="2025-11-01")
        payment = self.env["account.payment"].create(
            {"amount": 250, "payment_type": "inbound", "partner_id": self.customer.id}
        )
        payment.action_post()
        self.assertEqual(self._status(self.customer), "past_due")
        self.assertEqual(self.customer.aged_past_due, 900)
        self.assertIn("900.00 past due", self.customer.aged_summary)
        self.assertRegex(
            self.customer.credit_message, "900.00 past due, less unapplied payments of .*250.00"
        )
        payment.action_draft()
        payment.amount = 900
        payment.action_post()
        self.assertEqual(self._status(self.customer), "ok", "all that is past due has been paid")
        found = self.env["res.partner"].search(
            [("credit_status", "=", "past_due"), ("id", "=", self.customer.id)]
        )
        self.assertFalse(found)

    def test_exactly_at_the_limit_is_ok(self):
        self._invoice(999.99, post=True)
        self.assertEqual(self._status(self._order(0.01)), "ok")
        self.assertEqual(self._status(self._order(0.02)), "over_limit")

    def test_limit_zero_is_no_limit(self):
        self.customer.credit_limit = 0
        self._invoice(100000, post=True)
        self.assertEqual(self._status(self.customer), "ok")
        self.assertEqual(self._status(self._order(100000)), "ok")

    def test_credit_notes_and_unapplied_payments_count(self):
        self._invoice(1500, post=True)
        refund = self._invoice(300, post=True, move_type="out_refund")
        self.assertEqual(self._status(self.customer), "over_limit")
        self.assertEqual(self._status(refund), "over_limit")
        payment = self.env["account.payment"].create(
            {
                "amount": 300,
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
            }
        )
        payment.action_post()
        self.assertEqual(self._status(self.customer), "ok")

    def test_the_document_counts_once(self):
        order = self._order(600)
        self.assertEqual(self._status(order), "ok")
        self._invoice(500, post=True)
        self.assertEqual(self._status(order), "over_limit")
        self.assertRegex(order.credit_message, "by .*100.00: .*500.00 open, .*600.00 for this quot")
        for scope in ("invoices", "invoices_and_orders"):
            self.company.credit_scope = scope
            self.customer.credit_limit = 1100
            confirmed = self._order(600)
            confirmed.action_confirm()
            self.assertEqual(self._status(confirmed), "ok", scope)
            invoice = confirmed._create_invoices()
            self.assertEqual(self._status(invoice), "ok", scope)
            invoice.action_post()
            self.assertEqual(self._status(invoice), "ok", scope)
            self.customer.credit_limit = 1099
            self.assertEqual(self._status(invoice), "over_limit", scope)
            invoice.button_draft()
            invoice.button_cancel()
            confirmed._action_cancel()

    def test_orders_count_if_the_company_wants_it(self):
        self._order(800).action_confirm()
        other = self._order(300)
        self.assertEqual(self._status(other), "ok")
        self.company.credit_scope = "invoices_and_orders"
        self.assertEqual(self._status(other), "over_limit")
        self.assertEqual(self._status(self.customer), "ok")

    def test_a_down_payment_is_part_of_its_order(self):
        self.company.credit_scope = "invoices_and_orders"
        order = self._order(1000)
        order.action_confirm()
        self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids).create(
            {"advance_payment_method": "fixed", "fixed_amount": 400}
        ).create_invoices()
        invoice = order.invoice_ids
        self.assertEqual(self._status(invoice), "ok")
        invoice.action_post()
        self.assertEqual(self._status(self.customer), "ok")
        final = order._create_invoices(final=True)
        self.assertEqual(self._status(final), "ok")
        final.action_post()
        self.assertEqual(self._status(self.customer), "ok")

    def test_documents_in_another_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": currency.id}
        )
        order = self._order(1900, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        self.assertEqual(self._status(order), "ok")
        self.assertEqual(self._status(self._order(2100, pricelist_id=pricelist.id)), "over_limit")
        invoice = self._invoice(1900, currency_id=currency.id)
        self.assertEqual(self._status(invoice), "ok")
        invoice.action_post()
        self.assertEqual(self._status(self._order(60)), "over_limit")

    def test_contacts_of_the_customer_share_its_account(self):
        child = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self._invoice(800, partner=child, post=True)
        self.assertEqual(self._status(self._order(300)), "over_limit")
        self.assertEqual(self._status(self._order(300, partner=child)), "over_limit")
        self.customer.account_status = "hold"
        self.assertEqual(self._status(child), "hold")

    def test_it_is_right_per_company(self):
        other = self.setup_other_company()["company"]
        self.customer.with_company(other).bizuno_terms = "0:0:0:30:50"
        self._invoice(900, post=True)
        there = (
            self.env["sale.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": other.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.product.id, "price_unit": 40, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        here = self._order(200)
        both = self.env.user.company_ids
        for active in (self.company | other, other | self.company):
            orders = (here + there).with_context(allowed_company_ids=active.ids)
            self.assertLessEqual(active, both)
            self.assertEqual(orders.mapped("credit_status"), ["over_limit", "ok"])
            orders.invalidate_recordset()

    def test_in_the_form_before_it_is_saved(self):
        self._invoice(900, post=True)
        self.customer.account_status = "active"
        form = Form(self.env["sale.order"])
        form.partner_id = self.customer
        self.assertEqual(form.credit_status, "ok")
        with form.order_line.new() as line:
            line.product_id = self.product
            line.price_unit = 150
        self.assertEqual(form.credit_status, "over_limit", form.tax_totals)
        self.assertTrue(form.credit_message)
        form = Form(self.env["account.move"].with_context(default_move_type="out_invoice"))
        form.partner_id = self.customer
        with form.invoice_line_ids.new() as line:
            line.name = "Pump"
            line.price_unit = 150
            line.tax_ids.clear()
        self.assertEqual(form.credit_status, "over_limit")

    # who sees what

    def test_reps_see_the_status_and_no_figure_that_odoo_hides(self):
        self._invoice(900, post=True)
        order = self._order(200)
        self.assertIn("1,000.00", order.credit_message)
        self.env.invalidate_all()
        order = order.with_user(self.rep)
        self.assertEqual(order.credit_status, "over_limit")
        self.assertRegex(order.credit_message, "exceeds the credit limit with this quotation")
        self._invoice(500, post=True, invoice_date="2025-10-01")
        customer = self.customer.with_user(self.rep)
        for status in ("over_limit", "past_due"):
            self.customer.sudo().credit_limit = 1000 if status == "over_limit" else 0
            self.assertEqual(self._status(customer), status)
            for message in (customer.credit_message, order.credit_message):
                self.assertNotRegex(message or "", r"\d")

    def test_one_message_not_two(self):
        self.company.account_use_credit_limit = True
        self._invoice(900, post=True)
        order, invoice = self._order(200), self._invoice(200)
        self.assertTrue(order.credit_message)
        # The value is Odoo's, and other programs read it: only the banner gives way.
        self.assertTrue(order.partner_credit_warning)
        arch = self.env["sale.order"].get_view(self.env.ref("sale.view_order_form").id)["arch"]
        (banner,) = etree.fromstring(arch).xpath("//field[@name='partner_credit_warning']/..")
        self.assertEqual(
            banner.get("invisible"), "(partner_credit_warning == '') or (credit_message)"
        )
        self.assertTrue(invoice.partner_credit_warning)
        self.assertNotIn("account_partner_credit_warning", invoice._get_alerts())
        self.assertTrue(invoice.credit_message)

    # lists

    def test_search_says_what_the_list_shows(self):
        late = self._create_customer("Late", bizuno_terms="0:0:0:30:0")
        held = self._create_customer("Held", account_status="hold")
        locked = self._create_customer("Locked", account_status="locked")
        tight = self._create_customer("Tight", bizuno_terms="0:0:0:30:10")
        child = self.env["res.partner"].create({"name": "Ann", "parent_id": tight.id})
        self._invoice(100, partner=late, post=True, invoice_date="2025-10-01")
        self._invoice(100, partner=tight, post=True)
        self._invoice(100, partner=held, post=True)
        partners = self.customer + late + held + locked + tight + child
        documents = self.env["sale.order"]
        for partner in partners:
            documents |= self._order(5, partner=partner) | self._order(2000, partner=partner)
        documents[0].action_confirm()
        # who orders is not who owes
        for orders, owes in ((held, late), (late, locked), (tight, late), (late, tight)):
            documents |= self._order(50, partner=orders)
            documents[-1].partner_invoice_id = owes
        moves = self.env["account.move"].search([("commercial_partner_id", "in", partners.ids)])
        moves |= self._invoice(5) | self._invoice(2000) | self._invoice(1, partner=late)
        moves |= self._invoice(1, move_type="in_invoice") | self._invoice(
            1, partner=tight, move_type="out_refund"
        )
        for scope in ("invoices", "invoices_and_orders"):
            self.company.credit_scope = scope
            self.env.invalidate_all()
            for records in (partners, documents, moves):
                self._assert_page_and_list_agree(records)
                here = [("id", "in", records.ids)]
                statuses = ("ok", "past_due", "over_limit", "hold", "locked")
                for status in statuses:
                    shown = records.filtered(lambda one, status=status: one.credit_status == status)
                    label = f"{records._name} {status} {scope}"
                    found = records.search([*here, ("credit_status", "=", status)])
                    self.assertEqual(set(found), set(shown), label)
                    found = records.search([*here, ("credit_status", "!=", status)])
                    self.assertEqual(set(found), set(records - shown), label)
                # What is asked for narrows down whose accounts are looked at.
                for some in itertools.combinations(statuses, 2):
                    found = records.search([*here, ("credit_status", "in", some)])
                    shown = records.filtered(lambda one, some=some: one.credit_status in some)
                    self.assertEqual(set(found), set(shown), f"{records._name} {some} {scope}")
                    self._assert_page_of(found, [*here, ("credit_status", "in", some)])

    def _assert_page_of(self, found, domain):
        """What the client asks for has the rows of a search, and counts as Odoo does."""
        for offset, limit, count_limit in ((0, 80, 10001), (1, 2, 10001), (0, 1, 2), (90, 5, None)):
            page = found.web_search_read(
                domain, {"display_name": {}}, offset, limit, count_limit=count_limit
            )
            shown = found[offset : offset + limit]
            self.assertEqual([one["id"] for one in page["records"]], shown.ids, domain)
            length = min(len(found), count_limit or len(found)) if shown else 0
            self.assertEqual(page["length"], length, domain)

    def test_a_filter_sums_up_once_what_customers_owe(self):
        """The list, and how many there are: as those who read orders and invoices."""
        users = self._create_users(
            "landing",
            {
                "clerk": "account.group_account_invoice,sales_team.group_sale_salesman_all_leads",
                "guest": "base.group_portal",
            },
        )
        late = self._create_customer("Late Landing", bizuno_terms="0:0:0:30:0")
        orders = self.env["sale.order"]
        for number in range(3):
            day = f"2025-08-0{number + 1}"
            self._invoice(70 + number, partner=late, post=True, invoice_date=day)
            orders |= self._order(35 + number, partner=late)
        moves = self.env["account.move"].search([("partner_id", "=", late.id)])
        for documents in (orders, moves):
            documents = documents.with_user(users["clerk"])
            domain = [("id", "in", documents.ids), ("credit_status", "=", "past_due")]
            self.env.flush_all()
            with recorded_queries() as queries:
                page = documents.web_search_read(domain, {"name": {}}, limit=2, count_limit=100)
            self.assertEqual((len(page["records"]), page["length"]), (2, 3))
            counted = [query for query in queries if "COUNT(*)" in query]
            self.assertEqual(len(counted), 1, "\n".join(counted))
            self.assertIn("COUNT(*) OVER ()", counted[0])
            with self.assertRaises(AccessError):
                documents.with_user(users["guest"]).web_search_read(domain, {"name": {}}, limit=2)

    def test_drafts_have_one_status_in_filter_list_and_page(self):
        """What they take over from orders, what their installments come to, and who owes them."""
        other = self._create_customer("Other", bizuno_terms="0:0:0:30:500")
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": currency.id}
        )
        orders = self.env["sale.order"]
        for amount, values in (
            (200, {}), (100, {"partner": other}), (50, {"pricelist_id": pricelist.id}),
            (150, {"partner_invoice_id": other.id}), (250, {}), (30, {}),
        ):  # fmt: skip
            order = self._order(amount, **values)
            order.order_line.product_uom_qty = 2
            orders |= order
        orders.action_confirm()
        posted, *rest = [order._create_invoices() for order in orders]
        posted.invoice_line_ids.quantity = 1
        posted.action_post()
        moves = self.env["account.move"].concat(*rest, orders[0]._create_invoices())
        dearer, mixed = moves[3], moves[4]
        dearer.invoice_line_ids.price_unit = 400
        mixed.write({"invoice_line_ids": [Command.create({"name": "More", "price_unit": 500,
                                                          "tax_ids": False})]})  # fmt: skip
        self.env["sale.advance.payment.inv"].with_context(active_ids=orders[0].ids).create(
            {"advance_payment_method": "fixed", "fixed_amount": 50}
        ).create_invoices()
        moves |= orders[0].invoice_ids
        moves |= self._invoice(300) | self._invoice(-300, move_type="out_refund")
        # a debt that stands on the account of somebody else, and one whose installments do
        moves |= self._invoice(450) | self._invoice(800)
        moves[-2].line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        ).partner_id = other
        seen = set()
        for scope in ("invoices", "invoices_and_orders"):
            self.company.credit_scope = scope
            for limit in (1, 300, 700, 1000, 1300, 1600, 1900, 2500):
                self.customer.credit_limit = limit
                other.credit_limit = limit / 2
                self.env.flush_all()
                self.env.invalidate_all()
                self._assert_page_and_list_agree(moves)
                found = moves.search(
                    [("id", "in", moves.ids), ("credit_status", "=", "over_limit")]
                )
                shown = moves.filtered(lambda move: move.credit_status == "over_limit")
                self.assertEqual(set(found), set(shown), f"{scope}, limit {limit}")
                seen |= {(move, move in shown) for move in moves}
        # Every one of them is over the limit in one of these cases, and is not in another.
        self.assertEqual(len(seen), 2 * len(moves))

    def _assert_page_and_list_agree(self, records):
        """A list reads the status of all at once, in SQL; a page works out that of one."""
        records.invalidate_recordset()
        in_list = {one.id: one.credit_status for one in records}
        records.invalidate_recordset()
        self.assertEqual({id_: records.browse(id_).credit_status for id_ in in_list}, in_list)

    def test_status_of_eighty_costs_as_much_as_of_one(self):
        customers = self._create_customer("C0")
        for number in range(1, 80):
            customers |= self._create_customer(f"C{number}")
        orders = self.env["sale.order"].concat(
            *(self._order(10, partner=customer) for customer in customers)
        )
        moves = self.env["account.move"].concat(
            *(self._invoice(10, partner=customer) for customer in customers)
        )
        self.env.flush_all()
        for scope in ("invoices", "invoices_and_orders"):
            self.company.credit_scope = scope
            for records in (customers, orders, moves):
                counts = []
                for some in (records[:1], records):
                    self.env.flush_all()
                    self.env.invalidate_all()
                    before = self.env.cr.sql_log_count
                    some.with_user(self.users["bookkeeper"]).mapped("credit_status")
                    counts.append(self.env.cr.sql_log_count - before)
                self.assertLessEqual(counts[1], counts[0] + 3, f"{records._name} {scope}")

    def test_judging_many_orders_costs_as_much_as_judging_one(self):
        """Over the limit, so that all is looked up: payments, approvals, rates."""
        self.company.credit_policy = "approval"
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": currency.id}
        )
        orders = self.env["sale.order"]
        for number in range(20):
            partner = self._create_customer(f"C{number}", bizuno_terms="0:0:0:30:10")
            orders |= self._order(500, partner=partner, pricelist_id=pricelist.id)
        self.env["bizuno.credit.approval"].with_user(self.users["accountant"]).create(
            [{"order_id": order.id, "reason": "Paid", "amount": 500} for order in orders[::2]]
        )
        counts = []
        for some in (orders[1], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            verdicts = some._get_credit_verdicts(self.company, False, False)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(verdicts), 10)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_employees_without_sales_rights_read_contacts_as_ever(self):
        customer = self.customer.with_user(self.users["employee"])
        self.assertEqual(customer.credit_status, "ok")
        self.assertEqual(fields.Date.context_today(customer).isoformat(), "2026-01-15")
