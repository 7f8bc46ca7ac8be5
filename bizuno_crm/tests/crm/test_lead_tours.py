from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestLeadTours(BizunoCommon, HttpCase):
    """The rep's day in the browser."""

    def test_work_a_lead_to_a_customer(self):
        self.start_tour("/odoo", "bizuno_lead_to_customer", login="bizuno_rep")
        partner = self.env["res.partner"].search([("name", "=", "Tour Lighting")])
        self.assertTrue(partner.role_customer)
        self.assertFalse(partner.role_lead)
        self.assertEqual(partner.contact_log_ids.user_id, self.users["rep"])
        self.assertEqual(
            partner.reminder_date,
            fields.Date.add(
                fields.Date.today(), days=partner.contact_log_ids.action_id.follow_up_days
            ),
        )

    def test_move_a_project_and_close_it(self):
        project = (
            self.env["bizuno.project"]
            .with_user(self.users["rep"])
            .create({"name": "Tour Project", "partner_id": self.customer.id})
        )
        self.start_tour("/odoo", "bizuno_pipeline_move_and_close", login="bizuno_rep")
        self.assertEqual(project.outcome, "no_opportunity")
        self.assertEqual(project.close_reason, "Bought elsewhere")
        self.assertIn(
            self.env.ref("bizuno_crm.project_stage_c"),
            self.env["bizuno.project.stage"].browse(
                project.message_ids.sudo().tracking_value_ids.mapped("new_value_integer")
            ),
        )

    def test_a_lead_that_is_typed_twice_is_shown_while_it_is_typed(self):
        self.env["res.partner"].create({"name": "Tour Harbour", "email": "harbour@tour.example"})
        self.start_tour("/odoo", "bizuno_lead_typed_twice", login="bizuno_rep")

    def test_a_due_reminder_done_and_snoozed(self):
        today = fields.Date.today()
        snoozed, done, third = (
            self.env["bizuno.reminder"]
            .with_user(self.users["rep"])
            .create(
                [
                    {"name": name, "partner_id": self.customer.id, "date_start": today}
                    for name in ("Tour snooze", "Tour done", "Tour dashboard")
                ]
            )
        )
        self.start_tour("/odoo", "bizuno_reminder_done_and_snoozed", login="bizuno_rep")
        tomorrow = fields.Date.add(today, days=1)
        self.assertEqual((snoozed + third).mapped("date_due"), [tomorrow, tomorrow])
        self.assertFalse(done.active)
        self.assertEqual(self.customer.contact_log_ids.notes, "They ordered")


@tagged("post_install", "-at_install")
class TestPhoneTours(BizunoCommon, HttpCase):
    """The rep's day on a phone, where a long press selects and nothing is dragged."""

    browser_size = "400x900"
    touch_enabled = True

    def test_a_reminder_on_the_dashboard_is_a_call(self):
        self.customer.phone = "+1 757 555 0101"
        rep = self.users["rep"]
        self.customer.with_user(rep).log_contact_action("ret", "Wants the drawings")
        self.env["bizuno.reminder"].with_user(rep).create(
            {"name": "Tour call", "partner_id": self.customer.id}
        )
        self.start_tour("/odoo/bizuno-crm", "bizuno_phone_reminder", login="bizuno_rep")
        self.assertEqual(rep.action_id.name, "Bizuno CRM")

    def test_the_dashboard_speaks_one_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        rep = self.users["rep"]
        rep.lang = "de_DE"
        reminder = self.env["bizuno.reminder"].with_user(rep).create({"name": "Tour call"})
        self.start_tour("/odoo/bizuno-crm", "bizuno_reminder_in_german", login="bizuno_rep")
        self.assertGreater(reminder.date_due, fields.Date.today())

    def test_the_sales_of_last_month_stand_behind_their_figure(self):
        today = fields.Date.today()
        for day, amount in (
            (today.replace(day=1), 145),
            (fields.Date.add(today, day=1, days=-1), 712),
        ):
            move = self.init_invoice(
                "out_invoice", partner=self.customer, invoice_date=day, amounts=[amount], post=True
            )
            move.invoice_user_id = self.users["rep"]
        page = self.env.ref("bizuno_crm.bizuno_dashboard_action")
        self.start_tour(f"/odoo/action-{page.id}", "bizuno_sales_of_last_month", login="bizuno_rep")
