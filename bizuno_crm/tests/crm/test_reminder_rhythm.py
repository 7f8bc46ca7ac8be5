import itertools
from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..common import BizunoLightCommon


@tagged("post_install", "-at_install")
class TestReminderRhythm(BizunoLightCommon):
    """Reminders become activities on their day, once, and move on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.users["rep"]
        # only the reminders of these tests
        cls.env["bizuno.reminder"].search([]).active = False

    def _reminder(self, **values):
        return self.env["bizuno.reminder"].create({
            "name": "Call Harbour Supply",
            "user_id": self.rep.id,
            "partner_id": self.customer.id,
            **values,
        })  # fmt: skip

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("bizuno_crm.ir_cron_reminder").method_direct_trigger()
        self.env.invalidate_all()

    def _activities(self, reminder):
        return (
            # an activity on its own is seen by its user alone
            self.env["mail.activity"]
            .sudo()
            .with_context(active_test=False)
            .search([("bizuno_reminder_id", "=", reminder.id)])
        )

    @freeze_time("2026-03-02 12:00:00")
    def test_due_reminder_becomes_the_reps_activity_on_the_contact(self):
        reminder = self._reminder(date_start="2026-03-02", note="Ask & listen")
        coming = self._reminder(date_start="2026-03-03")
        self._run_cron()
        activity = self._activities(reminder)
        self.assertRecordValues(
            activity,
            [
                {
                    "res_model": "res.partner",
                    "res_id": self.customer.id,
                    "user_id": self.rep.id,
                    "date_deadline": date(2026, 3, 2),
                    "summary": "Call Harbour Supply",
                    "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                }
            ],
        )
        self.assertIn("Ask &amp; listen", activity.note)
        self.assertFalse(self._activities(coming))
        self.assertEqual(self.customer.with_user(self.rep).activity_state, "today")
        # the systray counts it
        groups = self.env["res.users"].with_user(self.rep)._get_activity_groups()
        partners = next(g for g in groups if g["model"] == "res.partner")
        self.assertEqual(partners["today_count"], 1)

    @freeze_time("2026-03-02 12:00:00")
    def test_reminder_on_its_own_and_on_a_project(self):
        project = self.env["bizuno.project"].create(
            {"name": "Lights", "partner_id": self.customer.id}
        )
        alone = self._reminder(partner_id=False)
        on_project = self._reminder(partner_id=False, project_id=project.id)
        self._run_cron()
        self.assertEqual(self._activities(alone).res_model, False)
        self.assertEqual(self._activities(alone).user_id, self.rep)
        self.assertEqual(self._activities(on_project).res_id, project.id)
        self.assertEqual(project.activity_ids, self._activities(on_project))

    def test_once_per_date_however_often_the_job_runs(self):
        with freeze_time("2026-03-02 12:00:00"):
            reminder = self._reminder(recurrence="d")
            self._run_cron()
            self._run_cron()
            self.assertEqual(len(self._activities(reminder)), 1)
            self._activities(reminder).action_feedback()
            self._run_cron()
            self.assertEqual(len(self._activities(reminder)), 1)
            self.assertEqual(reminder.date_next, date(2026, 3, 3))
        with freeze_time("2026-03-03 12:00:00"):
            self._run_cron()
            self.assertEqual(len(self._activities(reminder)), 2)

    def test_one_activity_after_a_pause_of_forty_days(self):
        with freeze_time("2026-03-02 12:00:00"):
            reminder = self._reminder(recurrence="d")
        with freeze_time("2026-04-11 12:00:00"):
            self._run_cron()
            self._run_cron()
            self.assertEqual(len(self._activities(reminder)), 1)
            self.assertEqual(self._activities(reminder).date_deadline, date(2026, 3, 2))
            self.assertEqual(reminder.date_next, date(2026, 4, 12))

    def test_an_undone_activity_is_not_doubled_by_the_next_date(self):
        reminder = self.env["bizuno.reminder"]
        with freeze_time("2026-03-02 12:00:00"):
            reminder = self._reminder(recurrence="d")
        for day in range(2, 9):
            with freeze_time(f"2026-03-{day:02} 12:00:00"):
                self._run_cron()
        self.assertEqual(len(self._activities(reminder)), 1)
        self.assertEqual(reminder.date_due, date(2026, 3, 2))
        self.assertEqual(reminder.date_next, date(2026, 3, 9))

    def test_the_database_refuses_a_second_open_activity(self):
        with freeze_time("2026-03-02 12:00:00"):
            reminder = self._reminder()
            self._run_cron()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["mail.activity"].create({
                "bizuno_reminder_id": reminder.id, "user_id": self.rep.id, "res_model_id": False,
            })  # fmt: skip

    def test_month_ends_are_kept(self):
        with freeze_time("2026-01-31 12:00:00"):
            reminder = self._reminder(recurrence="m")
        found = []
        for day in ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"):
            with freeze_time(f"{day} 12:00:00"):
                self._run_cron()
                activity = self._activities(reminder).filtered("active")
                found.append(str(activity.date_deadline))
                activity.action_feedback()
        self.assertEqual(found, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"])
        self.assertEqual(reminder.date_next, date(2026, 5, 31))

    def test_due_in_the_reps_own_timezone(self):
        self.rep.tz = "Pacific/Auckland"
        late = new_test_user(
            self.env, "bizuno_late", "sales_team.group_sale_salesman", tz="America/Los_Angeles"
        )
        with freeze_time("2026-03-01 12:00:00"):
            early, west = (
                self._reminder(date_start="2026-03-02"),
                self._reminder(date_start="2026-03-02", user_id=late.id),
            )
            # 01:30 on 2 March in Auckland, 04:30 on 1 March in Los Angeles
        with freeze_time("2026-03-01 12:30:00"):
            self._run_cron()
            self.assertTrue(self._activities(early))
            self.assertFalse(self._activities(west))
        with freeze_time("2026-03-02 07:30:00"):
            self._run_cron()
            self.assertFalse(self._activities(west))
        with freeze_time("2026-03-02 08:30:00"):
            self._run_cron()
            self.assertTrue(self._activities(west))

    @freeze_time("2026-03-02 12:00:00")
    def test_archived_reps_reminders_go_to_the_leader_of_the_team(self):
        team = self.env["crm.team"].create(
            {"name": "Harbour", "user_id": self.users["sales_manager"].id}
        )
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": self.rep.id})
        open_one, coming = self._reminder(), self._reminder(date_start="2026-03-09")
        self._run_cron()
        self.rep.action_archive()
        self.assertEqual((open_one + coming).user_id, self.users["sales_manager"])
        activity = self._activities(open_one)
        self.assertTrue(activity.active)
        self.assertEqual(activity.user_id, self.users["sales_manager"])
        self.assertEqual(open_one.date_due, date(2026, 3, 2))

    @freeze_time("2026-03-02 12:00:00")
    def test_a_deleted_users_reminders_go_on_too(self):
        gone = new_test_user(self.env, "bizuno_gone", "sales_team.group_sale_salesman_all_leads")
        self.env.company.reminder_fallback_user_id = self.rep
        reminder = self._reminder(date_start="2026-03-02", user_id=gone.id)
        coming = self._reminder(date_start="2026-03-09", user_id=gone.id)
        self._run_cron()
        self.assertEqual(reminder.activity_ids.user_id, gone)
        gone.unlink()
        self.env.invalidate_all()
        self.assertEqual((reminder + coming).user_id, self.rep)
        self.assertEqual(reminder.activity_ids.user_id, self.rep)
        self.assertEqual(reminder.date_due, date(2026, 3, 2))

    @freeze_time("2026-03-02 12:00:00")
    def test_an_activity_that_is_given_to_a_colleague_takes_the_reminder_along(self):
        colleague = self.users["sales_manager"]
        reminder, other = (
            self._reminder(date_start="2026-03-02"), self._reminder(date_start="2026-03-02")
        )  # fmt: skip
        self._run_cron()
        reminder.activity_ids.with_user(self.rep).user_id = colleague
        self.assertEqual(reminder.user_id, colleague)
        self.assertEqual(other.user_id, self.rep)
        due = self.env["bizuno.dashboard"].with_user(colleague).get_data()["reminders"]["rows"]
        self.assertEqual([row["id"] for row in due], reminder.ids)
        # who may not touch the contact gives nobody anything
        with self.assertRaises(AccessError):
            other.activity_ids.with_user(self.users["employee"]).user_id = colleague
        self.assertEqual(other.user_id, self.rep)

    def test_what_was_done_by_mistake_is_due_again(self):
        with freeze_time("2026-03-02 12:00:00"):
            reminder = self._reminder(date_start="2026-03-02")
            ahead = self._reminder(date_start="2026-03-09")
            self._run_cron()
            (reminder + ahead).with_user(self.rep).action_done()
            self.assertFalse((reminder + ahead).filtered("active"))
        with freeze_time("2026-03-04 12:00:00"):
            (reminder + ahead).with_user(self.users["sales_manager"]).action_unarchive()
            self.assertEqual(reminder.date_due, date(2026, 3, 4))
            self.assertEqual(ahead.date_due, date(2026, 3, 9))
            self._run_cron()
            self.assertEqual(reminder.activity_ids.user_id, self.rep)
            self.assertFalse(ahead.activity_ids)

    def test_archived_reps_reminders_go_to_the_fallback_of_settings(self):
        self.env.company.reminder_fallback_user_id = self.users["accountant"]
        reminder = self._reminder()
        self.rep.write({"active": False})
        self._run_cron()
        self.assertEqual(self._activities(reminder).user_id, self.users["accountant"])

    @freeze_time("2026-03-02 12:00:00")
    def test_nobody_gets_reminders_of_a_company_where_he_does_not_work(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.company.reminder_fallback_user_id = new_test_user(
            self.env, "bizuno_elsewhere", "sales_team.group_sale_manager",
            company_id=elsewhere.id, company_ids=[(6, 0, elsewhere.ids)],
        )  # fmt: skip
        reminder = self._reminder()
        self.rep.action_archive()
        self.assertIn(self.env.company, reminder.user_id.company_ids)
        self.assertTrue(reminder.user_id.has_group("bizuno_crm.group_manager"))

    @freeze_time("2026-03-02 12:00:00")
    def test_another_first_day_moves_what_is_open_of_a_single_reminder_alone(self):
        single, weekly = (self._reminder(date_start="2026-03-02", recurrence=r) for r in "zw")
        self._run_cron()
        for reminder in single + weekly:
            with Form(reminder.with_user(self.rep)) as page:
                page.date_start = "2026-03-12"
        self.assertEqual(single.activity_ids.date_deadline, date(2026, 3, 12))
        self.assertEqual(weekly.activity_ids.date_deadline, date(2026, 3, 2))

    @freeze_time("2026-03-02 12:00:00")
    def test_reminder_of_nobody_goes_to_a_manager(self):
        reminder = self._reminder()
        # as the database leaves it when a user is deleted
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE bizuno_reminder SET user_id = NULL WHERE id = %s", [reminder.id]
        )
        self.env.invalidate_all()
        self._run_cron()
        user = self._activities(reminder).user_id
        self.assertTrue(user.active)
        self.assertTrue(user.has_group("bizuno_crm.group_manager"))

    def test_one_that_fails_does_not_keep_the_others(self):
        with freeze_time("2026-03-02 12:00:00"):
            broken, sound = self._reminder(), self._reminder()
            surface = type(broken)._surface

            def _surface(self):
                if self == broken:
                    raise KeyError("broken")
                return surface(self)

            with (
                patch.object(type(broken), "_surface", _surface),
                self.assertLogs("odoo.addons.bizuno_crm.models.base.jobs", "ERROR"),
            ):
                self._run_cron()
            self.assertFalse(self._activities(broken))
            self.assertTrue(self._activities(sound))
            self._run_cron()
            self.assertTrue(self._activities(broken))

    def test_it_moves_on_with_the_first_date_after_today(self):
        for recurrence, expected in (
            ("d", date(2026, 3, 13)), ("w", date(2026, 3, 17)), ("b", date(2026, 3, 17)),
            ("h", date(2026, 3, 18)), ("m", date(2026, 4, 3)), ("q", date(2026, 6, 3)),
            ("y", date(2027, 3, 3)), ("3", date(2029, 3, 3)), ("z", False),
        ):  # fmt: skip
            with self.subTest(recurrence=recurrence):
                with freeze_time("2026-03-03 12:00:00"):
                    reminder = self._reminder(recurrence=recurrence)
                with freeze_time("2026-03-12 12:00:00"):
                    self._run_cron()
                self.assertEqual(reminder.date_next, expected)

    @freeze_time("2026-03-12 12:00:00")
    def test_a_rhythm_that_began_long_ago_goes_on_today_or_later(self):
        weekly = self._reminder(date_start="2020-01-02", recurrence="w")
        self.assertEqual(weekly.date_next, date(2026, 3, 12))
        once = self._reminder(date_start="2020-01-02")
        self.assertEqual(once.date_next, date(2020, 1, 2))
        imported = self._reminder(date_start="2020-01-02", recurrence="w", date_next="2026-02-05")
        self.assertEqual(imported.date_next, date(2026, 2, 5))

    # ------------------------------------------------------------------
    # done and snoozed
    # ------------------------------------------------------------------

    @freeze_time("2026-03-02 12:00:00")
    def test_done_writes_the_feedback_to_the_contact_log(self):
        reminder = self._reminder()
        self._run_cron()
        reminder.with_user(self.rep).action_done("They want 5 more")
        entry = self.customer.contact_log_ids
        self.assertRecordValues(
            entry,
            [
                {
                    "notes": "They want 5 more",
                    "user_id": self.rep.id,
                    "action_id": self.env.ref("bizuno_crm.action_code_flw").id,
                }
            ],
        )
        self.assertFalse(reminder.active)
        self.assertEqual(self._activities(reminder).state, "done")
        self.assertFalse(self.customer.reminder_date)
        # one entry in the chatter, not two
        shown = self.customer.message_ids.filtered(lambda m: "They want 5 more" in m.body)
        self.assertEqual(len(shown), 1)

    @freeze_time("2026-03-02 12:00:00")
    def test_done_from_the_activity_itself_is_the_same(self):
        reminder = self._reminder(recurrence="w")
        self._run_cron()
        self._activities(reminder).with_user(self.rep).action_feedback(feedback="Done by phone")
        self.assertEqual(self.customer.contact_log_ids.notes, "Done by phone")
        self.assertEqual(self.customer.contact_log_ids.user_id, self.rep)
        self.assertTrue(reminder.active)
        self.assertEqual(reminder.date_due, date(2026, 3, 9))

    @freeze_time("2026-03-02 12:00:00")
    def test_done_on_a_project_stands_in_both_chatters(self):
        project = self.env["bizuno.project"].create(
            {"name": "Lights", "partner_id": self.customer.id}
        )
        reminder = self._reminder(partner_id=False, project_id=project.id)
        self._run_cron()
        reminder.with_user(self.rep).action_done("Order is coming")
        self.assertEqual(self.customer.contact_log_ids.project_id, project)
        for record in (project, self.customer):
            found = record.message_ids.filtered(lambda m: "Order is coming" in m.body)
            self.assertEqual(len(found), 1, record)

    @freeze_time("2026-03-02 12:00:00")
    def test_done_ahead_of_time_skips_to_the_date_after(self):
        reminder = self._reminder(date_start="2026-03-05", recurrence="w")
        reminder.with_user(self.rep).action_done()
        self.assertEqual(reminder.date_next, date(2026, 3, 12))
        self.assertEqual(self.customer.contact_log_ids.notes, "Call Harbour Supply")
        once = self._reminder(date_start="2026-03-05")
        once.with_user(self.rep).action_done()
        self.assertFalse(once.active)

    @freeze_time("2026-03-02 12:00:00")
    def test_done_without_a_contact_needs_no_log(self):
        reminder = self._reminder(partner_id=False)
        self._run_cron()
        reminder.with_user(self.rep).action_log_done()
        self.assertFalse(reminder.active)

    @freeze_time("2026-03-02 12:00:00")
    def test_done_by_way_of_the_wizard(self):
        reminder = self._reminder()
        self._run_cron()
        action = reminder.with_user(self.rep).action_log_done()
        wizard = Form(
            self.env[action["res_model"]].with_user(self.rep).with_context(**action["context"])
        )
        wizard.action_id = self.env.ref("bizuno_crm.action_code_ret")
        wizard.notes = "Rang back"
        wizard.reminder_date = "2026-03-20"
        wizard.save().action_confirm()
        self.assertEqual(self.customer.contact_log_ids.notes, "Rang back")
        self.assertEqual(self.customer.contact_log_ids.action_id.code, "ret")
        self.assertFalse(reminder.active)
        self.assertEqual(self.customer.reminder_date, date(2026, 3, 20))

    def test_snooze_keeps_the_rhythm(self):
        with freeze_time("2026-03-02 12:00:00"):
            reminder = self._reminder(recurrence="w")
            self._run_cron()
            reminder.with_user(self.rep).action_snooze_day()
            self.assertEqual(reminder.date_due, date(2026, 3, 3))
            reminder.with_user(self.rep).action_snooze_week()
            self.assertEqual(reminder.date_due, date(2026, 3, 10))
            self.assertEqual(reminder.date_next, date(2026, 3, 9))
        with freeze_time("2026-03-09 12:00:00"):
            self._run_cron()
            self.assertEqual(reminder.date_due, date(2026, 3, 10))
            self.assertEqual(reminder.date_next, date(2026, 3, 16))

    @freeze_time("2026-03-12 12:00:00")
    def test_snooze_counts_from_today_for_what_is_overdue(self):
        reminder = self._reminder(date_start="2026-03-02")
        self._run_cron()
        said = reminder.with_user(self.rep).action_snooze_day()["params"]["message"]
        self.assertEqual(reminder.date_due, date(2026, 3, 13))
        self.assertEqual(said, f"{reminder.name}: snoozed until Fri, Mar 13")

    @freeze_time("2026-03-12 12:00:00")
    def test_the_day_is_said_in_the_order_of_the_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        told = self._reminder().with_user(self.rep).with_context(lang="de_DE").action_snooze_week()
        self.assertIn("Do., 19. März", told["params"]["message"])

    @freeze_time("2026-03-12 12:00:00")
    def test_what_was_put_off_by_mistake_comes_back_to_its_day(self):
        for recurrence, is_surfaced in itertools.product(("z", "w"), (True, False)):
            reminder = self._reminder(date_start="2026-03-02", recurrence=recurrence)
            if is_surfaced:
                self._run_cron()
            before, activities = reminder.date_due, self._activities(reminder)
            reminder.with_user(self.rep).action_snooze_week()
            with self.assertRaisesRegex(UserError, "cannot be moved back to 04/01/2026"):
                reminder.with_user(self.rep).action_undo_snooze("2026-04-01")
            with self.assertRaisesRegex(UserError, "is not a date"):
                reminder.with_user(self.rep).action_undo_snooze("soon")
            reminder.with_user(self.rep).action_undo_snooze(str(before))
            self.assertEqual(reminder.date_due, before, (recurrence, is_surfaced))
            self.assertEqual(self._activities(reminder), activities)

    @freeze_time("2026-03-02 12:00:00")
    def test_snooze_to_a_chosen_day_in_the_future(self):
        reminder = self._reminder()
        action = reminder.with_user(self.rep).action_snooze_pick()
        wizard = Form(
            self.env[action["res_model"]].with_user(self.rep).with_context(**action["context"])
        )
        wizard.date = "2026-03-30"
        wizard.save().action_confirm()
        self.assertEqual(reminder.date_due, date(2026, 3, 30))
        with self.assertRaisesRegex(UserError, "choose a day after today"):
            reminder.with_user(self.rep).action_snooze_to("2026-03-02")

    @freeze_time("2026-03-12 12:00:00")
    def test_several_go_back_each_to_its_own_day(self):
        days = date(2026, 3, 2), date(2026, 3, 12), date(2026, 3, 19)
        reminders = self.env["bizuno.reminder"].concat(
            *(self._reminder(date_start=str(day)) for day in days)
        )
        mine = reminders.with_user(self.rep)
        wizard = self.env["bizuno.reminder.snooze"].with_user(self.rep)
        wizard = wizard.create({"reminder_ids": reminders.ids, "date": "2026-04-03"})
        for put_off in (mine.action_snooze_day, mine.action_snooze_week, wizard.action_confirm):
            told = put_off()
            self.assertEqual(told["params"]["message"], "3 reminders snoozed.")
            self.assertNotEqual(reminders.mapped("date_due"), [*days])
            for day, ids in told["params"]["days_before"]:
                mine.browse(ids).action_undo_snooze(day)
            self.assertEqual(reminders.mapped("date_due"), [*days])

    @freeze_time("2026-03-02 12:00:00")
    def test_cancelling_the_activity_ends_a_single_reminder_only(self):
        once, weekly = self._reminder(), self._reminder(recurrence="w")
        self._run_cron()
        (self._activities(once) + self._activities(weekly)).with_user(self.rep).unlink()
        self.assertFalse(once.active)
        self.assertTrue(weekly.active)
        self.assertEqual(weekly.date_due, date(2026, 3, 9))

    @freeze_time("2026-03-02 12:00:00")
    def test_renamed_and_reassigned_reminder_takes_its_activity_along(self):
        reminder = self._reminder()
        self._run_cron()
        manager = self.users["sales_manager"]
        reminder.write({"name": "Visit", "user_id": manager.id})
        self.assertEqual(self._activities(reminder).summary, "Visit")
        self.assertEqual(self._activities(reminder).user_id, manager)
        reminder.active = False
        self.assertFalse(self._activities(reminder))

    @freeze_time("2026-03-02 12:00:00")
    def test_handling_is_for_its_user_and_for_editors(self):
        employee = self.users["employee"]
        own, theirs = self._reminder(user_id=employee.id), self._reminder()
        self._run_cron()
        own.with_user(employee).action_done("Was easy")
        self.assertEqual(self.customer.contact_log_ids.user_id, employee)
        for call in ("action_done", "action_snooze_day", "action_snooze_week", "action_log_done"):
            with self.assertRaises(AccessError):
                getattr(theirs.with_user(employee), call)()
        with self.assertRaises(AccessError):
            theirs.with_user(employee).action_snooze_to("2026-04-01")
        with self.assertRaises(AccessError):
            theirs.with_user(employee).action_undo_snooze("2026-03-01")
        theirs.with_user(self.users["sales_manager"]).action_snooze_day()
        self.assertEqual(theirs.date_due, date(2026, 3, 3))

    # ------------------------------------------------------------------
    # on its record
    # ------------------------------------------------------------------

    @freeze_time("2026-03-02 12:00:00")
    def test_reminder_date_sets_moves_and_ends(self):
        for record in (
            self.customer,
            self.env["bizuno.project"].create({"name": "Lights", "partner_id": self.customer.id}),
        ):
            record = record.with_user(self.rep)
            record.reminder_date = "2026-03-20"
            reminder = record.reminder_ids
            self.assertEqual(len(reminder), 1)
            self.assertEqual(reminder.res_model, record._name)
            self.assertEqual(reminder.res_id, record.id)
            self.assertIn(record.name, reminder.name)
            record.reminder_date = "2026-03-25"
            self.assertEqual(record.reminder_ids, reminder)
            self.assertEqual(reminder.date_due, date(2026, 3, 25))
            self.assertEqual(record.reminder_date, date(2026, 3, 25))
            record.reminder_date = False
            self.assertFalse(reminder.active)

    @freeze_time("2026-03-02 12:00:00")
    def test_reminder_date_is_the_earliest_and_can_be_searched_and_sorted(self):
        partners = self.env["res.partner"].create([{"name": n} for n in ("A", "B", "C")])
        first, second, third = partners
        for partner, day in ((first, "2026-03-20"), (first, "2026-03-10"), (second, "2026-03-05")):
            self._reminder(partner_id=partner.id, date_start=day)
        self.assertEqual(
            partners.mapped("reminder_date"), [date(2026, 3, 10), date(2026, 3, 5), False]
        )
        ours = [("id", "in", partners.ids)]
        for condition, expected in (
            (("reminder_date", "<=", "2026-03-05"), second),
            (("reminder_date", "<", "2026-03-05"), partners.browse()),
            (("reminder_date", ">", "2026-03-10"), partners.browse()),
            (("reminder_date", ">=", "2026-03-10"), first),
            (("reminder_date", "=", "2026-03-10"), first),
            (("reminder_date", "=", "2026-03-20"), partners.browse()),
            (("reminder_date", "=", False), third),
            (("reminder_date", "!=", False), first + second),
        ):
            self.assertEqual(partners.search([*ours, condition], order="id"), expected, condition)
        rep = partners.with_user(self.rep)
        self.assertEqual(rep.search(ours, order="reminder_date, id"), second + first + third)
        self.assertTrue(rep.fields_get(["reminder_date"])["reminder_date"]["sortable"])
        with self.assertRaises(AccessError):
            partners.with_user(self.users["employee"]).search(ours, order="reminder_date")

    def test_res_model_and_res_id_are_the_contact_or_the_project(self):
        project = self.env["bizuno.project"].create({"name": "Lights"})
        reminders = self.env["bizuno.reminder"]
        for record in (self.customer, project):
            reminder = reminders.create({
                "name": "By reference", "res_model": record._name, "res_id": record.id,
            })  # fmt: skip
            self.assertEqual(reminder._record(), record)
            found = reminders.search([
                ("res_model", "=", record._name), ("res_id", "=", record.id),
            ])  # fmt: skip
            self.assertEqual(found, reminder)
        alone = self._reminder(partner_id=False)
        self.assertIn(alone, reminders.search([("res_model", "=", False)]))
        with self.assertRaisesRegex(ValidationError, "not on “res.users”"):
            reminders.create({"name": "x", "res_model": "res.users", "res_id": 2})
        with self.assertRaisesRegex(ValidationError, "on a contact or on a project"):
            self._reminder(project_id=project.id)

    @freeze_time("2026-03-02 12:00:00")
    def test_deleting_the_contact_leaves_nothing_dangling(self):
        partner = self.env["res.partner"].create({"name": "Gone"})
        open_one = self._reminder(partner_id=partner.id)
        coming = self._reminder(partner_id=partner.id, date_start="2026-04-01")
        self._run_cron()
        activity = self._activities(open_one)
        partner.unlink()
        self.assertFalse((open_one + coming).exists())
        self.assertFalse(activity.exists())
        self._run_cron()

    @freeze_time("2026-03-02 12:00:00")
    def test_merging_the_contact_takes_reminders_and_activities_along(self):
        target = self._create_customer("Target")
        source = self.env["res.partner"].create({"name": "Source"})
        open_one = self._reminder(partner_id=source.id)
        coming = self._reminder(partner_id=source.id, date_start="2026-04-01", recurrence="m")
        self._run_cron()
        self.env["base.partner.merge.automatic.wizard"]._merge([source.id, target.id], target)
        self.env.invalidate_all()
        self.assertEqual((open_one + coming).mapped("res_id"), [target.id, target.id])
        self.assertEqual(self._activities(open_one).res_id, target.id)
        self.assertEqual(target.reminder_date, date(2026, 3, 2))

    @freeze_time("2026-03-02 12:00:00")
    def test_deleting_the_reminder_takes_its_open_activity_along(self):
        reminder = self._reminder()
        self._run_cron()
        activity = self._activities(reminder)
        reminder.unlink()
        self.assertFalse(activity.exists())

    def test_a_reminder_due_now_wakes_the_job_up(self):
        triggers = self.env["ir.cron.trigger"].search_count([])
        self._reminder(date_start=fields.Date.today() + timedelta(days=30))
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers)
        self._reminder()
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers + 1)

    def test_rights_and_companies(self):
        reminder = self._reminder()
        with self.assertRaises(AccessError):
            reminder.with_user(self.users["employee"]).read(["name"])
        other = self.env["res.company"].create({"name": "Other"})
        reminder.company_id = other
        self.assertFalse(
            self.env["bizuno.reminder"].with_user(self.rep).search([("id", "=", reminder.id)])
        )
