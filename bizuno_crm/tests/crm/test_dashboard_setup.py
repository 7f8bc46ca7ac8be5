from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from ..common import BizunoCommon

ALL = [
    "defaults", "conflicts", "contact_ids", "limits", "policies", "approvers", "readers",
    "mail_server",
]  # fmt: skip


class SetupCommon(BizunoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_system,account.group_account_manager,base.group_partner_manager"
        cls.admin = cls._create_users("setup", {"admin": groups})["admin"]
        cls.env["bizuno.setup.step"].sudo().search([]).unlink()

    def _dashboard(self, user=None, company=None):
        self.env.invalidate_all()
        dashboard = self.env["bizuno.dashboard"].with_user(user or self.admin)
        return dashboard.with_context(allowed_company_ids=(company or self.env.company).ids)

    def _steps(self, user=None, company=None):
        """:return: {code: step} of what nobody has settled"""
        steps = self._dashboard(user, company)._get_setup_steps()
        return {step["code"]: step for step in steps}


@tagged("post_install", "-at_install")
class TestDashboardSetup(SetupCommon):
    """What is left after the installation, for those who can do it, until it is done or skipped."""

    def test_who_sees_which_steps(self):
        self.assertEqual(list(self._steps()), ALL)
        manager = self._steps(self.users["bizuno_manager"])
        self.assertEqual(list(manager), ["conflicts", "contact_ids"])
        for name in ("rep", "sales_manager", "bookkeeper", "accountant", "employee"):
            self.assertNotIn("setup", self._dashboard(self.users[name]).get_data(), name)
            self.assertEqual(self._dashboard(self.users[name]).get_setup_steps(), [])
        self.assertTrue(self._dashboard().get_data()["setup"])
        self.assertEqual([one["code"] for one in self._dashboard().get_setup_steps()], ALL)

    def test_when_the_data_show_that_all_is_done_the_card_is_gone_for_good(self):
        manager = self._dashboard(self.users["bizuno_manager"])
        self.assertTrue(all(step["is_done"] for step in manager._get_setup_steps()))
        self.assertEqual(manager.get_setup_steps(), [])
        self.assertNotIn("setup", manager.get_data())

    def test_a_step_is_done_or_skipped_and_then_gone(self):
        self._dashboard().settle_setup_steps(["policies"], "done")
        self._dashboard().settle_setup_steps(["mail_server"], "skipped")
        self.assertFalse({"policies", "mail_server"} & self._steps().keys())
        self._dashboard().settle_setup_steps(["policies"], "done")  # twice, by a second window
        self._dashboard().settle_setup_steps(list(self._steps()), "skipped")
        self.assertNotIn("setup", self._dashboard().get_data())
        found = self.env["bizuno.setup.step"].search([("create_uid", "=", self.admin.id)])
        self.assertEqual(set(found.mapped("code")), set(ALL))
        settings = self.env["res.config.settings"].with_user(self.admin).create({})
        settings.action_show_setup_steps()
        self.assertEqual(list(self._steps()), ALL)

    def test_each_company_for_itself_where_the_step_is_the_companys(self):
        other = self.setup_other_company()["company"]
        self.admin.company_ids |= other
        self._dashboard().settle_setup_steps(ALL, "done")
        self.assertEqual(
            {code for code, step in self._steps(company=other).items() if not step["is_done"]},
            {"defaults", "policies", "readers"}
            | ({"limits"} if not self._steps(company=other)["limits"]["is_done"] else set()),
        )
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": other.id})
        self.admin.company_ids |= branch
        self.assertEqual(self._steps(company=branch), {})

    def test_what_the_data_show_is_done(self):
        company = self.env.company
        for code, change in (
            ("defaults", lambda: company.write({"contact_default_terms": "3:0:0:14:500"})),
            ("policies", lambda: company.write({"hold_policy": "block"})),
            ("readers", lambda: company.write({"aging_reps_see_own": True})),
            ("mail_server", lambda: self.env["ir.mail_server"].sudo().create(
                {"name": "Out", "smtp_host": "mail.example.com"}
            )),
        ):  # fmt: skip
            self.assertFalse(self._steps()[code]["is_done"], code)
            change()
            self.assertTrue(self._steps()[code]["is_done"], code)

    def test_approvers_beside_administrators(self):
        group = self.env.ref("bizuno_crm.group_credit_approver")
        (group.all_user_ids - self.env.ref("base.group_system").all_user_ids).write(
            {"active": False}
        )
        step = self._steps()["approvers"]
        self.assertFalse(step["is_done"])
        self.assertIn("Credit Approval: Approver", step["text"])
        self.users["bookkeeper"].group_ids += group
        self.assertTrue(self._steps()["approvers"]["is_done"])

    def test_customers_from_before(self):
        before = self.env["res.partner"].create({"name": "From Before", "role_customer": True})
        # as the installation finds them
        before.write({"credit_limit": 0, "property_payment_term_id": False})
        before.sudo().bizuno_terms_written = False
        before._drop_contact_id()
        steps = self._steps()
        for code, list_view in (
            ("contact_ids", "res_partner_view_list"),
            ("limits", "res_partner_view_list_without_limit"),
        ):
            action = steps[code]["action"]
            self.assertEqual(action["views"][0][0], self.env.ref(f"bizuno_crm.{list_view}").id)
            self.assertEqual(action["mobile_view_mode"], "kanban")
            found = self.env["res.partner"].with_user(self.admin).search(action["domain"])
            self.assertIn(before, found, code)
            self.assertFalse(steps[code]["is_done"])
        found.action_give_default_limit()
        self.assertEqual(before.credit_limit, 1000)
        self.assertFalse(before.property_payment_term_id)
        found = self.env["res.partner"].search(steps["contact_ids"]["action"]["domain"])
        self.env["res.partner"].with_user(self.admin).assign_missing_contact_ids()
        self.assertTrue(before.ref)
        steps = self._steps()
        self.assertTrue(steps["contact_ids"]["is_done"] and steps["limits"]["is_done"])

    def test_a_limit_of_zero_that_somebody_chose_is_left_alone(self):
        chosen = self._create_customer("No Limit")
        chosen.credit_limit = 0
        chosen.with_user(self.admin).action_give_default_limit()
        self.assertEqual(chosen.credit_limit, 0)
        with self.assertRaises(AccessError):
            chosen.with_user(self.users["accountant"]).action_give_default_limit()

    def test_remote_calls(self):
        for name in ("rep", "bookkeeper", "employee"):
            with self.assertRaises(AccessError):
                self._dashboard(self.users[name]).settle_setup_steps(["policies"], "done")
        with self.assertRaises(AccessError):
            self._dashboard(self.users["bizuno_manager"]).settle_setup_steps(["policies"], "done")
        for codes, state in (
            (["nonsense"], "done"), (["policies"], "open"), ("policies", "done"), ([[]], "done"),
            (None, "done"), ([1], "skipped"), (["policies"], None), ([None], "done"),
        ):  # fmt: skip
            with self.assertRaises(UserError, msg=(codes, state)):
                self._dashboard().settle_setup_steps(codes, state)
        self.assertFalse(self.env["bizuno.setup.step"].search([]))
        with self.assertRaises(AccessError):
            self.env["bizuno.setup.step"].with_user(self.admin).create(
                {"code": "policies", "state": "done"}
            )

    def test_the_dashboard_costs_no_query_more(self):
        def queries(user):
            self._dashboard(user).get_data()  # what is cached for all
            fewest = []
            for _try in range(3):
                dashboard = self._dashboard(user)
                before = self.env.cr.sql_log_count
                dashboard.get_data()
                fewest.append(self.env.cr.sql_log_count - before)
            return min(fewest)

        with_card = queries(self.admin)
        self.assertLess(with_card, 20)
        rep = queries(self.users["rep"])
        setup = "odoo.addons.bizuno_crm.models.crm.bizuno_dashboard_setup_mixin"
        codes = f"{setup}.BizunoDashboardSetupMixin._get_own_setup_codes"
        with patch(codes, lambda dashboard: []):
            self.assertEqual(queries(self.users["rep"]), rep)
            self.assertEqual(queries(self.admin), with_card)


@tagged("post_install", "-at_install")
class TestUninstallDialog(SetupCommon):
    """Who uninstalls reads before what is lost."""

    def test_losses_of_ours_alone(self):
        modules = self.env["ir.module.module"].with_user(self.admin)
        ours, base, other = (
            modules.search([("name", "=", name)]) for name in ("bizuno_crm", "sale", "base_import")
        )
        for module, is_told in ((ours, True), (base, True), (other, False)):
            wizard = self.env["base.module.uninstall"].with_user(self.admin)
            form = Form(wizard.with_context(default_module_ids=module.ids))
            self.assertEqual("contact log" in (form.bizuno_losses or ""), is_told, module.name)


@tagged("post_install", "-at_install")
class TestDashboardSetupTours(SetupCommon, HttpCase):
    def test_first_steps_on_the_dashboard(self):
        # Odoo's settings complain about the taxes of its own test company otherwise
        self.env.company.tax_exigibility = True
        self.start_tour("/odoo/bizuno-crm", "bizuno_first_steps", login="setup_admin")
        states = {
            step.code: step.state
            for step in self.env["bizuno.setup.step"].search([])
            if step.code in ("policies", "mail_server", "readers")
        }
        self.assertEqual(
            states, {"policies": "done", "mail_server": "skipped", "readers": "skipped"}
        )
