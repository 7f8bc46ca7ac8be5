from ast import literal_eval

import lxml.etree
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..common import BizunoCommon


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

    @freeze_time("2026-03-12 23:30:00")
    def test_what_comes_within_a_week_stands_behind_its_figure(self):
        for zone, expected in (
            ("UTC", {"First", "Last"}),
            # it is the 13th there
            ("Pacific/Auckland", {"Last", "Later"}),
        ):
            self.rep.tz = zone
            reminders = self.env["bizuno.reminder"].with_user(self.rep).with_context(tz=zone)
            reminders.search([]).active = False
            for name, day in (
                ("Due", "2026-03-12"), ("First", "2026-03-13"), ("Last", "2026-03-19"),
                ("Later", "2026-03-20"), ("Much later", "2026-04-20"),
            ):  # fmt: skip
                reminders.create({"name": name, "date_start": day})
            data = self.env["bizuno.dashboard"].with_user(self.rep).with_context(tz=zone).get_data()
            self.assertEqual(data["reminders"]["coming"], 2, zone)
            # the page opens the list with this filter
            search = lxml.etree.fromstring(reminders.get_view(view_type="search")["arch"])
            [domain] = search.xpath("//filter[@name='coming_week']/@domain")
            behind = reminders.search([*literal_eval(domain), ("user_id", "=", self.rep.id)])
            self.assertEqual(set(behind.mapped("name")), expected, zone)

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

    @freeze_time("2026-05-12 12:00:00")
    def test_a_reminder_brings_the_number_and_what_was_said_last(self):
        """Of the person or, where it has none, of the company; what was said with any of them."""
        person = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        self.customer.phone = "+1 757 555 0101"
        other = self._create_customer("Other", phone="+1 757 555 0102")
        project = (
            self.env["bizuno.project"]
            .with_user(self.rep)
            .create({"name": "Lights", "partner_id": other.id})
        )
        reminders = self.env["bizuno.reminder"].with_user(self.rep)
        for name, about in (
            ("Person", {"partner_id": person.id}),
            ("Project", {"project_id": project.id}),
            ("Alone", {}),
        ):
            reminders.create({"name": name, **about})
        self.customer.with_user(self.rep).log_contact_action("ret", "Old", "2026-05-01 12:00:00")
        self.customer.with_user(self.rep).log_contact_action("ret", "New", "2026-05-08 12:00:00")
        person.with_user(self.rep).log_contact_action("new", "Between", "2026-05-04 12:00:00")
        rows = {
            row["name"]: (row["phone"], row["last"]) for row in self._data()["reminders"]["rows"]
        }
        self.assertEqual(
            rows,
            {
                "Person": ("+1 757 555 0101", "05/08/2026, Return call: New"),
                "Project": ("+1 757 555 0102", ""),
                "Alone": ("", ""),
            },
        )
        person.phone = "+1 757 555 0103"
        rows = {row["name"]: row["phone"] for row in self._data()["reminders"]["rows"]}
        self.assertEqual(rows["Person"], "+1 757 555 0103")

    @freeze_time("2026-05-12 12:00:00")
    def test_a_reminder_about_a_contact_of_others_brings_no_number(self):
        theirs = self._create_customer("Theirs", phone="+1 757 555 0104")
        theirs.user_id = self.users["sales_manager"]
        theirs.log_contact_action("ret", "Secret")
        self.env["bizuno.reminder"].create(
            {"name": "Handed over", "partner_id": theirs.id, "user_id": self.rep.id}
        )
        self.rep.group_ids += self.env.ref("bizuno_crm.group_own_contacts_only")
        row = self._data()["reminders"]["rows"][0]
        self.assertEqual((row["phone"], row["last"]), ("", ""))

    @freeze_time("2026-05-12 12:00:00")
    def test_weighted_pipeline_and_what_closes_this_month(self):
        projects = self.env["bizuno.project"].with_user(self.rep)
        for name, value, day in (
            ("A", 100, "2026-05-01"), ("B", 200, "2026-05-31"), ("C", 400, "2026-06-01"),
            ("D", 800, False), ("E", 1600, "2026-04-30"),
        ):  # fmt: skip
            projects.create({"name": name, "expected_revenue": value, "date_expected": day})
        card = self._data()["pipeline"]
        self.assertEqual(card["value"], 3100)
        self.assertEqual(card["weighted"], 310)  # Prospect: 10 %
        self.assertEqual((card["closing"]["count"], card["closing"]["value"]), (2, 300))
        # the page opens the list with this filter
        search = lxml.etree.fromstring(projects.get_view(view_type="search")["arch"])
        [domain] = search.xpath("//filter[@name='closing_this_month']/@domain")
        behind = projects.search([*card["domain"], *literal_eval(domain)])
        self.assertEqual(set(behind.mapped("name")), {"A", "B"})

    @freeze_time("2026-05-12 12:00:00")
    def test_my_sales_of_this_month_and_the_last(self):
        self.assertEqual(self._data()["sales"]["invoiced"], 0)
        self.assertNotIn("sales", self._data(self.users["bookkeeper"]))
        self.rep.commission_rate = 5
        for day, amount, user in (
            ("2026-05-01", 100, self.rep), ("2026-05-31", 40, self.rep),
            ("2026-04-30", 700, self.rep), ("2026-03-31", 9, self.rep),
            ("2026-05-02", 3000, self.users["sales_manager"]),
        ):  # fmt: skip
            move = self.init_invoice(
                "out_invoice", partner=self.customer, invoice_date=day, amounts=[amount], post=True
            )
            move.invoice_user_id = user
        self.env.flush_all()
        card = self._data()["sales"]
        self.assertEqual((card["invoiced"], card["before"], card["paid"]), (140, 700, 0))
        self.assertEqual((card["commission"], card["rated"], card["count"]), (7, True, 2))
        self.rep.commission_rate = 0
        self.assertFalse(self._data()["sales"]["rated"])

    def test_the_start_page_is_its_users_to_choose(self):
        dashboard = self.env["bizuno.dashboard"].with_user(self.rep)
        self.assertFalse(self._data()["start_page"])
        dashboard.set_start_page(True)
        self.assertTrue(self._data()["start_page"])
        self.assertEqual(self.rep.action_id.name, "Bizuno CRM")
        self.assertFalse(self.users["sales_manager"].action_id)
        dashboard.set_start_page(False)
        self.assertFalse(self.rep.action_id)
        # what was chosen elsewhere stays
        other = self.env.ref("base.action_partner_form")
        self.rep.action_id = other.id
        dashboard.set_start_page(False)
        self.assertEqual(self.rep.action_id.id, other.id)

    def test_recent_log(self):
        self.customer.with_user(self.rep).log_contact_action("ret", "Rang back")
        row = self._data()["log"]["rows"][0]
        self.assertEqual(
            (row["contact"], row["action"], row["user"], row["notes"]),
            (self.customer.display_name, "Return call", self.rep.name, "Rang back"),
        )

    def test_cards_without_the_right_are_absent(self):
        data = self._data(self.users["employee"])
        self.assertEqual(data.keys(), {"today", "company", "start_page"})
        self.assertNotIn("receivables", self._data(self.rep))
        self.assertIn("total", self._data(self.users["bookkeeper"])["receivables"])

    def test_under_twenty_queries_whatever_the_size(self):
        manager = self.users["bizuno_manager"]
        manager.group_ids += self.env.ref("sales_team.group_sale_salesman")
        # with the context that a browser sends
        dashboard = self.env["bizuno.dashboard"].with_user(manager)
        dashboard = dashboard.with_context(lang="en_US", tz="America/New_York")

        def queries():
            # The fewest of some tries: what is cached for all is made in one of them.
            dashboard.get_data()
            return min(measure() for _try in range(3))

        def measure():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cards = dashboard.get_data()
            self.assertLessEqual({"sales", "receivables", "pipeline", "reminders"}, cards.keys())
            return self.env.cr.sql_log_count - before

        move = self.init_invoice(
            "out_invoice", partner=self.customer, amounts=[7.0], post=True,
            invoice_date=fields.Date.context_today(dashboard),
        )  # fmt: skip
        move.invoice_user_id = manager
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
