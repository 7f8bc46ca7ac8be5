from ast import literal_eval

from lxml import etree
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, UniqueViolation

from ..common import BizunoCommon


@tagged("post_install", "-at_install")
class TestLogEntries(BizunoCommon):
    """Who logs what, who may correct it, and for how long."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls.env.ref("bizuno_crm.action_code_ret")
        cls.rep = cls.users["rep"]
        cls.colleague = new_test_user(
            cls.env, "bizuno_colleague", "sales_team.group_sale_salesman_all_leads",
            company_id=cls.env.company.id, company_ids=[(6, 0, cls.env.companies.ids)],
        )  # fmt: skip

    def _log(self, user=None, **values):
        entries = self.env["bizuno.contact.log"].with_user(user or self.rep)
        return entries.create({
            "partner_id": self.customer.id, "action_id": self.action.id, "notes": "Called", **values
        })  # fmt: skip

    def test_bizunos_six_codes_are_there(self):
        codes = self.env["bizuno.action.code"].search([])
        self.assertEqual(
            [(code.code, code.name) for code in codes],
            [
                ("new", "New call"),
                ("ret", "Return call"),
                ("flw", "Follow up"),
                ("lead", "New lead"),
                ("trn", "Training"),
                ("inac", "Inactive"),
            ],
        )

    def test_code_is_unique_whatever_its_case_and_blanks(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["bizuno.action.code"].create({"code": " RET ", "name": "Again"})

    def test_follow_up_days_cannot_be_negative(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.env["bizuno.action.code"].create({"code": "x", "name": "X", "follow_up_days": -1})

    def test_code_in_use_is_archived_not_deleted(self):
        self._log()
        with self.assertRaisesRegex(UserError, "“Return call”.*entries: 1.*archive it"):
            self.action.with_user(self.users["bizuno_manager"]).unlink()
        self.action.active = False
        self.assertEqual(self.customer.contact_log_ids.action_id, self.action)

    def test_unused_code_can_be_deleted(self):
        code = self.env["bizuno.action.code"].create({"code": "fax", "name": "Fax"})
        code.with_user(self.users["bizuno_manager"]).unlink()
        self.assertFalse(code.exists())

    def test_only_the_manager_configures_codes(self):
        self.action.with_user(self.users["bizuno_manager"]).name = "Called back"
        with self.assertRaises(AccessError):
            self.action.with_user(self.rep).name = "Mine"

    @freeze_time("2026-03-02 15:30:00")
    def test_entry_knows_who_and_when(self):
        entry = self._log()
        self.assertEqual(entry.user_id, self.rep)
        self.assertEqual(entry.date, fields.Datetime.to_datetime("2026-03-02 15:30:00"))
        self.assertEqual(self.customer.contact_log_ids, entry)
        self.assertEqual(entry.company_id, self.env.company)

    def test_entry_stands_in_the_chatter_escaped(self):
        entry = self._log(notes="Wants <b>5 & more</b>")
        message = self.customer.message_ids[0]
        self.assertEqual(message.author_id, self.rep.partner_id)
        self.assertIn("Return call", message.body)
        self.assertIn("Wants &lt;b&gt;5 &amp; more&lt;/b&gt;", message.body)
        entry.notes = "Wants six"
        self.assertIn("Wants six", message.body)
        self.assertNotIn("Wants &lt;", message.body)
        entry.unlink() if entry.has_access("unlink") else entry.sudo().unlink()
        self.assertFalse(message.exists())

    def test_correcting_the_contact_moves_the_chatter_entry(self):
        other = self._create_customer("Other Supply")
        entry = self._log()
        before = len(other.message_ids)
        entry.partner_id = other
        self.assertEqual(len(other.message_ids), before + 1)
        self.assertNotIn("Called", "".join(self.customer.message_ids.mapped("body")))

    def test_author_corrects_for_one_day(self):
        with freeze_time("2026-03-02 15:30:00"):
            entry = self._log()
        with freeze_time("2026-03-03 15:30:00"):
            entry.notes = "Called twice"
            self.assertTrue(entry.can_correct)
        entry.invalidate_recordset()
        with freeze_time("2026-03-03 15:30:01"):
            self.assertFalse(entry.can_correct)
            with self.assertRaisesRegex(AccessError, "its author can correct it for one day"):
                entry.notes = "Never called"
            with self.assertRaises(AccessError):
                entry.unlink()
            entry.with_user(self.users["bizuno_manager"]).notes = "Called three times"
        self.assertEqual(entry.notes, "Called three times")

    def test_nobody_else_corrects(self):
        entry = self._log()
        for user in (self.colleague, self.users["sales_manager"]):
            with self.assertRaises(AccessError):
                entry.with_user(user).notes = "I was there"
            with self.assertRaises(AccessError):
                entry.with_user(user).unlink()
        entry.with_user(self.users["bizuno_manager"]).unlink()
        self.assertFalse(entry.exists())

    @freeze_time("2026-03-02 20:30:00")
    def test_author_chooses_the_date_up_to_now(self):
        """A rep logs the day's calls in the evening; what is in the future is a reminder."""
        morning = self._log(date="2026-03-02 08:00:00")
        self.assertEqual(morning.date.isoformat(), "2026-03-02T08:00:00")
        yesterday = self.customer.with_user(self.rep).log_contact_action(
            "ret", "Rang", date="2026-03-01 09:00:00"
        )
        self.assertEqual(self.customer.contact_log_ids.sorted("date"), yesterday + morning)
        self.assertIn("on 03/01/2026", yesterday.sudo().message_ids.body)
        self.assertNotIn("2026", morning.sudo().message_ids.body)
        morning.date = "2026-03-01 10:00:00"
        self.assertIn("on 03/01/2026", morning.sudo().message_ids.body)
        for attempt in (
            lambda: self._log(date="2026-03-02 20:30:01"),
            lambda: self._log(self.users["bizuno_manager"], date="2026-03-03 08:00:00"),
            lambda: morning.write({"date": "2026-04-01 10:00:00"}),
        ):
            with self.assertRaisesRegex(ValidationError, "in the future"):
                attempt()

    def test_a_chosen_date_does_not_move_the_day_for_corrections(self):
        with freeze_time("2026-03-02 15:30:00"):
            old = self._log(date="2026-01-05 08:00:00")
            self.assertTrue(old.can_correct)
            old.notes = "Called about the jetty"
        old.invalidate_recordset()
        with freeze_time("2026-03-03 15:30:01"):
            self.assertFalse(old.can_correct)
            with self.assertRaisesRegex(AccessError, "its author can correct it for one day"):
                old.date = "2026-03-03 15:00:00"

    def test_wizard_takes_the_date(self):
        action = self.customer.with_user(self.rep).action_log()
        with freeze_time("2026-03-02 20:30:00"):
            wizard = Form(
                self.env[action["res_model"]].with_user(self.rep).with_context(**action["context"])
            )
            self.assertEqual(wizard.date.isoformat(), "2026-03-02T20:30:00")
            wizard.date = "2026-03-02 08:00:00"
            wizard.save().action_confirm()
        self.assertEqual(self.customer.contact_log_ids.date.isoformat(), "2026-03-02T08:00:00")

    def test_author_cannot_be_forged(self):
        for forged in (
            {"user_id": self.colleague.id},
            {"date_entered": "2026-03-02 08:00:00"},
            {"message_ids": [(6, 0, self.customer.message_ids[:1].ids)]},
        ):
            with self.assertRaisesRegex(AccessError, "The system sets who entered"):
                self._log(**forged)
            if "message_ids" not in forged:
                with self.assertRaises(AccessError):
                    self._log().write(forged)

    def test_context_cannot_forge_the_author(self):
        entry = (
            self.env["bizuno.contact.log"]
            .with_user(self.rep)
            .with_context(
                default_user_id=self.colleague.id,
                default_date_entered="2020-01-01 00:00:00",
                default_message_ids=self.customer.message_ids.ids,
            )
            .create({"partner_id": self.customer.id, "action_id": self.action.id})
        )
        self.assertEqual(entry.user_id, self.rep)
        self.assertGreater(entry.date_entered.year, 2020)

    def test_manager_may_enter_for_others(self):
        entry = self._log(
            self.users["bizuno_manager"], user_id=self.rep.id, date="2026-01-05 08:00:00"
        )
        self.assertEqual(entry.user_id, self.rep)
        self.assertEqual(entry.date.isoformat(), "2026-01-05T08:00:00")

    def test_public_method_finds_the_code(self):
        entries = (
            (self.customer + self.partner_a).with_user(self.rep).log_contact_action(" RET", "Rang")
        )
        self.assertEqual(entries.partner_id, self.customer + self.partner_a)
        self.assertEqual(entries.action_id, self.action)
        with self.assertRaisesRegex(UserError, "no active action code “fax”: choose one of new"):
            self.customer.with_user(self.rep).log_contact_action("fax", "")

    def test_employee_without_rights_cannot_log_nor_read(self):
        with self.assertRaises(AccessError):
            self._log(self.users["employee"])
        with self.assertRaises(AccessError):
            self.env["bizuno.contact.log"].with_user(self.users["employee"]).search([])
        with self.assertRaises(AccessError):
            self.customer.with_user(self.users["employee"]).read(["last_contact_date"])

    @freeze_time("2026-03-02 15:30:00")
    def test_wizard_logs_and_proposes_the_follow_up(self):
        action = self.customer.with_user(self.rep).action_log()
        wizard = Form(
            self.env[action["res_model"]].with_user(self.rep).with_context(**action["context"])
        )
        self.assertFalse(wizard.reminder_date and wizard.action_id.follow_up_days == 0)
        wizard.action_id = self.env.ref("bizuno_crm.action_code_flw")
        self.assertEqual(wizard.reminder_date, fields.Date.to_date("2026-03-16"))
        wizard.notes = "Sent the offer"
        wizard.save().action_confirm()
        self.assertEqual(self.customer.contact_log_ids.notes, "Sent the offer")
        self.assertEqual(self.customer.reminder_date, fields.Date.to_date("2026-03-16"))
        self.assertEqual(self.customer.reminder_ids.user_id, self.rep)

    def _due(self, **values):
        return self.env["bizuno.reminder"].create(
            {"name": "Ask about the pumps", "user_id": self.rep.id, "date_start": "2026-03-01",
             "partner_id": self.customer.id, **values}
        )  # fmt: skip

    def _wizard(self, action):
        wizard = self.env[action["res_model"]].with_user(self.rep)
        return Form(wizard.with_context(**action["context"]))

    @freeze_time("2026-03-02 20:30:00")
    def test_a_due_reminder_is_ticked_off_where_the_call_is_logged(self):
        self._due(name="Not due", date_start="2026-03-03")
        self._due(name="Somebody else's", user_id=self.colleague.id, date_start="2026-02-20")
        self._due(name="Somewhere else", partner_id=self.partner_a.id)
        person = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        monthly = self._due(name="Monthly call", recurrence="m", partner_id=person.id,
                            date_start="2026-03-02")  # fmt: skip
        due = self._due()
        wizard = self._wizard(self.customer.with_user(self.rep).action_log())
        self.assertEqual(wizard.due_reminder_id, due)
        wizard.save().action_confirm()
        self.assertTrue(due.active, "nothing ends without a tick")
        self.assertEqual(len(self.customer.contact_log_ids), 1)
        wizard = self._wizard(self.customer.with_user(self.rep).action_log())
        wizard.action_id = self.action
        wizard.is_reminder_done = True
        wizard.date = "2026-03-01 16:45:00"
        wizard.notes = "Wants three"
        wizard.save().action_confirm()
        self.assertFalse(due.active)
        entry = self.customer.contact_log_ids.filtered(lambda one: one.notes == "Wants three")
        self.assertEqual(len(entry), 1)
        self.assertEqual(
            (entry.date.isoformat(), entry.date_entered.isoformat(), entry.action_id),
            ("2026-03-01T16:45:00", "2026-03-02T20:30:00", self.action),
        )
        # The next one is offered now; it comes again by itself, so no other one is proposed.
        wizard = self._wizard(self.customer.with_user(self.rep).action_log())
        self.assertEqual(wizard.due_reminder_id, monthly)
        wizard.action_id = self.env.ref("bizuno_crm.action_code_flw")
        self.assertTrue(wizard.reminder_date)
        wizard.is_reminder_done = True
        self.assertFalse(wizard.reminder_date)

    @freeze_time("2026-03-02 20:30:00")
    def test_done_in_the_evening_takes_the_hour_of_the_call(self):
        project = self.env["bizuno.project"].create(
            {"name": "Pumps", "partner_id": self.customer.id}
        )
        due = self._due(partner_id=False, project_id=project.id)
        action = self.customer.with_user(self.rep).action_log()
        # the contact's page shows the reminders of its projects, too
        self.assertEqual(self._wizard(action).due_reminder_id, due)
        action = project.with_user(self.rep).action_log()
        self.assertEqual(self._wizard(action).due_reminder_id, due)
        with self.enter_registry_test_mode():
            self.env.ref("bizuno_crm.ir_cron_reminder").method_direct_trigger()
        self.env.invalidate_all()
        wizard = self._wizard(due.with_user(self.rep).action_log_done())
        self.assertFalse(wizard.due_reminder_id, "it is the one that is done")
        wizard.date = "2026-03-02 09:15:00"
        wizard.save().action_confirm()
        entry = self.customer.contact_log_ids
        self.assertEqual((entry.date.isoformat(), entry.project_id),
                         ("2026-03-02T09:15:00", project))  # fmt: skip
        self.assertEqual(entry.date_entered.isoformat(), "2026-03-02T20:30:00")
        late = self._due()
        wizard = self._wizard(late.with_user(self.rep).action_log_done())
        wizard.date = "2026-03-03 09:15:00"
        with self.assertRaisesRegex(ValidationError, "in the future"):
            wizard.save().action_confirm()

    def test_what_is_left_to_do_for_a_colleagues_customer_can_be_done(self):
        due = self._due(date_start="2026-03-01")
        self.rep.group_ids += self.env.ref("bizuno_crm.group_own_contacts_only")
        self.customer.user_id = self.colleague
        self.env.invalidate_all()
        wizard = self._wizard(due.with_user(self.rep).action_log_done())
        self.assertTrue(wizard.action_id.follow_up_days)
        self.assertFalse(wizard.reminder_date, "a next one would be refused")
        wizard.notes = "Told them who comes next"
        wizard.save().action_confirm()
        self.assertFalse(due.active)
        self.assertEqual(self.customer.contact_log_ids.notes, "Told them who comes next")

    def test_last_contact_and_days_since(self):
        with freeze_time("2026-03-02 23:30:00"):
            child = self.env["res.partner"].create({"name": "Jane", "parent_id": self.customer.id})
            self._log(partner_id=child.id)
        self.env.invalidate_all()
        with freeze_time("2026-03-12 12:00:00"):
            rep_view = self.customer.with_user(self.rep).with_context(tz="Europe/Berlin")
            self.assertEqual(rep_view.days_since_contact, 9)
            self.assertEqual(rep_view.contact_log_count, 1)
            self.assertEqual(rep_view.last_contact_date.isoformat(), "2026-03-02T23:30:00")
        self.assertFalse(self.partner_a.last_contact_date)
        partners = self.env["res.partner"]
        ours = [("id", "in", (self.customer + child + self.partner_a).ids)]
        for condition, expected in (
            (("last_contact_date", "=", False), self.partner_a),
            (("last_contact_date", "!=", False), self.customer + child),
            (("last_contact_date", "<", "2026-03-03"), self.customer + child),
            (("last_contact_date", ">=", "2026-03-03"), partners),
        ):
            self.assertEqual(set(partners.search([*ours, condition])), set(expected), condition)

    def test_list_of_contacts_costs_the_same_for_one_and_for_eighty(self):
        partners = self.env["res.partner"].create([{"name": f"P{i}"} for i in range(80)])
        partners.log_contact_action("new", "Hello")
        names = ["reminder_date", "last_contact_date", "days_since_contact", "project_count"]

        def queries(records):
            self.env.invalidate_all()
            records.env.user.has_group("base.group_user")
            before = self.env.cr.sql_log_count
            records.read(names)
            return self.env.cr.sql_log_count - before

        mine = partners.with_user(self.rep)
        queries(mine)  # warm up
        self.assertEqual(queries(mine[:1]), queries(mine))

    def test_outreach_by_rep_groups_by_rep_code_and_week(self):
        self._log()
        self._log(self.colleague)
        self._log()
        groups = self.env["bizuno.contact.log"].with_user(self.rep)._read_group(
            [("partner_id", "=", self.customer.id)],
            ["user_id", "action_id", "date:week"], ["__count"],
        )  # fmt: skip
        self.assertEqual(
            {(user, count) for user, _action, _week, count in groups},
            {(self.rep, 2), (self.colleague, 1)},
        )

    def test_merge_of_contacts_keeps_the_log(self):
        target = self._create_customer("Target")
        child_of_source = self.env["res.partner"].create(
            {"name": "Jane", "parent_id": self.customer.id}
        )
        entries = self._log() + self._log(partner_id=child_of_source.id)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [self.customer.id, target.id], target
        )
        self.assertEqual(entries[0].partner_id, target)
        self.assertEqual(entries.commercial_partner_id, target)
        self.assertEqual(target.contact_log_count, 2)

    def test_own_contacts_only(self):
        self.rep.group_ids += self.env.ref("bizuno_crm.group_own_contacts_only")
        own = self._log()
        self.customer.user_id = self.colleague
        theirs = self._log(self.colleague)
        self.partner_a.user_id = False
        nobodys = self._log(self.colleague, partner_id=self.partner_a.id)
        seen = self.env["bizuno.contact.log"].with_user(self.rep).search([])
        self.assertEqual(seen & (theirs + own + nobodys), own + nobodys)

    def test_nothing_is_logged_or_set_on_what_the_user_may_not_see(self):
        other = self.env["res.company"].create({"name": "Other"})
        hidden = self.env["res.partner"].create({"name": "Hidden", "company_id": other.id})
        project = self.env["bizuno.project"].create({"name": "Hidden", "company_id": other.id})
        before = len(hidden.message_ids)
        with self.assertRaises(AccessError):
            self._log(partner_id=hidden.id)
        entry = self._log()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            entry.partner_id = hidden
        for target in ({"partner_id": hidden.id}, {"project_id": project.id}):
            with self.assertRaises(UserError):  # an AccessError is one too
                self.env["bizuno.reminder"].with_user(self.rep).create({"name": "x", **target})
        self.assertEqual(len(hidden.message_ids), before)

    def test_other_companies_entries_are_hidden(self):
        entry = self._log()
        other = self.env["res.company"].create({"name": "Other"})
        entry.sudo().company_id = other
        self.assertFalse(
            self.env["bizuno.contact.log"].with_user(self.rep).search([("id", "=", entry.id)])
        )

    def test_the_list_behind_the_number_of_entries_has_as_many(self):
        partners = self.env["res.partner"]
        self.customer.is_company = True
        person = partners.create({"name": "Person", "parent_id": self.customer.id})
        below = partners.create(
            {"name": "Below", "is_company": True, "parent_id": self.customer.id}
        )
        clerk = partners.create({"name": "Clerk", "parent_id": below.id})
        for partner, times in ((self.customer, 1), (person, 2), (below, 4), (clerk, 8)):
            for _time in range(times):
                self._log(partner_id=partner.id)
        for partner, count in ((self.customer, 3), (person, 2), (below, 12), (clerk, 8)):
            partner = partner.with_user(self.rep)
            self.assertEqual(partner.contact_log_count, count, partner.name)
            domain = partner.action_view_contact_log()["domain"]
            behind = self.env["bizuno.contact.log"].with_user(self.rep).search_count(domain)
            self.assertEqual(behind, count, partner.name)

    def test_this_week_begins_when_the_users_week_does(self):
        self.env["res.lang"]._lang_get("en_US").week_start = "7"
        arch = etree.fromstring(self.env["bizuno.contact.log"].get_view(view_type="search")["arch"])
        [domain] = arch.xpath("//filter[@name='this_week']/@domain")
        with freeze_time("2026-11-28 12:00:00"):  # Saturday
            self._log()
        with freeze_time("2026-11-29 12:00:00"):  # Sunday
            today = self._log()
            log = self.env["bizuno.contact.log"].with_user(self.rep)
            mine = [("user_id", "=", self.rep.id)]
            self.assertEqual(log.search([*literal_eval(domain), *mine]), today)

    def test_a_date_that_is_none_is_refused_in_words(self):
        for date in ("yesterday", "2026-13-01", 5):
            with self.assertRaisesRegex(UserError, str(date)):
                self.customer.with_user(self.rep).log_contact_action("ret", "Called", date=date)
