from odoo.tests import freeze_time, tagged

from .common_aging import AgingCommon
from .common_pages import recorded_queries


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestPageCosts(AgingCommon):
    """Pages cost as many queries for many rows as for few, and are right at both."""

    def _queries(self, call):
        call()
        self.env.flush_all()
        self.env.invalidate_all()
        with recorded_queries() as queries:
            call()
        return queries

    def test_hold_desk(self):
        user = self.users["bookkeeper"]
        waits = self.env["bizuno.credit.wait"].with_user(user)
        names = ("document", "amount_total", "credit_status", "credit_message", "can_release")

        def add(count):
            customers = self.env["res.partner"].create(
                [{"name": f"Held {number}", "role_customer": True} for number in range(count)]
            )
            for customer in customers:
                order = self.env["sale.order"].create({"partner_id": customer.id})
                self.env["bizuno.credit.wait"]._add(order, user)

        def read():
            return waits.web_search_read([], {name: {} for name in names}, limit=80)

        add(2)
        few = self._queries(read)
        add(6)
        many = self._queries(read)
        self.assertEqual(len(read()["records"]), 8)
        self.assertLessEqual(len(many), len(few), "\n".join(many))

    def test_sales_by_rep_sums_what_its_rows_say(self):
        rep = self.users["rep"]
        rep.commission_rate = 10
        self.env.company.commission_basis = "paid"
        for day, paid in (("2025-05-31", 30), ("2025-06-01", 50), ("2025-06-10", 0)):
            invoice = self._invoice(200, day, date=day, invoice_user_id=rep.id)
            if paid:
                self._pay(invoice, paid, "2025-06-11")
        sales = self.env["bizuno.rep.sales"].with_user(self.users["bookkeeper"])
        aggregates = ["amount_invoiced:sum", "amount_paid:sum", "commission:sum"]
        for domain, number in (
            ([], 3),
            ([("date", ">=", "2025-06-01"), ("date", "<=", "2025-06-30")], 2),
            ([("date", ">", "2025-06-01"), ("date", "<", "2025-06-30")], 1),
            ([("date", ">=", "2025-06-01"), ("partner_id", "=", self.customer.id)], 2),
            ([("date", ">=", "2025-01-01"), ("date", "<", "2025-06-01")], 1),
        ):
            domain = [("user_id", "=", rep.id), *domain]
            rows = sales.search(domain)
            self.assertEqual(len(rows), number, domain)
            [sums] = sales._read_group(domain, [], aggregates)
            for name, value in zip(
                ("amount_invoiced", "amount_paid", "commission"), sums, strict=True
            ):
                self.assertAlmostEqual(value, sum(rows.mapped(name)), 2, (domain, name))
        [(user, paid)] = sales._read_group(
            [("date", ">=", "2025-06-01")], ["user_id"], ["amount_paid:sum"]
        )
        self.assertEqual((user, round(paid, 2)), (rep, 50.0))

    def test_a_forged_context_shows_no_more(self):
        self._invoice(200, "2025-06-01", invoice_user_id=self.users["rep"].id)
        sales = self.env["bizuno.rep.sales"]
        for forged in (["1", "2"], [["<", "1900-01-01"]], (("<", "1900-01-01"),), "x"):
            found = sales.with_context(rep_sales_dates=forged, rep_sales_rows=forged)
            self.assertEqual(found.search([]), sales.search([]))

    def test_first_sales_are_told_from_later_ones(self):
        self._invoice(10, "2025-01-01", date="2025-01-01")
        self._invoice(10, "2025-06-20", date="2025-06-02")
        partners = self.env["res.partner"].with_user(self.users["bookkeeper"])
        domain = [("date_first_sale", ">=", "2025-06-01")]
        self.assertNotIn(self.customer, partners.search(domain))
        other = self.env["res.partner"].create({"name": "New", "role_customer": True})
        self._invoice(10, "2025-06-20", partner=other, date="2025-06-02")
        with recorded_queries() as queries:
            found = partners.search(domain)
        self.assertIn(other, found)
        self.assertNotIn(self.customer, found)
        # PostgreSQL looks for earlier sales by equality, so that it can read each document once.
        [text] = [query for query in queries if "account_move" in query]
        self.assertNotIn("ANY(ARRAY[sale", text)
