from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .common_companies import CompaniesCommon
from .common_promo import PromoCommon


@tagged("post_install", "-at_install")
class TestCompaniesJobs(CompaniesCommon):
    """Scheduled actions run as a system user whose companies say nothing about the data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].sudo().create({"name": "Elsewhere"})
        root = cls.env.ref("base.user_root").sudo()
        root.write({"company_ids": [(6, 0, cls.elsewhere.ids)], "company_id": cls.elsewhere.id})
        # The jobs create nothing in the system user's company.
        cls.env["res.users"].invalidate_model()

    def _run(self, xmlid):
        with self.enter_registry_test_mode():
            self.env.ref(xmlid).sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_a_branch_starts_with_what_its_company_decided(self):
        """Whoever creates it, at whatever depth; what is said for itself, and later, is its own."""
        account = self.env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", self.here.ids)], limit=1
        )
        decided = {
            "aging_basis": "invoice_date",
            "aging_reps_see_own": True,
            "commission_basis": "paid",
            "contact_default_terms": "3:2:10:45:7300",
            "contact_income_account_id": account.id,
            "price_sheet_on_invoices": False,
        }
        self.here.write(decided)
        creator = new_test_user(self.env, "founder", groups="base.group_system")
        # as the tab Branches of its company opens it
        branches = self.env["res.company"].with_context(default_parent_id=self.here.id)
        page = Form(branches.with_user(creator))
        page.name = "Pier 4"
        branch = page.save().sudo()
        below = branch.create(
            {"name": "Pier 4b", "parent_id": branch.id, "aging_basis": "due_date"}
        )
        for company, own in ((branch, {}), (below, {"aging_basis": "due_date"})):
            found = company._convert_to_write({name: company[name] for name in decided})
            self.assertEqual(found, {**decided, **own})
        aged = self.env["res.company"]._get_ids_aged_by_invoice_date()
        self.assertIn(branch.id, aged)
        self.assertNotIn(below.id, aged)
        self.here.commission_basis = "invoiced"
        self.assertEqual(branch.commission_basis, "paid")
        # a company of its own starts afresh; who may create none has not found a way in
        alone = self.env["res.company"].create({"name": "Afar"})
        self.assertEqual((alone.aging_basis, alone.commission_basis), ("due_date", "invoiced"))
        with self.assertRaises(AccessError):
            self.env["res.company"].with_user(self.users["bookkeeper"]).create(
                {"name": "Mine", "parent_id": self.here.id}
            )

    @freeze_time("2026-03-02 12:00:00")
    def test_reminders_of_each_company(self):
        rep = self.users["rep"]
        reminders = self.env["bizuno.reminder"]
        for company in self.both:
            shared = self._in(self.customer, company, user=rep)
            reminders += self._in(reminders, company, user=rep).create(
                {"name": company.name, "partner_id": shared.id, "date_start": "2026-03-02"}
            )
            partner = self._create_customer(f"Only {company.name}", company_id=company.id)
            reminders += self._in(reminders, company, user=rep).create(
                {"name": partner.name, "partner_id": partner.id, "date_start": "2026-03-02"}
            )
        self.assertEqual(len(reminders), 4)
        self._run("bizuno_crm.ir_cron_reminder")
        for reminder in reminders:
            activity = reminder.sudo().activity_ids
            self.assertEqual(activity.user_id, rep, reminder.name)
            self.assertEqual(activity.res_id, reminder.partner_id.id)
            self.assertIn(reminder.company_id, self.both)
        for company in self.both:
            seen = self._in(reminders.browse(), company, user=rep).search([("is_due", "=", True)])
            self.assertEqual(seen, reminders.filtered(lambda r, c=company: r.company_id == c))

    @freeze_time("2026-03-02 12:00:00")
    def test_a_rep_who_left_the_company_is_replaced_by_one_of_that_company(self):
        local, manager = self.locals["rep"], self.users["sales_manager"]
        self.there.sudo().reminder_fallback_user_id = manager
        reminder = self.env["bizuno.reminder"].sudo().create({
            "name": "R", "user_id": local.id, "company_id": self.there.id,
            "date_start": "2026-03-02",
        })  # fmt: skip
        self._run("bizuno_crm.ir_cron_reminder")
        self.assertEqual(reminder.activity_ids.user_id, manager)

    @freeze_time("2026-03-01")
    def test_tax_exemptions_of_each_company(self):
        self.here.bookkeeper_id, self.there.bookkeeper_id = (
            self.locals["bookkeeper"], self.users["bookkeeper"],
        )  # fmt: skip
        customers = [
            self._create_customer(
                f"Exempt {company.name}", company_id=company.id, tax_exempt=True,
                tax_exempt_expiration="2026-03-10",
            )
            for company in (self.here, self.there, self.env["res.company"])
        ]  # fmt: skip
        self._run("bizuno_crm.ir_cron_tax_exempt")
        kind = self.env.ref("bizuno_crm.mail_activity_type_tax_exempt")
        told = [
            customer.sudo().activity_ids.filtered(lambda a: a.activity_type_id == kind).user_id
            for customer in customers
        ]
        self.assertEqual(told[0], self.here.bookkeeper_id)
        self.assertEqual(told[1], self.there.bookkeeper_id)
        self.assertTrue(told[2], "somebody is told of a contact that the companies share")
        self.assertIn(told[2], self.env["res.company"].search([]).bookkeeper_id)

    @freeze_time("2026-03-01")
    def test_nobody_to_tell_is_tried_again(self):
        self.elsewhere.sudo().bookkeeper_id = False
        customer = self._create_customer(
            "Lonely", company_id=self.elsewhere.id, tax_exempt=True,
            tax_exempt_expiration="2026-03-10",
        )  # fmt: skip
        group = self.env.ref("account.group_account_invoice")
        (group.all_user_ids & self.elsewhere.user_ids).sudo().company_ids -= self.elsewhere
        self.assertFalse(self.elsewhere._get_bookkeeper())
        self._run("bizuno_crm.ir_cron_tax_exempt")
        self.assertFalse(customer.sudo().tax_exempt_warned, "nobody was told")
        self.elsewhere.sudo().bookkeeper_id = self.users["bookkeeper"]
        self._run("bizuno_crm.ir_cron_tax_exempt")
        self.assertEqual(str(customer.sudo().tax_exempt_warned), "2026-03-10")
        self.assertEqual(customer.sudo().activity_ids.user_id, self.users["bookkeeper"])


@tagged("post_install", "-at_install")
class TestCompaniesPromo(CompaniesCommon, PromoCommon):
    """Each company has its own promotions, and writes to its own contacts and the shared ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender.email = "manager@example.com"
        cls.overseas = cls._create_contact("Overseas", company_id=cls.there.id)
        cls._create_contact("Home", company_id=cls.here.id)
        cls.shared = cls._create_contact("Shared")

    def _promo_there(self, **values):
        promos = self._in(self.env["bizuno.promo"], self.there, self.here, user=self.sender)
        return promos.create({
            "name": "There", "subject": "There", "email_from": "sales@example.com",
            "body_html": "<p>Hello</p>", "distribution": "filter",
            "partner_domain": repr([("category_id", "in", self.tag.ids)]),
            "date_start": self.today - timedelta(days=1), "company_id": self.there.id,
            **values,
        })  # fmt: skip

    def test_a_company_writes_to_its_own_and_the_shared_contacts(self):
        root = self.env.ref("base.user_root").sudo()
        elsewhere = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        root.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        promo = self._promo_there()
        promo.action_send()
        history = promo.history_ids
        self.assertEqual(history.company_id, self.there)
        self.assertEqual(self._run_queues(), ["overseas@example.com", "shared@example.com"])
        self.assertIn("You received this message from Overseas.", self._mails[0]["body"])
        self.assertEqual(history.sent, 2)
        # The same address may get another promotion of another company, and each only once.
        here = self._create_promo()
        here.action_send()
        self.assertEqual(self._run_queues(), ["home@example.com", "shared@example.com"])

    def test_who_is_not_in_the_company_neither_sends_nor_sees(self):
        promo = self._promo_there()
        promo.action_send()
        for user in (self.locals["rep"], self.locals["bizuno_manager"]):
            local = promo.with_user(user).with_context(allowed_company_ids=self.here.ids)
            for call in (local.action_send, local.action_view_candidates, local.action_send_test):
                with self.assertRaises(AccessError):
                    call()
            stop = promo.history_ids.with_user(user).with_context(allowed_company_ids=self.here.ids)
            with self.assertRaises(AccessError):
                stop.action_cancel()
            candidates = (
                self.env["bizuno.promo.candidate"]
                .with_user(user)
                .with_context(bizuno_promo_id=promo.id, allowed_company_ids=self.here.ids)
            )
            with self.assertRaises(AccessError):
                candidates.search([])
            tab = self.shared.with_user(user).with_context(allowed_company_ids=self.here.ids)
            self.env.invalidate_all()
            self.assertFalse(tab.promo_recipient_ids)

    def test_a_selection_asks_for_the_values_of_the_promotions_company(self):
        self.shared.with_company(self.here).credit_limit = 10
        self.shared.with_company(self.there).credit_limit = 77777
        domain = repr([("credit_limit", "=", 77777), ("category_id", "in", self.tag.ids)])
        self.sender.group_ids += self.env.ref("account.group_account_invoice")
        self.env.flush_all()
        # whichever company is on top in the user's menu
        promo = self._in(
            self._promo_there(partner_domain=domain), self.here, self.there, user=self.sender
        )
        promo.action_send()
        self.assertEqual(promo.history_ids.recipient_ids.partner_id, self.shared)

    def test_unsubscribing_is_logged_for_a_company_that_knows_the_contact(self):
        promo = self._promo_there()
        promo.action_send()
        self.env["mail.blacklist"].sudo().create({"email": "overseas@example.com"})
        self.assertEqual(self.overseas.sudo().contact_log_ids.company_id, self.there)
        self.assertEqual(self._run_queues(), ["shared@example.com"])

    def test_a_responsible_of_another_time_zone(self):
        promo = self._promo_there()
        promo.user_id.tz = "Pacific/Kiritimati"
        start, end = promo._get_window()
        self.assertEqual(end - start, timedelta(days=(promo.date_end - promo.date_start).days + 1))
        self.assertEqual(start.hour, 10)
        self.assertLess(start, fields.Datetime.now())
