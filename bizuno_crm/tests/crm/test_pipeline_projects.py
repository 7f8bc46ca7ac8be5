from datetime import date

from odoo import Command, fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, UniqueViolation

from ..common import BizunoCommon

MARKETS = (
    "a Automotive, v Aviation, b Boat/Marine, cm Contract Mfg, c Corporate, d Dealer/Reseller, "
    "e Electronics, f Fitness, g Government, ht Hospitality, in Industrial, i ISD/School, "
    "l Landscape, m Medical, n Natural Gas/Oil, p Municipalities, r Reserve/Critical, s Solar, "
    "sc Supply Chain, t Telecom, tr Transportation, u Utility, w Wind, o Other"
)


@tagged("post_install", "-at_install")
class TestPipelineProjects(BizunoCommon):
    """From Prospect to Closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.users["rep"]
        cls.stages = {stage.code: stage for stage in cls.env["bizuno.project.stage"].search([])}

    def _project(self, user=None, **values):
        projects = self.env["bizuno.project"].with_user(user or self.rep)
        return projects.create({"name": "Lights", "partner_id": self.customer.id, **values})

    def _close(self, project, **values):
        action = project.action_close()
        wizard = Form(self.env[action["res_model"]].with_user(self.rep).with_context(
            **action["context"]
        ))  # fmt: skip
        for name, value in values.items():
            wizard[name] = value
        return wizard.save().action_confirm()

    def test_bizunos_stages_and_markets_are_there(self):
        self.assertEqual(
            [(stage.code, stage.name) for stage in self.env["bizuno.project.stage"].search([])],
            [
                ("n", "Prospect"),
                ("c", "Contacting"),
                ("p", "POC Identified"),
                ("f", "Follow-up"),
                ("q", "Quote"),
                ("s", "Sale"),
                ("e", "Engineering"),
                ("d", "Doc Development"),
                ("x", "Closed"),
                ("z", "No Opportunity"),
            ],
        )
        markets = {(market.code, market.name) for market in self.env["bizuno.market"].search([])}
        self.assertEqual(markets, {tuple(m.split(" ", 1)) for m in MARKETS.split(", ")})

    @freeze_time("2026-03-02 12:00:00")
    def test_new_project_has_number_stage_rep_and_date(self):
        first, second = self._project(), self._project()
        self.assertNotEqual(first.number, second.number)
        self.assertRegex(first.number, r"^P\d{5}$")
        self.assertEqual(first.stage_id, self.stages["n"])
        self.assertEqual(first.user_id, self.rep)
        self.assertEqual(first.date_assigned, date(2026, 3, 2))
        self.assertEqual(first.currency_id, self.env.company.currency_id)
        self.assertEqual(first.display_name, f"{first.number} Lights")
        found = self.env["bizuno.project"].name_search(first.number)
        self.assertEqual(found, [(first.id, first.display_name)])

    def test_number_is_unique_per_company_and_skips_imported_ones(self):
        sequence = self.env.ref("bizuno_crm.sequence_project")
        upcoming = sequence.get_next_char(sequence.number_next_actual)
        manager = self.users["bizuno_manager"]
        imported = self._project(manager, number=upcoming)
        self.assertEqual(imported.number, upcoming)
        self.assertNotEqual(self._project().number, upcoming)
        self.assertFalse(imported.copy().number == upcoming)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._project(manager, number=upcoming)

    def test_missing_sequence_is_said(self):
        self.env.ref("bizuno_crm.sequence_project").sudo().active = False
        with self.assertRaisesRegex(UserError, "no sequence for project numbers"):
            self._project()

    def test_assigning_sets_the_date(self):
        with freeze_time("2026-03-02 12:00:00"):
            project = self._project(user_id=False)
            self.assertFalse(project.date_assigned)
        with freeze_time("2026-03-05 12:00:00"):
            project.user_id = self.users["sales_manager"]
            self.assertEqual(project.date_assigned, date(2026, 3, 5))

    def test_kanban_shows_every_stage(self):
        project = self._project()
        projects = self.env["bizuno.project"].with_user(self.rep)
        # as the kanban view asks
        groups = projects.with_context(read_group_expand=True).web_read_group(
            [("id", "=", project.id)], ["stage_id"], aggregates=["expected_revenue:sum"]
        )["groups"]
        self.assertEqual(len(groups), 10)

    @freeze_time("2026-03-02 12:00:00")
    def test_closing_as_won(self):
        project = self._project()
        self._close(project, outcome="won")
        self.assertRecordValues(
            project,
            [
                {
                    "stage_id": self.stages["x"].id,
                    "outcome": "won",
                    "is_closed": True,
                    "date_closed": date(2026, 3, 2),
                }
            ],
        )

    @freeze_time("2026-03-02 12:00:00")
    def test_closing_without_opportunity_needs_a_reason(self):
        project = self._project()
        with self.assertRaisesRegex(UserError, "without a reason: use the button Close Project"):
            project.stage_id = self.stages["z"]
        project = self._project()
        with self.assertRaisesRegex(AssertionError, "reason.*required"):
            self._close(project, outcome="no_opportunity")
        self._close(project, outcome="no_opportunity", reason="Budget was cut")
        self.assertEqual(project.outcome, "no_opportunity")
        self.assertEqual(project.close_reason, "Budget was cut")

    def test_wizard_opened_by_a_drop_proposes_that_stage(self):
        project = self._project()
        wizard = Form(
            self.env["bizuno.project.close"]
            .with_user(self.rep)
            .with_context(default_project_id=project.id, default_stage_id=self.stages["z"].id)
        )
        self.assertEqual(wizard.outcome, "no_opportunity")
        self.assertEqual(wizard.stage_id, self.stages["z"])

    def test_reopening_forgets_the_outcome(self):
        project = self._project()
        self._close(project, outcome="no_opportunity", reason="Too dear")
        project.action_reopen()
        self.assertRecordValues(
            project,
            [
                {
                    "outcome": False,
                    "date_closed": False,
                    "close_reason": False,
                    "stage_id": self.stages["n"].id,
                }
            ],
        )

    def test_closing_and_archiving_end_the_reminders(self):
        for end in ("close", "archive"):
            project = self._project()
            project.reminder_date = fields.Date.today()
            reminder = project.reminder_ids
            reminder.sudo()._surface()
            self.assertTrue(project.activity_ids)
            if end == "close":
                self._close(project, outcome="won")
            else:
                project.action_archive()
            self.assertFalse(reminder.active)
            self.assertFalse(project.activity_ids)

    def test_stage_in_use_is_not_deleted_nor_given_another_meaning(self):
        project = self._project()
        project.action_archive()
        manager = self.users["bizuno_manager"]
        stage = self.stages["n"].with_user(manager)
        with self.assertRaisesRegex(
            UserError, "stage “Prospect” cannot be deleted.*including archived ones.*move them"
        ):
            stage.unlink()
        with self.assertRaisesRegex(UserError, "whether the stage “Prospect” is closed"):
            stage.write({"is_closed": True, "closing_outcome": "won"})
        unused = self.env["bizuno.project.stage"].create({"code": "new", "name": "Idea"})
        unused.with_user(manager).unlink()
        self.assertFalse(unused.exists())
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.env["bizuno.project.stage"].create(
                {"code": "y", "name": "Over", "is_closed": True}
            )

    def test_market_in_use_is_archived_not_deleted(self):
        market = self.env.ref("bizuno_crm.market_s").with_user(self.users["bizuno_manager"])
        self._project(market_id=market.id)
        with self.assertRaisesRegex(
            UserError, "market “Solar” cannot be deleted.*\\(1, .*archive it"
        ):
            market.unlink()
        market.active = False
        self.env.ref("bizuno_crm.market_w").unlink()

    def test_codes_are_unique(self):
        for model in ("bizuno.market", "bizuno.project.stage"):
            with (
                self.assertRaises(UniqueViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env[model].create({"code": "S", "name": "Again"})
            copy = self.env[model].search([("code", "=", "s")]).copy()
            self.assertNotEqual(copy.code, "s")

    def test_going_stale(self):
        with freeze_time("2026-03-02 12:00:00"):
            project = self._project()
        self.stages["n"].rotting_threshold_days = 10
        self.env.flush_all()
        # the mixin asks the database for the time
        self.env.cr.execute(
            "UPDATE bizuno_project SET date_last_stage_update = now() - interval '12 days' "
            "WHERE id = %s",
            [project.id],
        )
        self.env.invalidate_all()
        self.assertTrue(project.is_rotting)
        self.assertEqual(project.rotting_days, 12)
        ours = [("id", "=", project.id)]
        projects = self.env["bizuno.project"]
        self.assertTrue(projects.search([*ours, ("is_rotting", "=", True)]))
        self._close(project, outcome="won")
        self.assertFalse(project.is_rotting)
        self.assertFalse(projects.search([*ours, ("is_rotting", "=", True)]))

    def test_time_in_stage(self):
        project = self._project()
        self.assertIn(str(self.stages["n"].id), {str(k) for k in project.duration_tracking})

    def test_new_quotation_is_linked(self):
        project = self._project()
        action = project.action_new_quotation()
        order = Form(
            self.env["sale.order"].with_user(self.rep).with_context(**action["context"])
        ).save()
        self.assertEqual(order.bizuno_project_id, project)
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.origin, project.number)
        self.assertEqual(project.sale_order_count, 1)
        self.assertEqual(
            self.env["sale.order"].search(project.action_view_sale_orders()["domain"]), order
        )
        with self.assertRaisesRegex(UserError, "has no customer yet"):
            self._project(partner_id=False).action_new_quotation()

    def test_log_from_a_project(self):
        project = self._project()
        action = project.action_log()
        wizard = Form(
            self.env[action["res_model"]].with_user(self.rep).with_context(**action["context"])
        )
        wizard.action_id = self.env.ref("bizuno_crm.action_code_trn")
        wizard.notes = "Showed the samples"
        wizard.reminder_date = "2026-09-01"
        wizard.save().action_confirm()
        self.assertEqual(project.contact_log_ids.partner_id, self.customer)
        self.assertEqual(project.reminder_date, date(2026, 9, 1))
        for record in (project, self.customer):
            self.assertIn("Showed the samples", record.message_ids[0].body)
        project.sudo().unlink()
        self.assertEqual(self.customer.contact_log_ids.notes, "Showed the samples")

    def test_customers_projects_on_his_page(self):
        child = self.env["res.partner"].create(
            {"name": "Branch", "is_company": True, "parent_id": self.customer.id}
        )
        grandchild = self.env["res.partner"].create({"name": "Jane", "parent_id": child.id})
        projects = self._project() + self._project(partner_id=child.id)
        projects += self._project(partner_id=grandchild.id)
        customer = self.customer.with_user(self.rep)
        self.assertEqual(customer.project_count, 3)
        self.assertEqual(child.with_user(self.rep).project_count, 2)
        self.assertEqual(grandchild.with_user(self.rep).project_count, 1)
        self.assertEqual(customer.new({"name": "Nobody yet"}).project_count, 0)
        found = self.env["bizuno.project"].search(customer.action_view_projects()["domain"])
        self.assertEqual(found, projects.sorted("id", reverse=True))

    def test_contact_with_project_or_log_is_not_deleted(self):
        partner = self.env["res.partner"].create({"name": "Kept"})
        self._project(partner_id=partner.id)
        partner.log_contact_action("ret", "Hello")
        with self.assertRaisesRegex(RedirectWarning, r"Project \(1\).*|Contact Log \(1\).*"):
            partner.unlink()

    def test_merge_of_contacts_keeps_the_projects(self):
        target = self._create_customer("Target")
        project = self._project(oem_id=self.customer.id)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [self.customer.id, target.id], target
        )
        self.env.invalidate_all()
        self.assertEqual(project.partner_id, target)
        self.assertEqual(project.oem_id, target)

    def test_levels_of_access(self):
        def user(level):
            return new_test_user(
                self.env, f"bizuno_project_{level}", f"bizuno_crm.group_project_{level}",
                company_id=self.env.company.id,
                company_ids=[Command.set(self.env.companies.ids)],
            )  # fmt: skip

        project = self._project()
        with self.assertRaises(AccessError):
            project.with_user(self.users["employee"]).read(["name"])
        for level, may in (
            ("read", {"read"}),
            ("add", {"read", "create"}),
            ("edit", {"read", "create", "write"}),
            ("full", {"read", "create", "write", "unlink"}),
        ):
            records = project.with_user(user(level))
            for operation in ("read", "create", "write", "unlink"):
                self.assertEqual(
                    records.has_access(operation), operation in may, (level, operation)
                )

    def test_own_contacts_only_and_companies(self):
        colleague = self.users["sales_manager"]
        theirs = self._project(user_id=colleague.id)
        nobodys = self._project(user_id=False)
        working = self._project(user_id=colleague.id, working_user_id=self.rep.id)
        self.rep.group_ids += self.env.ref("bizuno_crm.group_own_contacts_only")
        seen = self.env["bizuno.project"].with_user(self.rep).search([])
        self.assertEqual(seen & (theirs + nobodys + working), nobodys + working)
        nobodys.sudo().company_id = self.env["res.company"].create({"name": "Other"})
        self.assertNotIn(nobodys, self.env["bizuno.project"].with_user(self.rep).search([]))

    def test_calendar_moves_the_reminder(self):
        project = self._project()
        project.reminder_date = "2026-09-01"
        found = project.search([
            ("reminder_date", ">=", "2026-08-30"), ("reminder_date", "<=", "2026-09-30"),
        ])  # fmt: skip
        self.assertIn(project, found)
        project.write({"reminder_date": "2026-09-08"})
        self.assertEqual(project.reminder_ids.date_due, date(2026, 9, 8))

    def test_the_number_is_of_the_company_that_the_context_names(self):
        other = self.env["res.company"].create({"name": "Numbers of its own"})
        self.rep.company_ids |= other
        self.env["ir.sequence"].create({
            "name": "Projects", "code": "bizuno.project", "prefix": "OWN-", "company_id": other.id,
        })  # fmt: skip
        projects = self.env["bizuno.project"].with_user(self.rep)
        both = (self.env.company + other).ids
        project = projects.with_context(
            default_company_id=other.id, allowed_company_ids=both
        ).create({"name": "There"})
        self.assertEqual(project.company_id, other)
        self.assertTrue(project.number.startswith("OWN-"), project.number)
        here = projects.with_context(allowed_company_ids=both).create({"name": "Here"})
        self.assertFalse(here.number.startswith("OWN-"), here.number)

    def test_reminders_of_a_project_that_is_reopened_go_on(self):
        reminders = self.env["bizuno.reminder"].with_user(self.rep)
        with freeze_time("2026-03-02 12:00:00"):
            project, other = self._project(), self._project()
            done, open_one, coming, theirs = reminders.create([
                {"name": name, "project_id": about.id, "date_start": day}
                for name, about, day in (
                    ("Done", project, "2026-03-01"), ("Open", project, "2026-03-02"),
                    ("Coming", project, "2026-03-20"), ("Theirs", other, "2026-03-20"),
                )
            ])  # fmt: skip
            for reminder in done + open_one:
                reminder.sudo()._surface()
            done.action_done()
            self._close(project, outcome="won")
            other.action_archive()
            self.assertFalse((done + open_one + coming + theirs).filtered("active"))
        with freeze_time("2026-03-05 12:00:00"):
            project.action_reopen()
            other.action_unarchive()
            self.assertFalse(done.active)
            self.assertEqual(open_one.date_due, date(2026, 3, 5))
            self.assertEqual((coming + theirs).mapped("date_due"), [date(2026, 3, 20)] * 2)
            # what somebody has ended meanwhile stays so
            theirs.action_done()
            other.name = "Renamed"
            other.stage_id = self.stages["q"]
            self.assertFalse(theirs.active)
