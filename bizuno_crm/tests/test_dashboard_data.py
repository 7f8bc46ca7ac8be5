from odoo import fields
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

    def test_new_customers_this_month_in_the_users_timezone(self):
        before = self._data()["customers"]["count"]
        old, new = self._create_customer("Old"), self._create_customer("New")
        self.env.flush_all()
        first = fields.Date.today().replace(day=1)
        # 23:00 UTC on the last day of the month before: in Berlin this month has begun
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = %s::timestamp - interval '1 hour' WHERE id = %s",
            [first, old.id],
        )
        self.assertEqual(self._data()["customers"]["count"], before + 1)
        berlin = self.env["bizuno.dashboard"].with_user(self.rep).with_context(tz="Europe/Berlin")
        card = berlin.get_data()["customers"]
        self.assertEqual(card["count"], before + 2)
        self.assertEqual(card["rows"][0]["name"], new.display_name)
        self.assertEqual(card["rows"][0]["ref"], new.ref)

    def test_recent_log(self):
        self.customer.with_user(self.rep).log_contact_action("ret", "Rang back")
        row = self._data()["log"]["rows"][0]
        self.assertEqual(
            (row["contact"], row["action"], row["user"], row["notes"]),
            (self.customer.display_name, "Return call", self.rep.name, "Rang back"),
        )

    def test_cards_without_the_right_are_absent(self):
        data = self._data(self.users["employee"])
        self.assertFalse({"reminders", "pipeline", "receivables", "log"} & data.keys())
        self.assertNotIn("receivables", self._data(self.rep))
        self.assertIn("total", self._data(self.users["bookkeeper"])["receivables"])

    def test_under_twenty_queries_whatever_the_size(self):
        def queries():
            self._data(self.users["bizuno_manager"])  # warm up what is cached for all
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
