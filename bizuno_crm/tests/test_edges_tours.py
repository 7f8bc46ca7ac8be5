from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .common import BizunoCommon


@tagged("post_install", "-at_install")
class TestEdgesTours(BizunoCommon, HttpCase):
    """What could only be done in developer mode, by remote call or not at all, done by a click."""

    def test_an_administrator_gives_the_rights_on_the_user_form(self):
        admin = new_test_user(
            self.env, "edges_admin", "base.group_system,base.group_partner_manager"
        )
        rep = self.users["rep"]
        self.assertFalse(rep.has_group("bizuno_crm.group_credit_approver"))
        self.start_tour(
            f"/odoo/users/{rep.id}", "bizuno_rights_on_the_user_form", login=admin.login
        )
        for group in ("group_credit_approver", "group_own_contacts_only"):
            self.assertIn(self.env.ref(f"bizuno_crm.{group}"), rep.group_ids)

    def test_a_day_is_picked_on_the_dashboard(self):
        picked, opened = (
            self.env["bizuno.reminder"]
            .with_user(self.users["rep"])
            .create(
                [
                    {"name": name, "partner_id": self.customer.id}
                    for name in ("Tour pick", "Tour open")
                ]
            )
        )
        self.start_tour(
            "/odoo/bizuno-crm", "bizuno_dashboard_pick_a_day", login=self.users["rep"].login
        )
        today = fields.Date.today()
        self.assertGreater(picked.date_due, today)
        self.assertEqual(opened.date_due, today)

    def test_conflicts_are_resolved_one_after_the_other(self):
        admin, partners = _create_conflicts(self)
        self.start_tour(
            "/odoo/bizuno-contact-id-conflicts", "bizuno_contact_id_conflicts", login=admin.login
        )
        self.assertEqual(partners.exists(), partners - partners[1])
        self.assertEqual((partners[0] + partners[2]).mapped("ref"), ["TOUR-1", "TOUR-2"])
        self.assertRegex(partners[3].ref, r"^C\d{5}$")


@tagged("post_install", "-at_install")
class TestEdgesPhoneTours(BizunoCommon, HttpCase):
    """An administrator's lists are cards on a phone, and do what the rows do."""

    browser_size = "400x900"
    touch_enabled = True

    def test_conflicts_are_resolved_on_a_phone(self):
        admin, partners = _create_conflicts(self)
        self.start_tour(
            "/odoo/bizuno-contact-id-conflicts", "bizuno_conflicts_phone", login=admin.login
        )
        self.assertEqual(partners.exists(), partners - partners[1])
        self.assertRegex(partners[3].ref, r"^C\d{5}$")

    def test_a_stage_is_changed_on_a_phone(self):
        admin, _partners = _create_conflicts(self)
        stage = self.env["bizuno.project.stage"].search([("is_closed", "=", False)], limit=1)
        action = self.env.ref("bizuno_crm.bizuno_project_stage_action")
        self.start_tour(f"/odoo/action-{action.id}", "bizuno_stage_phone", login=admin.login)
        self.assertEqual(stage.rotting_threshold_days, 47)


def _create_conflicts(case):
    """:return: (an administrator, four contacts that share two Contact IDs)"""
    admin = new_test_user(case.env, "edges_admin", "base.group_system,base.group_partner_manager")
    names = ("Tour One a", "Tour One b", "Tour Two a", "Tour Two b")
    partners = case.env["res.partner"].create(
        [{"name": name, "role_customer": True} for name in names]
    )
    case.env.flush_all()
    for partner, ref in zip(partners, ("TOUR-1", "tour-1 ", "TOUR-2", "\u200bTOUR-2"), strict=True):
        case.env.cr.execute(
            "UPDATE res_partner SET ref = %s, contact_id_conflict = %s WHERE id = %s",
            [ref, ref[:1] != "T", partner.id],
        )
    partners.invalidate_recordset()
    return admin, partners
