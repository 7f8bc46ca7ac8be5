from datetime import date

from lxml import etree
from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval
from psycopg2.errors import CheckViolation

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestRepPages(BizunoCommon):
    """What a rep fills in: leads, reminders, projects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.users["rep"]
        cls.stages = {stage.code: stage for stage in cls.env["bizuno.project.stage"].search([])}

    def _page(self, xmlid, record=None, user=None):
        """:return: the form that the menu opens"""
        action = self.env["ir.actions.actions"]._for_xml_id(f"bizuno_crm.{xmlid}")
        user = user or self.rep
        context = safe_eval(str(action["context"] or {}), {"uid": user.id})
        records = self.env[action["res_model"]].with_user(user).with_context(**context)
        return Form(records.browse(record.id) if record else records)

    def test_the_word_on_a_button_is_one_line_in_the_menu_of_a_phone(self):
        """There Odoo turns the parts of a button round, and a break in them stays one."""
        words = []
        for model in ("res.partner", "bizuno.project", "bizuno.promo", "bizuno.promo.history"):
            page = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
            for button in page.iterfind(".//div[@name='button_box']//button"):
                texts = button.findall(".//span[@class='o_stat_text']")
                self.assertLessEqual(len(texts), 1, button.get("name"))
                words += ["".join(text.itertext()) for text in texts]
                self.assertFalse([one for text in texts for one in text.iter("br")], words[-1:])
        for word in ("New Quotation", "Convert to Customer", "Who Gets It"):
            self.assertIn(word, words)

    # leads

    def _lead(self, **values):
        page = self._page("res_partner_action_leads")
        page.name = "Fair AG"
        for name, value in values.items():
            page[name] = value
        return page.save()

    def test_who_types_in_a_lead_is_its_salesperson(self):
        self.assertEqual(self._lead().user_id, self.rep)
        self.assertEqual(self._lead(user_id=self.users["sales_manager"]).user_id.name,
                         self.users["sales_manager"].name)  # fmt: skip

    def test_a_business_card_is_one_page(self):
        lead = self._lead(lead_contact_name="Petra Karte", lead_contact_function="Buyer")
        person = lead.child_ids
        self.assertRecordValues(
            person,
            [{
                "name": "Petra Karte", "function": "Buyer", "type": "contact",
                "is_company": False, "role_lead": False, "ref": False, "user_id": self.rep.id,
            }],
        )  # fmt: skip
        page = self._page("res_partner_action_leads", lead)
        self.assertEqual(page.lead_contact_name, "Petra Karte")
        page.lead_contact_function = "Head of Purchasing"
        page.save()
        self.assertEqual(person.function, "Head of Purchasing")
        self.assertEqual(len(lead.child_ids), 1)

    def test_addresses_are_nobody(self):
        lead = self._lead()
        self.env["res.partner"].create(
            {"name": "Dock 2", "type": "delivery", "parent_id": lead.id, "function": "Gate"}
        )
        self.env["res.partner"].create(
            {"name": "Second GmbH", "is_company": True, "parent_id": lead.id}
        )
        self.assertFalse(lead.lead_contact_name)
        lead.with_user(self.rep).lead_contact_name = "Petra Karte"
        self.assertIn("Petra Karte", lead.child_ids.mapped("name"))
        self.assertEqual(len(lead.child_ids), 3)

    def test_a_position_is_somebodys(self):
        with self.assertRaisesRegex(ValidationError, "“Fair AG” needs a person"):
            self._lead(lead_contact_function="Buyer")

    def test_a_lead_without_a_person_stays_alone(self):
        self.assertFalse(self._lead().child_ids)

    # reminders

    @freeze_time("2026-03-02 12:00:00")
    def test_once_has_one_date_and_a_rhythm_two(self):
        page = self._page("bizuno_reminder_action")
        page.name = "Call"
        self.assertEqual(page.recurrence, "z")
        page.date_start = "2026-03-09"
        once = page.save()
        self.assertEqual((once.date_next, once.date_due), (date(2026, 3, 9),) * 2)
        page = self._page("bizuno_reminder_action", once)
        page.recurrence = "m"
        page.date_next = "2026-03-11"
        self.assertEqual(page.save().date_due, date(2026, 3, 11))

    @freeze_time("2026-03-02 12:00:00")
    def test_once_is_the_first_choice(self):
        choices = self.env["bizuno.reminder"]._fields["recurrence"]._description_selection(self.env)
        self.assertEqual(choices[0], ("z", "Once"))
        self.assertEqual(self.env["bizuno.reminder"]._fields["date_start"].string, "Start Date")

    def test_a_new_day_moves_what_is_open_already(self):
        with freeze_time("2026-03-02 12:00:00"):
            reminders = self.env["bizuno.reminder"].with_user(self.rep)
            once, monthly = reminders.create([
                {"name": "Once", "partner_id": self.customer.id, "date_start": "2026-03-02"},
                {"name": "Monthly", "partner_id": self.customer.id, "date_start": "2026-03-02",
                 "recurrence": "m"},
            ])  # fmt: skip
            for reminder in once + monthly:
                reminder.sudo()._surface_if_still_due()
            (once + monthly).date_start = "2026-03-20"
            self.assertEqual(once.activity_ids.date_deadline, date(2026, 3, 20))
            self.assertEqual(once.date_due, date(2026, 3, 20))
            self.assertFalse(once.date_next)
            self.assertEqual(monthly.activity_ids.date_deadline, date(2026, 3, 2))
            self.assertEqual(monthly.date_next, date(2026, 3, 20))
        with freeze_time("2026-03-20 12:00:00"):
            once.sudo()._surface_if_still_due()
            self.assertEqual(len(once.activity_ids), 1)

    @freeze_time("2026-03-02 12:00:00")
    def test_done_proposes_no_second_reminder_beside_one_that_recurs(self):
        reminders = self.env["bizuno.reminder"].with_user(self.rep)
        code = self.env["bizuno.action.code"].search([("follow_up_days", ">", 0)], limit=1)
        for recurrence, proposed in (("z", True), ("w", False), ("3", False)):
            reminder = reminders.create(
                {"name": "Call", "partner_id": self.customer.id, "recurrence": recurrence}
            )
            action = reminder.action_log_done()
            wizard = Form(
                self.env[action["res_model"]].with_user(self.rep).with_context(**action["context"])
            )
            wizard.action_id = code
            self.assertEqual(bool(wizard.reminder_date), proposed, recurrence)
            wizard.save().action_confirm()
        open_ones = reminders.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(sorted(open_ones.mapped("recurrence")), ["3", "w", "z"])

    def test_the_list_of_reminders_has_the_number_and_what_was_said_last(self):
        """As on the dashboard: a person has the company's number, who is not seen has none."""
        self.customer.phone = "555 7312"
        person = self.customer.create({"name": "Ann", "parent_id": self.customer.id})
        self.customer.with_user(self.rep).log_contact_action("ret", "Wants it in blue")
        reminders = self.env["bizuno.reminder"].with_user(self.rep).create(
            [{"name": "Call", "partner_id": person.id}, {"name": "Plan the week"}]
        )  # fmt: skip
        page = self.env.ref("bizuno_crm.bizuno_reminder_view_kanban")
        specification = {name: {} for name in ("phone", "last_said") if name in page.arch}
        called, own = reminders.web_read(specification)
        self.assertEqual(called["phone"], "555 7312")
        self.assertRegex(called["last_said"], "Return call: Wants it in blue$")
        self.assertFalse(own["phone"] or own["last_said"])
        own_only = new_test_user(
            self.env, "own_only",
            groups="sales_team.group_sale_salesman,bizuno_crm.group_own_contacts_only",
        )  # fmt: skip
        self.customer.user_id = self.rep
        reminders.invalidate_recordset()
        reminders.sudo().user_id = own_only
        hidden = reminders[0].with_user(own_only)
        self.assertFalse(hidden.phone or hidden.last_said)

    def test_a_contacts_reminder_is_set_from_its_page(self):
        lead = self._lead()
        action = lead.with_user(self.rep).action_new_reminder()
        page = Form(
            self.env[action["res_model"]].with_user(self.rep).with_context(**action["context"])
        )
        page.recurrence = "q"
        reminder = page.save()
        self.assertEqual(reminder.partner_id, lead)
        self.assertEqual(reminder.name, "Follow up: Fair AG")
        listed = lead.action_view_reminders()
        self.assertEqual(self.env["bizuno.reminder"].search(listed["domain"]), reminder)

    # projects

    def _project(self, **values):
        projects = self.env["bizuno.project"].with_user(self.rep)
        return projects.create({"name": "Lights", "partner_id": self.customer.id, **values})

    def test_probability_comes_from_the_stage_and_may_be_overridden(self):
        page = self._page("bizuno_project_action")
        page.name = "Lights"
        page.expected_revenue = 1000
        self.assertEqual(page.probability, 10)
        self.assertEqual(page.weighted_revenue, 100)
        page.probability = 35
        project = page.save()
        self.assertEqual((project.probability, project.weighted_revenue), (35, 350))
        project.stage_id = self.stages["q"]
        self.assertEqual((project.probability, project.weighted_revenue), (60, 600))
        for code, reason, probability, weighted in (
            ("x", False, 100, 1000), ("z", "Budget was cut", 0, 0),
        ):  # fmt: skip
            project.write({"stage_id": self.stages[code].id, "close_reason": reason})
            figures = (project.probability, project.weighted_revenue)
            self.assertEqual(figures, (probability, weighted), code)
        project.action_reopen()
        self.assertEqual(project.weighted_revenue, 100)

    def test_a_stage_takes_along_the_projects_that_have_its_own(self):
        follows, typed = self._project(), self._project(probability=42)
        with self.assertRaises(AccessError):
            self.stages["n"].with_user(self.rep).probability = 20
        self.stages["n"].with_user(self.users["bizuno_manager"]).probability = 20
        self.assertEqual((follows.probability, typed.probability), (20, 42))

    def test_a_probability_is_a_percentage(self):
        project = self._project()
        for value in (-1, 100.5):
            with self.assertRaisesRegex(ValidationError, f"{project.number} Lights.*0 to 100"):
                project.probability = value
        with self.assertRaises(ValidationError):
            project.write({"probability": float("nan")})
        for value in (-1, 101):
            with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    self.stages["n"].write({"probability": value})
                    self.env.flush_all()
            self.env.invalidate_all()
        with self.assertRaises(ValidationError):
            self.stages["n"].write({"probability": float("nan")})

    def test_the_weighted_revenue_is_nobodys_to_write(self):
        with self.assertRaises(AccessError):
            self._project().weighted_revenue = 1_000_000

    def _order(self, project, amount, user=None):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id, "bizuno_project_id": project.id,
                "user_id": (user or self.rep).id, "company_id": project.company_id.id,
                "order_line": [Command.create({
                    "product_id": self.product_a.id, "product_uom_qty": 1, "price_unit": amount,
                    "tax_ids": [Command.clear()],
                })],
            }
        )  # fmt: skip

    def _close(self, project):
        action = project.action_close()
        return Form(
            self.env[action["res_model"]].with_user(self.rep).with_context(**action["context"])
        )

    def test_won_with_nothing_but_quotations_is_said(self):
        project = self._project()
        self.assertFalse(self._close(project).warning)
        first = self._order(project, 100)
        self.assertIn("Its quotation is not confirmed", self._close(project).warning)
        second = self._order(project, 50, self.users["sales_manager"])
        wizard = self._close(project)
        self.assertIn("None of its 2 quotations is confirmed", wizard.warning)
        wizard.outcome = "no_opportunity"
        self.assertFalse(wizard.warning)
        second.action_cancel()
        self.assertIn("Its quotation", self._close(project).warning)
        first.action_confirm()
        self.assertFalse(self._close(project).warning)

    def test_the_customers_number_is_on_the_project(self):
        person = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        self.customer.phone = "+1 757 555 0101"
        project = self._project(partner_id=person.id)
        self.assertEqual(project.partner_phone, "+1 757 555 0101")
        person.phone = "+1 757 555 0102"
        self.assertEqual(project.partner_phone, "+1 757 555 0102")
        self.assertFalse(self._project(partner_id=False).partner_phone)

    # what became of them

    @freeze_time("2026-03-02 12:00:00")
    def test_analysis_has_the_orders_the_days_and_the_rate(self):
        won, lost, open_one = (self._project(expected_revenue=v) for v in (500, 300, 200))
        self._order(won, 450).action_confirm()
        mine = self._order(won, 100)
        mine.action_confirm()
        invoice = mine._create_invoices()
        invoice.action_post()
        self._order(open_one, 999)
        self.env.flush_all()
        self.env.cr.execute("UPDATE bizuno_project SET create_date = '2026-02-20'")
        won.stage_id = self.stages["x"]
        lost.write({"stage_id": self.stages["z"].id, "close_reason": "No"})
        self.assertEqual((won.amount_ordered, won.amount_invoiced), (550, 100))
        self.env.flush_all()
        rows = self.env["bizuno.project.analysis"].with_user(self.users["bizuno_manager"])
        ours = [("project_id", "in", (won + lost + open_one).ids)]
        rate, days, weighted = rows._read_group(
            ours, [], ["win_rate:avg", "days_to_close:avg", "weighted_revenue:sum"]
        )[0]
        self.assertEqual((rate, days, weighted), (50, 10, 520))
        row = rows.search([("project_id", "=", won.id)])
        self.assertEqual((row.amount_ordered, row.amount_invoiced), (550, 100))
        self.assertEqual(row.action_open_document()["res_id"], won.id)
        months = dict(rows._read_group(ours, ["date_closed:month"], ["__count"]))
        self.assertEqual(months, {date(2026, 3, 1): 2, False: 1})

    @freeze_time("2026-03-02 12:00:00")
    def test_days_are_counted_as_the_user_counts_them(self):
        project = self._project()
        self.env.flush_all()
        self.env.cr.execute("UPDATE bizuno_project SET create_date = '2026-02-21 03:00:00'")
        project.stage_id = self.stages["x"]
        self.env.flush_all()
        manager = self.users["sales_manager"]
        for zone, created, days in (
            ("America/New_York", date(2026, 2, 20), 10), ("Europe/Berlin", date(2026, 2, 21), 9),
        ):  # fmt: skip
            manager.tz = zone
            rows = self.env["bizuno.project.analysis"].with_user(manager).with_context(tz=zone)
            row = rows.search([("project_id", "=", project.id)])
            self.assertEqual((row.date_created, row.days_to_close), (created, days), zone)

    def test_who_was_never_called_was_not_called_today(self):
        """A list shows a number that is none as 0."""
        called, never = self._lead(), self._lead(name="Never")
        called.with_user(self.rep).log_contact_action("ret", "Called")
        view = self.env.ref("bizuno_crm.res_partner_view_list_leads")
        arch = self.env["res.partner"].with_user(self.rep).get_view(view.id)["arch"]
        [column] = etree.fromstring(arch).xpath("//field[@name='days_since_contact']")
        for lead, hidden in ((called, False), (never, True)):
            [values] = lead.read(["last_contact_date", "days_since_contact"])
            self.assertEqual(values["days_since_contact"], 0)
            self.assertEqual(bool(safe_eval(column.get("invisible"), values)), hidden)

    def test_who_does_not_see_all_orders_reads_no_sum_of_them(self):
        rep = new_test_user(
            self.env, "bizuno_rep_own", "sales_team.group_sale_salesman",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.companies.ids)],
        )  # fmt: skip
        rows = self.env["bizuno.project.analysis"].with_user(rep)
        project = self._project()
        self._order(project, 300).action_confirm()
        self._order(project, 70, rep).action_confirm()
        self.env.flush_all()
        # on the page those of the list behind it
        self.assertEqual(project.with_user(rep).amount_ordered, 70)
        self.assertEqual(project.with_user(self.rep).amount_ordered, 370)
        row = rows.search([("project_id", "=", project.id)])
        self.assertEqual(row.weighted_revenue, 0)
        with self.assertRaises(AccessError):
            row.read(["amount_ordered"])
        with self.assertRaises(AccessError):
            rows._read_group([], [], ["amount_invoiced:sum"])
        employee = self.users["employee"]
        with self.assertRaises(AccessError):
            rows.with_user(employee).search([])
        with self.assertRaises(AccessError):
            project.with_user(self.users["employee"]).read(["partner_phone"])

    def test_who_has_no_projects_is_offered_none_to_search_by(self):
        reader = new_test_user(
            self.env, "bizuno_leads_alone", "bizuno_crm.group_lead_read",
            company_id=self.env.company.id, company_ids=[Command.set(self.env.company.ids)],
        )  # fmt: skip
        mine = self.env["bizuno.reminder"].with_user(self.rep).create(
            {"name": "Call", "partner_id": self.customer.id, "date_start": "2030-01-01"}
        )  # fmt: skip
        for model, name in (("bizuno.reminder", "name"), ("bizuno.contact.log", "notes")):
            for user, is_offered in ((reader, False), (self.rep, True)):
                records = self.env[model].with_user(user)
                arch = etree.fromstring(records.get_view(view_type="search")["arch"])
                found = arch.xpath("//field[@name='project_id']")
                found += arch.xpath("//filter[contains(@name, 'project')]")
                self.assertEqual(bool(found), is_offered, (model, user.login))
                # what is left can be searched by
                [field] = arch.xpath(f"//field[@name='{name}']")
                if typed := field.get("filter_domain"):
                    hits = records.search(safe_eval(typed, {"self": self.customer.name}))
                    self.assertIn(mine, hits.with_user(self.rep))
