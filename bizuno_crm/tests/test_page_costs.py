from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_aging import AgingCommon
from .common_pages import form_specification, recorded_queries


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

    def test_new_numbers_are_not_looked_up_one_by_one(self):
        partners = self.env["res.partner"].with_user(self.users["bookkeeper"])

        def add(names):
            return partners.create([{"name": name, "role_customer": True} for name in names])

        add(["First"])
        with recorded_queries() as queries:
            found = add([f"Imported {number}" for number in range(12)])
        self.assertEqual(len(set(found.mapped("ref"))), 12)
        looked = [query for query in queries if query.startswith("SELECT id, ref FROM res_partner")]
        self.assertLessEqual(len(looked), 2, "\n".join(looked))

    def test_a_customer_who_is_nothing_else_costs_no_sums_of_payables(self):
        """Whoever has stood on the other side of the ledger once is looked at in detail, vendor or
        not; all others are not."""
        user = self.users["bookkeeper"]
        names = {f"aged_payable_{name}": {} for name in ("total", "past_due", "1_30")}
        page = self.customer.with_user(user)
        self._invoice(90, "2025-06-01")

        def sums(queries):
            return [query for query in queries if "bizuno_aged_vendor" in query]

        self.assertFalse(self.customer.supplier_rank)
        queries = self._queries(lambda: page.web_read(names))
        self.assertEqual(len([query for query in queries if "account_move_line" in query]), 1)
        self.assertFalse(sums(queries))
        self.env["account.move"].create(
            {
                "date": "2025-06-01",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.company_data[f"default_account_{kind}"].id,
                            "partner_id": self.customer.id,
                            "balance": balance,
                            "date_maturity": "2025-06-10",
                        }
                    )
                    for kind, balance in (("expense", 64.5), ("payable", -64.5))
                ],
            }
        ).action_post()
        # As in a ledger that another program has brought.
        self.customer.supplier_rank = 0
        queries = self._queries(lambda: page.web_read(names))
        self.assertTrue(sums(queries))
        [values] = page.web_read(names)
        self.assertEqual(values["aged_payable_total"], 64.5)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.users["rep"]).web_read(names)

    def test_a_quotation_that_needs_no_approval_asks_for_no_request(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        page = order.with_user(self.users["bookkeeper"])
        names = {"is_credit_approval_needed": {}, "is_credit_approval_requested": {}}
        queries = self._queries(lambda: page.web_read(names))
        self.assertFalse([query for query in queries if "mail_activity" in query])

    def test_a_new_customer_is_looked_up_nowhere(self):
        page = self.env["res.partner"].with_user(self.users["bookkeeper"])
        specification = form_specification(page)
        page.onchange({}, [], specification)
        self.env.invalidate_all()
        with recorded_queries() as queries:
            page.onchange({}, [], specification)
        tables = ("bizuno_project", "bizuno_reminder", "bizuno_contact_log", "account_move_line")
        self.assertFalse([query for query in queries if any(table in query for table in tables)])

    def test_a_contact_found_by_its_id_costs_one_look(self):
        partners = self.env["res.partner"].with_user(self.users["bookkeeper"])
        named = self.env["res.partner"].create(
            [{"name": f"Quarry {number}", "ref": ref} for number, ref in enumerate(("Q77", "Q770"))]
        )
        self.assertEqual(
            [id_ for id_, _name in partners.name_search("q77")], named.ids, "its own ID comes first"
        )
        with_id = self._queries(lambda: partners.name_search("Q770"))
        without = self._queries(lambda: partners.name_search("Quarry 1"))
        self.assertLessEqual(len(with_id), len(without), "\n".join(with_id))
        # Where others fill the list, it is looked up by itself.
        self.assertEqual([id_ for id_, _name in partners.name_search("Q77", limit=1)], named[0].ids)
        last = self.env["res.partner"].create({"name": "Zinc", "ref": "Quarry"})
        self.assertEqual(
            [id_ for id_, _name in partners.name_search("Quarry", limit=2)], (last + named[0]).ids
        )

    def test_terms_in_words_follow_a_changed_term(self):
        term = self.env["account.payment.term"].create(
            {"name": "By hand", "line_ids": [Command.create({"value": "percent", "nb_days": 21})]}
        )
        self.customer.property_payment_term_id = term
        page = self.customer.with_user(self.users["bookkeeper"])

        def words():
            self.env.invalidate_all()
            return page.terms_text.split(" · ")[0]

        self.assertEqual(words(), "Net 21")
        queries = self._queries(words)
        self.assertFalse([query for query in queries if "account_payment_term_line" in query])
        term.line_ids.nb_days = 34
        self.assertEqual(words(), "Net 34")
        term.write({"early_discount": True, "discount_percentage": 3, "discount_days": 8})
        self.assertEqual(words(), "3 % 8, net 34")
        term.line_ids = [Command.clear(), Command.create({"value": "percent", "nb_days": 45})]
        self.assertEqual(words(), "3 % 8, net 45")
        term.early_discount = False
        term.line_ids = [
            Command.update(term.line_ids.id, {"value_amount": 40}),
            Command.create({"value": "percent", "value_amount": 60, "nb_days": 90}),
        ]
        self.assertEqual(words(), "By hand")

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
