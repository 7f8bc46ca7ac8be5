from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import BizunoCommon


@tagged("post_install", "-at_install")
class TestDashboardData(BizunoCommon):
    """The first page: right, allowed, and as cheap for a large database as for a small one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.users["rep"]

    def _data(self, user=None):
        self.env.invalidate_all()
        return self.env["bizuno.dashboard"].with_user(user or self.rep).get_data()

    def test_a_new_user_gets_empty_cards(self):
        self.env["bizuno.contact.log"].search([]).unlink()
        data = self._data()
        self.assertEqual(data["reminders"]["rows"], [])
        self.assertEqual(data["pipeline"]["count"], 0)
        self.assertEqual(data["log"]["rows"], [])
        self.assertTrue(data["pipeline"]["may_add"])

    @freeze_time("2026-03-12 12:00:00")
    def test_my_due_reminders_oldest_first(self):
        reminders = self.env["bizuno.reminder"].with_user(self.rep)
        for day in ("2026-03-10", "2026-03-02", "2026-03-12", "2026-03-15", "2026-04-15"):
            reminders.create(
                {"name": f"On {day}", "partner_id": self.customer.id, "date_start": day}
            )
        reminders.create({"name": "Alone", "date_start": "2026-03-11"})
        self.env["bizuno.reminder"].create(
            {"name": "Theirs", "user_id": self.users["sales_manager"].id}
        )
        card = self._data()["reminders"]
        self.assertEqual(
            [(row["name"], row["days_late"], row["can_log"]) for row in card["rows"]],
            [
                ("On 2026-03-02", 10, True),
                ("On 2026-03-10", 2, True),
                ("Alone", 1, False),
                ("On 2026-03-12", 0, True),
            ],
        )
        self.assertEqual(card["count"], 4)
        self.assertEqual(card["coming"], 1)
        self.assertEqual(card["rows"][0]["about"], self.customer.display_name)

    def test_my_pipeline_by_stage_with_value(self):
        projects = self.env["bizuno.project"].with_user(self.rep)
        quote = self.env.ref("bizuno_crm.project_stage_q")
        projects.create([
            {"name": "A", "expected_revenue": 100.5},
            {"name": "B", "expected_revenue": 200, "stage_id": quote.id},
            {
                "name": "C", "expected_revenue": 50, "stage_id": quote.id,
                "user_id": self.users["sales_manager"].id, "working_user_id": self.rep.id,
            },
            {"name": "Theirs", "user_id": self.users["sales_manager"].id},
            {"name": "Won", "stage_id": self.env.ref("bizuno_crm.project_stage_x").id},
        ])  # fmt: skip
        card = self._data()["pipeline"]
        figures = {row["name"]: (row["count"], row["value"]) for row in card["rows"]}
        self.assertEqual(figures["Prospect"], (1, 100.5))
        self.assertEqual(figures["Quote"], (2, 250))
        self.assertEqual(figures["Sale"], (0, 0))
        self.assertNotIn("Closed", figures)
        self.assertEqual((card["count"], card["value"]), (3, 350.5))

    def _sell(self, partner, date):
        order = self.env["sale.order"].create({"partner_id": partner.id})
        order.state = "sale"
        order.date_order = date
        return order

    @freeze_time("2026-05-12 12:00:00")
    def test_a_new_customer_is_one_with_the_first_sale_of_this_month(self):
        before = self._data()["customers"]["count"]
        self.assertEqual(before, 0)
        self._create_customer("Imported, has not bought yet")
        old, ordered, invoiced = (
            self._create_customer(name) for name in ("Old", "Ordered", "Invoiced")
        )
        self._sell(old, "2025-11-02 10:00:00")
        self._sell(old, "2026-05-02 10:00:00")
        child = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": ordered.id, "role_customer": True}
        )
        self._sell(child, "2026-05-03 10:00:00")
        self._sell(ordered, "2026-05-10 10:00:00")
        for day in ("2026-05-05", "2026-05-11"):
            self.init_invoice(
                "out_invoice", partner=invoiced, invoice_date=day, amounts=[7.0], post=True
            )
        self.init_invoice("out_invoice", partner=self.customer, invoice_date="2026-05-05",
                          amounts=[7.0])  # fmt: skip
        card = self._data()["customers"]
        self.assertEqual(
            [(row["name"], row["ref"]) for row in card["rows"]],
            [("Invoiced", invoiced.ref), ("Ordered", ordered.ref)],
        )
        self.assertEqual(card["count"], 2)
        rep = self.env["res.partner"].with_user(self.rep)
        self.assertEqual(set(rep.search(card["domain"]).ids), set((ordered + invoiced).ids))
        self.assertEqual(str(ordered.date_first_sale), "2026-05-03")
        self.assertEqual(str(old.date_first_sale), "2025-11-02")
        self.assertFalse(self.customer.date_first_sale)

    @freeze_time("2026-05-12 12:00:00")
    def test_the_month_begins_when_it_begins_for_the_user(self):
        """One clock for the card and for the list behind it."""
        # 23:00 UTC on the last day of the month before: in Berlin this month has begun
        self._sell(self.customer, "2026-04-30 23:00:00")
        self.assertEqual(self._data()["customers"]["count"], 0)
        self.rep.tz = "Europe/Berlin"
        berlin = self.env["bizuno.dashboard"].with_user(self.rep).with_context(tz="Europe/Berlin")
        card = berlin.get_data()["customers"]
        self.assertEqual(card["count"], 1)
        partners = self.env["res.partner"].with_user(self.rep).with_context(tz="Europe/Berlin")
        self.assertEqual(partners.search(card["domain"]), self.customer)

    @freeze_time("2026-05-12 12:00:00")
    def test_the_first_sale_is_searched_like_any_date(self):
        none, march, may = (self._create_customer(n) for n in ("None", "March", "May"))
        self._sell(march, "2026-03-31 10:00:00")
        self._sell(may, "2026-05-01 10:00:00")
        ours = none + march + may
        for operator, value, expected in (
            ("<", "2026-05-01", march), ("<=", "2026-05-01", march + may),
            (">", "2026-03-31", may), (">=", "2026-03-31", march + may),
            ("=", "2026-03-31", march), ("!=", "2026-03-31", none + may),
            ("=", False, none), ("!=", False, march + may), (">=", "9999-12-31", none.browse()),
            ("<=", "9999-12-31", march + may), (">=", "0001-01-01", march + may),
            ("<", "0001-01-01", none.browse()), ("in", ["9999-12-31", False], none),
        ):  # fmt: skip
            found = self.env["res.partner"].search(
                [("id", "in", ours.ids), ("date_first_sale", operator, value)]
            )
            self.assertEqual(set(found.ids), set(expected.ids), (operator, value))

    def test_who_sees_no_sales_does_not_learn_of_the_first_one(self):
        employee = self.users["employee"]
        self.assertNotIn("customers", self._data(employee))
        partners = self.env["res.partner"].with_user(employee)
        with self.assertRaises(AccessError):
            partners.search([("date_first_sale", ">=", "2020-01-01")])
        with self.assertRaises(AccessError):
            partners.browse(self.customer.id).read(["date_first_sale"])

    def test_each_card_says_whose_figures_it_shows(self):
        """With several companies switched on: those of the first, on the card and behind it."""
        other = self.setup_other_company()["company"]
        manager = self.users["bizuno_manager"]
        manager.company_ids |= other
        projects = self.env["bizuno.project"].with_user(manager)
        for company, value in ((self.env.company, 100), (other, 70)):
            projects.with_company(company).create(
                {"name": "Job", "expected_revenue": value, "company_id": company.id}
            )
        for companies in (self.env.company + other, other + self.env.company):
            dashboard = self.env["bizuno.dashboard"].with_user(manager)
            data = dashboard.with_context(allowed_company_ids=companies.ids).get_data()
            self.assertEqual(data["company"], companies[0].name)
            card = data["pipeline"]
            behind = projects.with_context(allowed_company_ids=companies.ids).search(card["domain"])
            self.assertEqual(len(behind), card["count"])
            self.assertEqual(sum(behind.mapped("expected_revenue")), card["value"])
        alone = self.env["bizuno.dashboard"].with_user(manager)
        self.assertFalse(alone.with_context(allowed_company_ids=other.ids).get_data()["company"])

    def test_recent_log(self):
        self.customer.with_user(self.rep).log_contact_action("ret", "Rang back")
        row = self._data()["log"]["rows"][0]
        self.assertEqual(
            (row["contact"], row["action"], row["user"], row["notes"]),
            (self.customer.display_name, "Return call", self.rep.name, "Rang back"),
        )

    def test_cards_without_the_right_are_absent(self):
        data = self._data(self.users["employee"])
        self.assertEqual(data.keys(), {"today", "company"})
        self.assertNotIn("receivables", self._data(self.rep))
        self.assertIn("total", self._data(self.users["bookkeeper"])["receivables"])

    def test_under_twenty_queries_whatever_the_size(self):
        def queries():
            # The fewest of some tries: what is cached for all is made in one of them.
            self._data(self.users["bizuno_manager"])
            return min(measure() for _try in range(3))

        def measure():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            manager = self.users["bizuno_manager"]
            self.env["bizuno.dashboard"].with_user(manager).get_data()
            return self.env.cr.sql_log_count - before

        manager = self.users["bizuno_manager"]
        self._fill(manager, 2)
        small = queries()
        self._fill(manager, 30)
        large = queries()
        self.assertLess(large, 20, (small, large))
        self.assertLessEqual(large, small)

    def _fill(self, user, number):
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {i}", "role_customer": True} for i in range(number)]
        )
        customers.with_user(user).log_contact_action("ret", "Hello")
        projects = self.env["bizuno.project"].with_user(user).create([
            {"name": f"Project {i}", "partner_id": partner.id, "expected_revenue": i}
            for i, partner in enumerate(customers)
        ])  # fmt: skip
        self.env["bizuno.reminder"].with_user(user).create(
            [{"name": f"Reminder {i}", "partner_id": p.id} for i, p in enumerate(customers)]
            + [{"name": f"Reminder {i}", "project_id": p.id} for i, p in enumerate(projects)]
        )
